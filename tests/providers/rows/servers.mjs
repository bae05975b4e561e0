// Authorization servers.

import { api, client, idToken, other } from "./columns.mjs";

const auth = { issuer: "https://auth.example.com", audience: api, clientId: client };
const tenant = "11111111-2222-3333-4444-555555555555";
const stranger = "99999999-2222-3333-4444-555555555555";
const entra = { provider: "entra", audience: "66666666-7777-8888-9999-000000000000" };
const entraClient = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
const v2 = (tid) => `https://login.microsoftonline.com/${tid}/v2.0`;
const v1 = (tid) => `https://sts.windows.net/${tid}/`;
/** The metadata of Entra and Cognito lists no challenge methods, and their answers have no iss. */
const sparse = {
	code_challenge_methods_supported: undefined,
	authorization_response_iss_parameter_supported: undefined,
};

/** A server whose tokens have `client_id`: what is wrong about them, by how an ID token and a missing scope are told. */
const byClientId = (idToken, scope) => ({
	client: [{ client_id: "other" }, "claim_refused", "client_id"],
	idToken,
	audience: other.audience,
	tenant: other.issuer("https://other.example.com"),
	scope,
});
/** Its header tells an ID token. */
const byType = (scope) => byClientId([idToken({ aud: api }), "typ_mismatch", "typ"], scope);

