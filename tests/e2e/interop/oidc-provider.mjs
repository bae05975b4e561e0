// oidc-provider (npm), with its own pages, as its documents have it for a single-page app, and in some of its moods.

import Provider, { errors } from "oidc-provider";
import { rsaJwk } from "../../keys.mjs";
import { listen } from "./listen.mjs";

const SECRET = "the API's own, at introspection";
const jwks = { keys: [{ ...rsaJwk(), kid: "k1", alg: "RS256", use: "sig" }] };

/** Starts it with `more` of its configuration; `client` is more of the page's registration. */
async function start({ redirectUri, home, api }, { more, features, client, format = "jwt", slash = "" } = {}) {
	let provider;
	const { origin, close } = await listen((request, response) => provider.callback()(request, response));
	const issuer = origin + slash;
	provider = new Provider(issuer, {
		clients: [
			{
				client_id: "storefront",
				token_endpoint_auth_method: "none",
				redirect_uris: [redirectUri],
				post_logout_redirect_uris: [home],
				grant_types: ["authorization_code", "refresh_token"],
				...client,
			},
			{ client_id: "purchases-api", client_secret: SECRET, redirect_uris: [], response_types: [], grant_types: [] },
		],
		jwks,
		scopes: ["openid", "profile", "offline_access", "purchases:read"],
		claims: { openid: ["sub"], profile: ["name"] },
		cookies: { keys: ["interop"] },
		findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, name: "Ada" }) }),
		issueRefreshToken: (_ctx, { grantTypes }) => grantTypes.includes("refresh_token"),
		clientBasedCORS: () => true,
		ttl: { AccessToken: 300, IdToken: 300, Grant: 3600, Session: 3600, Interaction: 600, RefreshToken: 3600 },
		...more,
		features: {
			revocation: { enabled: true },
			introspection: { enabled: true },
			resourceIndicators: {
				enabled: true,
				useGrantedResource: () => true,
				getResourceServerInfo: (_ctx, resource) => {
					if (resource !== api) throw new errors.InvalidTarget();
					return { scope: "purchases:read", audience: api, accessTokenFormat: format };
				},
			},
			...features,
		},
	});
	return {
		issuer,
		clientId: "storefront",
		scope: "openid profile purchases:read",
		claims: { sub: "ada" },
		guard: { issuer, audience: api, scope: "purchases:read" },
		asks: (page) => page.getByPlaceholder("Enter any login"),
		async signIn(page) {
			await page.getByPlaceholder("Enter any login").fill("ada");
			await page.getByPlaceholder("and password").fill("secret");
			await page.getByRole("button", { name: "Sign-in" }).click();
		},
		consent: (page) => page.getByRole("button", { name: "Continue" }),
		async signOut(page) {
			await page.getByRole("button", { name: "Yes, sign me out" }).click();
			await page.waitForURL(home);
		},
		close,
	};
}

/** How the API asks about tokens that say nothing. */
const introspection = { clientId: "purchases-api", clientSecret: SECRET };

const pushed = { pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true } };

/** A row whose server differs in these; `change` what it says of itself. */
const row = (name, { differs, change = {}, ...more }) => ({
	name: `oidc-provider, ${name}`,
	storages: ["memory"],
	...more,
	async start(at) {
		const server = await start(at, differs);
		return { ...server, ...change, guard: { ...server.guard, ...change.guard } };
	},
});

export const servers = [
	{ name: "oidc-provider", start },
	row("PAR required, refresh tokens that stay", { differs: { features: pushed, more: { rotateRefreshToken: false } } }),
	row("no refresh tokens, an issuer with a slash", {
		differs: { client: { grant_types: ["authorization_code"] }, slash: "/" },
		comes: { renew: "not without the user", reload: "prompt=none" },
	}),
	row("opaque access tokens", {
		differs: { format: "opaque" },
		change: { guard: { tokens: "opaque", introspection } },
		comes: { API: "opaque" },
	}),
	row("opaque access tokens without audience, claims at userinfo", {
		differs: { features: { resourceIndicators: { enabled: false } } },
		login: { userinfo: true },
		change: {
			claims: { sub: "ada", name: "Ada" },
			guard: { profile: "jwt", audience: null, claims: { client_id: "storefront" }, tokens: "opaque", introspection },
		},
		comes: { API: "opaque" },
	}),
	row("plain OAuth", {
		differs: { features: { rpInitiatedLogout: { enabled: false } } },
		change: { scope: "purchases:read", claims: {}, apiSays: "ada", endsSession: false, signOut: untilNobody },
		comes: { "log out": "back at the shop", afterwards: "still known at the server" },
	}),
	row("DPoP required", {
		differs: { client: { dpop_bound_access_tokens: true }, features: { dPoP: { enabled: true } } },
		login: { dpop: true },
		change: { guard: { dpop: "required" } },
	}),
];

/** Without an address to sign out at the page stays. */
function untilNobody(page) {
	return page.waitForFunction(() => document.title === "nobody");
}
