// A real authorization server as MCP clients need one: oidc-provider with dynamic registration and resource indicators.

import { once } from "node:events";
import { createServer } from "node:http";
import Provider, { errors } from "oidc-provider";
import { rsaJwk } from "../../keys.mjs";

/** Who may ask about opaque tokens. */
export const introspection = { clientId: "mcp-server", clientSecret: "a secret of the server, 0123456789" };

const machine = { grant_types: [], redirect_uris: [], response_types: [], scope: "" };

/**
 * Starts it; `resources` lists the identifiers of the servers that it knows, and may grow. `accessTokenFormat`: "jwt" or
 * "opaque". `revoke(token)` takes one back.
 */
export async function startAuthorizationServer(resources, accessTokenFormat) {
	let provider;
	const server = createServer((request, response) => {
		if (request.url.startsWith("/interaction/")) return agree(request, response);
		return provider.callback()(request, response);
	}).listen(0, "localhost");
	await once(server, "listening");
	const issuer = `http://localhost:${server.address().port}`;
	provider = new Provider(issuer, {
		jwks: { keys: [{ ...rsaJwk(), kid: "k1", alg: "RS256", use: "sig" }] },
		clients: [{ ...machine, client_id: introspection.clientId, client_secret: introspection.clientSecret }],
		pkce: { required: () => true },
		scopes: ["openid", "orders:read", "orders:write"],
		// A client registers with the scope of its first challenge, and asks for more later.
		extraClientMetadata: {
			properties: ["may_ask_for_more"],
			validator: (_ctx, _name, _value, metadata) => {
				delete metadata.scope;
			},
		},
		cookies: { keys: ["mcp"] },
		interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
		findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
		ttl: { AccessToken: 300, Session: 3600, Grant: 3600 },
		features: {
			devInteractions: { enabled: false },
			registration: { enabled: true },
			introspection: { enabled: true },
			resourceIndicators: {
				enabled: true,
				defaultResource: () => undefined,
				useGrantedResource: () => true,
				getResourceServerInfo: (_ctx, resource) => {
					if (!resources.has(resource)) throw new errors.InvalidTarget();
					return { scope: "orders:read orders:write", audience: resource, accessTokenFormat };
				},
			},
		},
	});

	/** The user is known, and agrees to what is asked for. */
	async function agree(request, response) {
		const { params } = await provider.interactionDetails(request, response);
		const grant = new provider.Grant({ accountId: "ada", clientId: params.client_id });
		grant.addOIDCScope(params.scope);
		grant.addResourceScope(params.resource, params.scope);
		const grantId = await grant.save();
		await provider.interactionFinished(request, response, { login: { accountId: "ada" }, consent: { grantId } });
	}
	const revoke = async (token) => (await provider.AccessToken.find(token)).destroy();
	return { issuer, revoke, close: () => server.close() };
}