export const SERVERS = [
	{
		name: "RFC 9068",
		page: "rfc9068",
		kit: auth,
		good: { scope: "orders:read" },
		checks: [
			...["token type", "required claims", "issuer", "audience", "claims of other token kinds"],
			...["authorized party", "scope"],
		],
		wrong: { ...byType(other.scope("scope", "profile")), client: other.client("client_id") },
	},
	{
		name: "RFC 9068, no `sub`",
		page: "rfc9068",
		at: 1,
		kit: auth,
		good: { scope: "orders:read", sub: undefined },
		checks: ["token type", "required claims", "issuer", "audience", "claim client_id", "scope"],
		wrong: byType(other.scope("scope", "profile")),
	},
	{
		name: "Auth0",
		page: "auth0",
		kit: { provider: "auth0", issuer: "https://shop.eu.auth0.com/", audience: api, clientId: client },
		good: { scope: "openid orders:read", permissions: ["orders:read"] },
		checks: ["token type", "required claims", "issuer", "audience", "authorized party", "claim permissions", "scope"],
		wrong: {
			client: other.client("azp"),
			// It has no azp.
			idToken: [idToken(), "claim_missing", "azp"],
			audience: other.audience,
			tenant: other.issuer("https://other.eu.auth0.com/"),
			scope: other.scope("scope", "openid"),
		},
		more: { "without the permission": [{ permissions: [] }, "claim_refused", "permissions"] },
	},
	{
		name: "Keycloak",
		page: "keycloak",
		kit: { provider: "keycloak", issuer: "https://id.example.com/realms/shop", audience: "orders", clientId: client },
		good: { scope: "openid orders:read", realm_access: { roles: ["buyer"] } },
		checks: [
			...["token type", "required claims", "issuer", "audience", "authorized party"],
			...["claim typ", "claim realm_access.roles", "scope"],
		],
		wrong: {
			client: other.client("azp"),
			idToken: [idToken({ aud: "orders" }), "claim_refused", "typ"],
			audience: [{ aud: "account" }, "audience_mismatch", "aud"],
			tenant: other.issuer("https://id.example.com/realms/other"),
			scope: other.scope("scope", "openid"),
		},
		more: {
			"a refresh token": [{ typ: "Refresh" }, "claim_refused", "typ"],
			"without the role": [{ realm_access: { roles: [] } }, "claim_refused", "realm_access.roles"],
		},
	},
	{
		name: "Entra, version 2",
		page: "entra",
		kit: { ...entra, issuer: v2(tenant), clientId: entraClient, metadata: sparse },
		good: { scp: "orders.read", roles: ["buyer"] },
		checks: ["token type", "required claims", "issuer", "audience", "authorized party", "claim tid", "scope"],
		wrong: {
			client: other.client("azp"),
			// The same application is client and API.
			idToken: [idToken({ aud: entra.audience }), "claim_missing", "azp"],
			audience: other.audience,
			tenant: other.issuer(v2(stranger)),
			scope: other.scope("scp", "profile"),
		},
		more: { "of another tenant": [{ tid: stranger }, "claim_refused", "tid"] },
	},
	{
		name: "Entra, version 1",
		page: "entra",
		at: 1,
		kit: {
			...entra,
			issuer: v1(tenant),
			audience: "api://shop",
			clientId: entraClient,
			metadata: { ...sparse, jwks_uri: "https://login.microsoftonline.com/common/discovery/keys" },
		},
		good: { azp: undefined, azpacr: undefined, appid: entraClient, ver: "1.0", scp: "orders.read" },
		checks: ["token type", "required claims", "issuer", "audience", "authorized party", "claim tid", "scope"],
		wrong: {
			client: other.client("appid"),
			idToken: [idToken({ aud: "api://shop" }), "claim_missing", "azp"],
			audience: other.audience,
			tenant: other.issuer(v1(stranger)),
			scope: other.scope("scp", "profile"),
		},
	},
	{
		name: "Entra, several tenants",
		page: "entra",
		at: 2,
		kit: { ...entra, issuer: v2(tenant), clientId: entraClient, metadata: sparse },
		good: { scp: "orders.read" },
		checks: [
			...["one of the trusted issuers", "token type", "required claims", "issuer", "audience"],
			...["authorized party", "scope"],
		],
		wrong: {
			client: other.client("azp"),
			idToken: [idToken({ aud: entra.audience }), "claim_missing", "azp"],
			audience: other.audience,
			tenant: other.issuer(v2(stranger)),
			scope: other.scope("scp", "profile"),
		},
	},
	{
		name: "Entra, tenants by a template",
		page: "entra",
		at: 3,
		kit: {
			...entra,
			issuer: v2(tenant),
			clientId: entraClient,
			metadata: { ...sparse, jwks_uri: "https://login.microsoftonline.com/common/discovery/v2.0/keys" },
		},
		/** What all tenants share is about a template, and so is each key. */
		documents: ({ metadata, jwks }) => ({
			"https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration": {
				...metadata,
				issuer: v2("{tenantid}"),
			},
			[metadata.jwks_uri]: { keys: jwks.keys.map((key) => ({ ...key, issuer: v2("{tenantid}") })) },
		}),
		good: { scp: "orders.read" },
		checks: [
			// A key may name its issuer, RFC 8725 §3.8.
			...["token type", "issuer of the key", "required claims", "issuer", "audience"],
			...["authorized party", "claim tid", "scope"],
		],
		wrong: {
			client: other.client("azp"),
			idToken: [idToken({ aud: entra.audience }), "claim_missing", "azp"],
			audience: other.audience,
			tenant: [{ iss: v2(stranger), tid: stranger }, "claim_refused", "tid"],
			scope: other.scope("scp", "profile"),
		},
		more: { "in the name of a tenant of ours": [{ iss: v2(stranger) }, "issuer_mismatch", "iss"] },
	},
	{
		name: "Okta",
		page: "okta",
		kit: {
			provider: "okta",
			issuer: "https://shop.okta.com/oauth2/default",
			audience: "api://default",
			clientId: client,
		},
		good: { scp: ["openid", "orders:read"] },
		checks: ["required claims", "issuer", "audience", "authorized party", "scope"],
		wrong: {
			client: other.client("cid"),
			idToken: [idToken({ aud: "api://default" }), "claim_missing", "cid"],
			audience: other.audience,
			tenant: other.issuer("https://other.okta.com/oauth2/default"),
			scope: other.scope("scp", ["openid"]),
		},
	},
	{
		name: "Cognito",
		page: "cognito",
		kit: {
			provider: "cognito",
			issuer: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Example1",
			clientId: client,
			metadata: sparse,
		},
		good: { scope: "openid orders/read" },
		checks: ["required claims", "issuer", "audience", "claim token_use", "scope"],
		wrong: {
			client: [{ client_id: "other" }, "audience_mismatch", "aud"],
			idToken: [idToken(), "claim_missing", "client_id"],
			audience: other.audience,
			tenant: other.issuer("https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Example2"),
			scope: other.scope("scope", "openid"),
		},
		more: {
			"an ID token with a client": [idToken({ client_id: client }), "claim_refused", "token_use"],
		},
	},
	{
		name: "Ory Hydra",
		page: "other-servers",
		kit: auth,
		header: { typ: "JWT" },
		good: { aud: [api], scope: undefined, scp: ["openid", "orders:read"], ext: {} },
		checks: ["token type", "required claims", "issuer", "audience", "claim client_id", "scope"],
		wrong: byClientId([idToken({ aud: api }), "claim_missing", "jti"], other.scope("scp", ["openid"])),
	},
	{
		name: "Duende IdentityServer",
		page: "other-servers",
		at: 1,
		kit: auth,
		good: { scope: ["openid", "orders:read"] },
		checks: ["token type", "required claims", "issuer", "audience", "claim client_id", "scope"],
		wrong: byType(other.scope("scope", ["openid"])),
	},
	{
		name: "Spring Authorization Server",
		page: "other-servers",
		at: 2,
		kit: auth,
		header: { typ: undefined },
		// Its audience is the client.
		good: { aud: client, client_id: undefined, scope: ["openid", "orders:read"] },
		checks: ["required claims", "issuer", "audience", "scope"],
		wrong: {
			client: [{ aud: "other" }, "audience_mismatch", "aud"],
			idToken: [idToken({ jti: "1" }), "insufficient_scope", "scope"],
			audience: other.audience,
			tenant: other.issuer("https://other.example.com"),
			scope: other.scope("scope", ["openid"]),
		},
	},
];
