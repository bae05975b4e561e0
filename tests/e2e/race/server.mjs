// A real OAuth server whose access tokens live for a moment, and whose refresh tokens are good for one use: one that comes
// twice ends its family (RFC 9700 §4.14.2). Beside it the pages of one site, which it leads from round to round.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import Provider from "oidc-provider";

/** Seconds that an access token lives. */
export const LIFETIME = 2;

async function listen(handler) {
	const server = createServer(handler).listen(0, "127.0.0.1");
	await once(server, "listening");
	return { server, origin: `http://localhost:${server.address().port}` };
}

/** The OAuth server, for a client at `site`. `renewals` counts what refresh tokens were given for, `early` those of
 * them that came while the last access token had half of its life before it, `killed` the families. */
export async function startOAuthServer(site, keys) {
	let provider;
	const { server, origin } = await listen((request, response) => {
		if (request.url.startsWith("/interaction/")) return interact(request, response);
		return provider.callback()(request, response);
	});
	const counts = { renewals: 0, early: 0, killed: 0 };
	let granted = Number.NEGATIVE_INFINITY;
	provider = new Provider(`${origin}/`, {
		clients: [
			{
				client_id: "shop",
				token_endpoint_auth_method: "none",
				redirect_uris: [`${site}/callback`],
				grant_types: ["authorization_code", "refresh_token"],
				response_types: ["code"],
				id_token_signed_response_alg: "RS256",
			},
		],
		jwks: { keys },
		routes: { authorization: "/authorize", token: "/oauth/token" },
		scopes: ["openid", "offline_access", "profile", "email"],
		conformIdTokenClaims: false,
		pkce: { required: () => true },
		rotateRefreshToken: true,
		issueRefreshToken: () => true,
		clientBasedCORS: () => true,
		interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
		features: { devInteractions: { enabled: false }, revocation: { enabled: true } },
		ttl: { AccessToken: LIFETIME, IdToken: 3_600, RefreshToken: 86_400, Session: 86_400, Grant: 86_400 },
		findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
		cookies: { keys: ["race"] },
	});
	provider.on("grant.success", ({ oidc }) => {
		const now = performance.now();
		if (oidc.params.grant_type === "refresh_token") {
			counts.renewals += 1;
			if (now - granted < LIFETIME * 500) counts.early += 1;
		}
		granted = now;
	});
	provider.on("grant.revoked", () => {
		counts.killed += 1;
	});

	/** The user is known, and agrees. */
	async function interact(request, response) {
		const { params, session } = await provider.interactionDetails(request, response);
		const accountId = session?.accountId ?? "ada";
		const grant = new provider.Grant({ accountId, clientId: params.client_id });
		grant.addOIDCScope("openid offline_access profile email");
		const grantId = await grant.save();
		await provider.interactionFinished(request, response, { login: { accountId }, consent: { grantId } });
	}
	return { issuer: `${origin}/`, counts, close: () => server.close() };
}

/** The pages: files of `folder`, the page itself for any other address, and the rounds. */
export async function startSite(folder, { tabs, rounds, settings }) {
	const arrived = new Map();
	const results = [];
	let finished;
	const done = new Promise((resolve) => {
		finished = resolve;
	});
	let signedIn;
	const isSignedIn = new Promise((resolve) => {
		signedIn = resolve;
	});
	const site = await listen(async (request, response) => {
		const { pathname, searchParams } = new URL(request.url, "http://site");
		const json = (value) => response.setHeader("content-type", "application/json").end(JSON.stringify(value));
		if (pathname === "/settings") return json(settings());
		if (pathname === "/signed-in") {
			if (request.method === "POST") signedIn();
			else await isSignedIn;
			return json({});
		}
		if (pathname === "/round") return json(await begin(Number(searchParams.get("round"))));
		if (pathname === "/result") {
			let body = "";
			for await (const chunk of request) body += chunk;
			results.push(JSON.parse(body));
			if (results.length === tabs * rounds) finished();
			return json({});
		}
		const file = pathname.slice(1);
		const served = /^[\w.-]+\.js$/.test(file) ? await readFile(join(folder, file)).catch(() => undefined) : undefined;
		if (extname(file) === ".js" && !served) return response.writeHead(404).end();
		response.setHeader("content-type", served ? "text/javascript" : "text/html");
		response.end(served ?? '<!doctype html><title>race</title><script type="module" src="/page.js"></script>');
	});

	/** All tabs go at once, when the access tokens are about to expire. */
	function begin(round) {
		let gate = arrived.get(round);
		if (!gate) {
			gate = { count: 0 };
			gate.open = new Promise((resolve) => {
				gate.go = resolve;
			});
			arrived.set(round, gate);
		}
		gate.count += 1;
		if (gate.count === tabs) setTimeout(gate.go, LIFETIME * 1000, { more: round < rounds });
		return gate.open;
	}
	return { origin: site.origin, results, done, close: () => site.server.closeAllConnections() || site.server.close() };
}
