// django-oauth-toolkit (PyPI), with Django's own login page.

import { startPython } from "./python.mjs";

// One that a form does not encode: servers differ about RFC 6749 §2.3.1.
const secret = "purchases-api-secret";

async function start({ redirectUri, home, shop, api }) {
	const { origin, subject, close } = await startPython("django_oauth_toolkit", { redirectUri, home, shop, secret });
	const issuer = `${origin}/o`;
	return {
		issuer,
		clientId: "storefront",
		scope: "openid purchases:read",
		claims: { sub: subject },
		guard: {
			issuer,
			audience: api,
			scope: "purchases:read",
			tokens: "opaque",
			introspection: { clientId: "purchases-api", clientSecret: secret, endpoint: `${issuer}/introspect/` },
		},
		// Its introspection knows a name, and no subject.
		apiSays: "ada",
		asks: (page) => page.locator("[name=username]"),
		async signIn(page) {
			await page.locator("[name=username]").fill("ada");
			await page.locator("[name=password]").fill("secret");
			await page.locator("[type=submit]").click();
		},
		consent: (page) => page.locator("[name=allow]"),
		async signOut(page) {
			await page.locator("[name=allow]").click();
			await page.waitForURL(home);
		},
		close,
	};
}

export const servers = [
	{
		name: "django-oauth-toolkit",
		// It says that it knows prompt=none (prompt_values_supported), and fails at it (oauthlib's validate_silent_login is for
		// others to implement). README's page, which keeps nothing, is asked again; one with a storage never asks.
		comes: { API: "opaque", reload: { memory: "500, then nobody", shared: "refresh token" } },
		start,
	},
];
