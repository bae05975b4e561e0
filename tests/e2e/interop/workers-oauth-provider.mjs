// @cloudflare/workers-oauth-provider (npm) in workerd: OAuth without OpenID Connect, and opaque tokens with colons in them.

import { fileURLToPath } from "node:url";
import { modernNode } from "../../../pkg-template/scripts/setup.mjs";
import { startProcess } from "./process.mjs";

async function start({ redirectUri, api }) {
	const script = fileURLToPath(new URL("workers/serve.mjs", import.meta.url));
	const { line: issuer, close } = await startProcess("workers-oauth-provider", modernNode(), [script]);
	const body = JSON.stringify({ resource: api, redirectUri });
	const { clientId } = await (await fetch(`${issuer}/set-up`, { method: "POST", body })).json();
	return {
		issuer,
		clientId,
		scope: "purchases:read",
		guard: {
			issuer,
			audience: api,
			scope: "purchases:read",
			tokens: "opaque",
			introspection: { clientId: "purchases-api", clientSecret: "none", endpoint: `${issuer}/introspect` },
		},
		apiSays: "ada",
		endsSession: false,
		asks: (page) => page.locator("[name=user]"),
		async signIn(page) {
			await page.locator("[name=user]").fill("ada");
			await page.getByRole("button").click();
		},
		consent: (page) => page.locator("[name=allow]"),
		signOut: (page) => page.waitForFunction(() => document.title === "nobody"),
		close,
	};
}

const comes = { API: "opaque", "log out": "back at the shop", afterwards: "still known at the server" };

export const servers = [
	// It does not know prompt=none, which OAuth has not: it would show its page.
	{
		name: "workers-oauth-provider",
		storages: ["memory"],
		login: { silent: "never" },
		start,
		comes: { ...comes, reload: "nobody" },
	},
	{ name: "workers-oauth-provider, kept", storages: ["shared"], start, comes },
];
