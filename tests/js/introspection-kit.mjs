// A real OAuth server whose access tokens are opaque: oidc-provider, with its introspection plain and signed.

import { once } from "node:events";
import { createServer } from "node:http";
import Provider from "oidc-provider";
import { keyPair } from "../keys.mjs";

export const API = "https://api.shop.example.com";
/** A secret with characters that a form encodes, and a colon, which HTTP's Basic divides by. */
export const SECRET = "s3cret:with % and + & =0123456789abcdef";

const jwkPair = (kid) => {
	const { privateKey, publicKey } = keyPair("ec", { namedCurve: "P-256" });
	return [privateKey.export({ format: "jwk" }), publicKey.export({ format: "jwk" })].map((jwk) => ({ ...jwk, kid }));
};

/** The private key of the client `by-key`. */
export const [clientKey, clientPublicKey] = jwkPair("client-key");

const machine = {
	grant_types: [],
	redirect_uris: [],
	response_types: [],
	id_token_signed_response_alg: "ES256",
	introspection_signed_response_alg: "ES256",
};

/** Starts the server. `token(more)` gives an access token, `count(path)` says how often a path was asked for. */
export async function startIntrospectingServer() {
	const asked = [];
	let provider;
	const server = createServer((request, response) => {
		asked.push(`${request.method} ${request.url}`);
		return provider.callback()(request, response);
	}).listen(0, "127.0.0.1");
	await once(server, "listening");
	const issuer = `http://localhost:${server.address().port}`;
	provider = new Provider(issuer, {
		clients: [
			{ ...machine, client_id: "shop", client_secret: "shop-secret", grant_types: ["client_credentials"] },
			{ ...machine, client_id: "orders:api", client_secret: SECRET },
			{
				...machine,
				client_id: "by-form",
				client_secret: SECRET,
				token_endpoint_auth_method: "client_secret_post",
			},
			{
				...machine,
				client_id: "by-key",
				token_endpoint_auth_method: "private_key_jwt",
				jwks: { keys: [clientPublicKey] },
			},
			{ ...machine, client_id: "signed", client_secret: SECRET },
		],
		jwks: { keys: [jwkPair("server-key")[0]] },
		scopes: ["orders:read"],
		cookies: { keys: ["introspection"] },
		clientAuthMethods: ["client_secret_basic", "client_secret_post", "private_key_jwt"],
		enabledJWA: { introspectionSigningAlgValues: ["ES256"] },
		features: {
			devInteractions: { enabled: false },
			clientCredentials: { enabled: true },
			dPoP: { enabled: true },
			introspection: { enabled: true },
			jwtIntrospection: { enabled: true },
			revocation: { enabled: true },
			resourceIndicators: {
				enabled: true,
				getResourceServerInfo: (_ctx, audience) => ({ audience, scope: "orders:read", accessTokenFormat: "opaque" }),
			},
		},
		ttl: { ClientCredentials: 300 },
	});
	const basic = `Basic ${Buffer.from("shop:shop-secret").toString("base64")}`;
	const post = async (path, parameters, headers = {}) => {
		const response = await fetch(`${issuer}${path}`, {
			method: "POST",
			headers: { authorization: basic, ...headers },
			body: new URLSearchParams(parameters),
		});
		const text = await response.text();
		if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
		return text === "" ? undefined : JSON.parse(text);
	};
	return {
		issuer,
		async token({ headers, ...more } = {}) {
			const parameters = { grant_type: "client_credentials", resource: API, scope: "orders:read", ...more };
			return (await post("/token", parameters, headers)).access_token;
		},
		revoke: (token) => post("/token/revocation", { token }),
		count: (part) => asked.filter((line) => line.includes(part)).length,
		close: () => server.close(),
	};
}
