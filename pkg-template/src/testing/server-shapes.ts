// Authorization servers: their access tokens and ID tokens differ.

import type { Provider } from "../verifier/claim-rules.js";
import { randomId } from "./encoding.js";
import { listOf, PROVIDER, type Shape } from "./shape.js";

type Servers = Extract<Provider, "auth0" | "entra" | "okta" | "cognito" | "keycloak">;

const TENANT = "11111111-2222-3333-4444-555555555555";
const profile = { name: "Ada Example", email: "ada@example.com" };

/** The tenant in an issuer's address. */
function tenantOf(issuer: string): string {
	return issuer.split("/")[3] || TENANT;
}

export const SERVER_SHAPES: Readonly<Record<Servers, Shape>> = {
	auth0: {
		...PROVIDER,
		issuer: "https://tenant.eu.auth0.com/",
		claims: ({ issuer, audience, clientId, iat, exp }) => ({
			iss: issuer,
			sub: "auth0|1",
			aud: listOf(audience, `${issuer}userinfo`),
			iat,
			exp,
			scope: "openid profile email",
			azp: clientId,
			permissions: [],
		}),
		idToken: ({ issuer, clientId, iat, exp }) => ({
			...{ nickname: "ada", ...profile, email_verified: true },
			...{ iss: issuer, aud: clientId, sub: "auth0|1", iat, exp, sid: randomId() },
		}),
	},
	entra: {
		...PROVIDER,
		issuer: `https://login.microsoftonline.com/${TENANT}/v2.0`,
		audience: "66666666-7777-8888-9999-000000000000",
		clientId: "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
		keys: "discovery/v2.0/keys",
		claims: ({ issuer, audience, clientId, iat, exp }) => ({
			...{ aud: audience, iss: issuer, iat, nbf: iat, exp, azp: clientId, azpacr: "0" },
			...{ name: profile.name, oid: "00000000-0000-0000-0000-000000000001", preferred_username: profile.email },
			...{ scp: "access_as_user", sub: "user-1", tid: tenantOf(issuer), uti: randomId(), ver: "2.0" },
		}),
		idToken: ({ issuer, clientId, iat, exp }) => ({
			...{ aud: clientId, iss: issuer, iat, nbf: iat, exp },
			...{ name: profile.name, oid: "00000000-0000-0000-0000-000000000001", preferred_username: profile.email },
			...{ sub: "user-1", tid: tenantOf(issuer), uti: randomId(), ver: "2.0" },
		}),
	},
	okta: {
		...PROVIDER,
		issuer: "https://tenant.okta.com/oauth2/default",
		audience: "api://default",
		keys: "/v1/keys",
		header: {},
		claims: ({ issuer, audience, clientId, iat, exp }) => ({
			...{ ver: 1, jti: `AT.${randomId()}`, iss: issuer, aud: audience, iat, exp, cid: clientId, uid: "00u1" },
			...{ scp: ["openid", "profile", "email"], auth_time: iat, sub: profile.email },
		}),
		idToken: ({ issuer, clientId, iat, exp }) => ({
			...{ sub: "00u1", ...profile, ver: 1, iss: issuer, aud: clientId, iat, exp, jti: `ID.${randomId()}` },
			...{ amr: ["pwd"], idp: "00o1", preferred_username: profile.email, auth_time: iat },
		}),
	},
	cognito: {
		...PROVIDER,
		issuer: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Example1",
		verified: "client",
		header: {},
		claims: ({ issuer, clientId, iat, exp }) => ({
			...{ sub: "user-1", iss: issuer, version: 2, client_id: clientId, origin_jti: randomId() },
			...{ token_use: "access", scope: "openid profile email", auth_time: iat, exp, iat, jti: randomId() },
			...{ username: "user-1" },
		}),
		idToken: ({ issuer, clientId, iat, exp }) => ({
			...{ sub: "user-1", email: profile.email, email_verified: true, iss: issuer, "cognito:username": "user-1" },
			...{ origin_jti: randomId(), aud: clientId, token_use: "id", auth_time: iat, exp, iat, jti: randomId() },
		}),
	},
	keycloak: {
		...PROVIDER,
		issuer: "https://keycloak.example/realms/shop",
		audience: "api",
		keys: "/protocol/openid-connect/certs",
		claims: ({ issuer, audience, clientId, iat, exp }) => ({
			...{ exp, iat, auth_time: iat, jti: randomId(), iss: issuer, aud: listOf(audience, "account"), sub: "user-1" },
			...{ typ: "Bearer", azp: clientId, sid: randomId(), acr: "1", scope: "openid profile email" },
			realm_access: { roles: ["offline_access", "uma_authorization", "default-roles-shop"] },
			resource_access: { account: { roles: ["manage-account", "view-profile"] } },
			...{ email_verified: true, ...profile, preferred_username: "ada" },
		}),
		idToken: ({ issuer, clientId, iat, exp }) => ({
			...{ exp, iat, auth_time: iat, jti: randomId(), iss: issuer, aud: clientId, sub: "user-1", typ: "ID" },
			...{ azp: clientId, sid: randomId(), acr: "1", email_verified: true, ...profile, preferred_username: "ada" },
		}),
	},
};
