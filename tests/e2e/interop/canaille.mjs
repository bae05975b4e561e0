// canaille (PyPI), with its own pages.

import { startPython } from "./python.mjs";

// One that a form does not encode: servers differ about RFC 6749 §2.3.1.
const secret = "purchases-api-secret";

async function start({ redirectUri, home, shop }) {
	const { origin: issuer, close } = await startPython("canaille_server", { redirectUri, home, shop, secret });
	return {
		issuer,
		clientId: "storefront",
		scope: "openid profile purchases:read",
		claims: { sub: "ada" },
		guard: {
			issuer,
			audience: "purchases-api",
			scope: "purchases:read",
			// Its access tokens are JWTs that differ from its ID tokens in nothing: only the server can tell.
			tokens: "opaque",
			introspection: { clientId: "purchases-api", clientSecret: secret },
		},
		asks: (page) => page.locator("[name=login]"),
		async signIn(page) {
			await page.locator("[name=login]").fill("ada");
			await page.getByRole("button", { name: "Continue" }).click();
			await page.locator("[name=password]").fill("correct horse");
			await page.locator("form button[type=submit]").last().click();
		},
		consent: (page) => page.locator("#accept"),
		close,
	};
}

export const servers = [
	{
		name: "canaille",
		// Its ID tokens name all who may ask about its access tokens: OpenID Connect Core §3.1.3.7 (3).
		login: { trustedAudiences: ["purchases-api"] },
		start,
	},
];
