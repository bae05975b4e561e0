// A browser's IndexedDB as far as a login uses it, and a real authorization server that requires DPoP with nonces.

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { exportJWK, generateKeyPair } from "jose";
import Provider from "oidc-provider";

/** One database with one store, whose values are cloned as a browser clones them. */
export function fakeIndexedDb() {
	const entries = new Map();
	const request = (result) => ({ result, onsuccess: undefined });
	const database = {
		close() {},
		createObjectStore() {},
		transaction() {
			const asked = [];
			const ask = (work) => {
				const one = request(undefined);
				asked.push([one, work]);
				return one;
			};
			const transaction = {
				objectStore: () => ({
					get: (name) => ask(() => entries.get(name)),
					put: (value, name) => ask(() => void entries.set(name, structuredClone(value))),
					delete: (name) => ask(() => void entries.delete(name)),
				}),
			};
			setImmediate(() => {
				for (const [one, work] of asked) {
					one.result = work();
					one.onsuccess?.();
				}
				transaction.oncomplete?.();
			});
			return transaction;
		},
	};
	return {
		entries,
		open() {
			const opened = request(database);
			setImmediate(() => opened.onsuccess());
			return opened;
		},
	};
}

/** Serves until the test ends. */
export async function listen(t, handler) {
	const server = createServer(handler).listen(0, "127.0.0.1");
	await once(server, "listening");
	t.after(() => {
		server.closeAllConnections();
		server.close();
	});
	return `http://localhost:${server.address().port}`;
}

/** oidc-provider for a client at `redirectUri`; `api` is the resource that its tokens are for. */
export async function startProvider(t, { redirectUri, api, client = {}, features = {} }) {
	let provider;
	/** Each request: its path, its headers and what came of it. */
	const seen = [];
	/** Whether proofs need a nonce. */
	const bent = { requireNonce: true };
	const origin = await listen(t, (request, response) => {
		const record = { path: new URL(request.url, "http://x").pathname, dpop: request.headers.dpop };
		seen.push(record);
		response.on("finish", () => {
			record.status = response.statusCode;
		});
		if (request.url.startsWith("/interaction/")) return interact(request, response);
		return provider.callback()(request, response);
	});
	const { privateKey } = await generateKeyPair("ES256", { extractable: true });
	provider = new Provider(`${origin}/`, {
		clients: [
			{
				client_id: "shop",
				token_endpoint_auth_method: "none",
				redirect_uris: [redirectUri],
				grant_types: ["authorization_code", "refresh_token"],
				response_types: ["code"],
				id_token_signed_response_alg: "ES256",
				dpop_bound_access_tokens: true,
				...client,
			},
		],
		jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: "k1", alg: "ES256", use: "sig" }] },
		scopes: ["openid", "offline_access", "email"],
		claims: { openid: ["sub"], email: ["email", "email_verified"], acr: null, auth_time: null },
		acrValues: ["pwd", "mfa"],
		pkce: { required: () => true },
		rotateRefreshToken: true,
		issueRefreshToken: () => true,
		clientBasedCORS: () => true,
		interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
		features: {
			devInteractions: { enabled: false },
			revocation: { enabled: true },
			pushedAuthorizationRequests: { enabled: true },
			dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => bent.requireNonce },
			userinfo: { enabled: true },
			jwtUserinfo: { enabled: true },
			resourceIndicators: {
				enabled: true,
				defaultResource: () => undefined,
				useGrantedResource: () => true,
				getResourceServerInfo: () => ({
					scope: "read",
					audience: api,
					accessTokenFormat: "jwt",
					accessTokenTTL: 300,
					jwt: { sign: { alg: "ES256" } },
				}),
			},
			...features,
		},
		ttl: { IdToken: 3_600, RefreshToken: 86_400, Session: 86_400, Grant: 86_400 },
		findAccount: (_ctx, sub) => ({
			accountId: sub,
			claims: () => ({ sub, email: `${sub}@example.com`, email_verified: true, acr: "from-userinfo" }),
		}),
		cookies: { keys: ["dpop"] },
	});

	provider.on("server_error", (_ctx, error) => console.error(error));

	async function interact(request, response) {
		const { params } = await provider.interactionDetails(request, response);
		const grant = new provider.Grant({ accountId: "ada", clientId: "shop" });
		grant.addOIDCScope("openid offline_access email");
		if (api) grant.addResourceScope(api, "read");
		const grantId = await grant.save();
		const acr = params.acr_values?.split(" ")[0];
		const login = { accountId: "ada", ...(acr && { acr }), ts: Math.floor(Date.now() / 1000) };
		await provider.interactionFinished(request, response, { login, consent: { grantId } });
	}

	const cookies = new Map();
	/** The browser follows redirects until it is back at the page. */
	async function follow(address) {
		let url = new URL(address);
		let hops = 0;
		while (!url.href.startsWith(redirectUri)) {
			hops += 1;
			if (hops > 12) throw new Error(`no way back from ${url}`);
			const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
			const response = await fetch(url, { redirect: "manual", headers: { cookie } });
			for (const line of response.headers.getSetCookie()) {
				const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
				cookies.set(name, value);
			}
			const location = response.headers.get("location");
			if (!location) throw new Error(`${url.pathname}: ${response.status} ${(await response.text()).slice(0, 300)}`);
			url = new URL(location, url);
		}
		return url.href;
	}
	return { issuer: `${origin}/`, seen, bent, follow };
}
