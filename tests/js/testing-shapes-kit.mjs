// Tokens as the providers' pages show them (docs/providers has the addresses of those pages). A pattern stands where the page's
// value is only an example.

import assert from "node:assert/strict";
import { start } from "./helpers.mjs";

const EMAIL = /^\w+@example\.com$/;
const NAME = /^[A-Z]\w+( [A-Z]\w+)?$/;
export const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
/** 128 bits in base64url. */
export const ID = /^[\w-]{22}$/;
const ANY = /^\w[\w|.-]*$/;

/** The members and no others, each equal or like its pattern; what is nested likewise. */
export function assertShape(found, expected, path = "") {
	if (expected instanceof RegExp) return assert.match(String(found), expected, path);
	if (typeof expected !== "object" || expected === null || Array.isArray(expected)) {
		return assert.deepEqual(found, expected, path);
	}
	assert.deepEqual(Object.keys(found).sort(), Object.keys(expected).sort(), path);
	for (const [name, value] of Object.entries(expected)) assertShape(found[name], value, `${path}.${name}`);
}

const times = { iat: start, exp: start + 300 };
const nbf = start;
const auth_time = start;
const JWT = { typ: "JWT" };

const tenant = "11111111-2222-3333-4444-555555555555";
const iss = {
	auth0: "https://tenant.eu.auth0.com/",
	entra: `https://login.microsoftonline.com/${tenant}/v2.0`,
	okta: "https://tenant.okta.com/oauth2/default",
	cognito: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Example1",
	keycloak: "https://keycloak.example/realms/shop",
	google: "https://accounts.google.com",
	apple: "https://appleid.apple.com",
	firebase: "https://securetoken.google.com/example-project",
	clerk: "https://clerk.example.com",
	supabase: "https://project.supabase.co/auth/v1",
	access: "https://team.cloudflareaccess.com",
	iap: "https://cloud.google.com/iap",
	github: "https://token.actions.githubusercontent.com",
	kubernetes: "https://kubernetes.default.svc",
};
/** The identifier of a client, where the provider has no form for it, and of an API that one names oneself. */
const client = "client-1";
const api = "https://api.example";
const person = { name: NAME, email: EMAIL };
/** OpenID Connect Core §2, where the provider shows no ID token. */
const plainIdToken = (iss, aud) => ({ iss, aud, sub: ANY, ...times, auth_time });

const user = { oid: UUID, name: NAME, preferred_username: EMAIL, tid: tenant, sub: ANY, uti: ID, ver: "2.0" };
const entra = { aud: "66666666-7777-8888-9999-000000000000", client: "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee" };

const googleClient = /^[\w-]+\.apps\.googleusercontent\.com$/;
const google = {
	...{ iss: iss.google, aud: googleClient, azp: googleClient, sub: /^\d{21}$/, ...times, jti: ID },
	...{ ...person, email_verified: true },
};
const apple = {
	...{ iss: iss.apple, aud: "com.example.app", sub: /^\d{6}\.[\da-f]{32}\.\d{4}$/, ...times, auth_time },
	...{ email: EMAIL, email_verified: "true", nonce_supported: true },
};
const firebase = {
	...{ iss: iss.firebase, aud: "example-project", sub: ANY, user_id: ANY, ...times, auth_time, email: EMAIL },
	...{ email_verified: true, firebase: { identities: { email: ["ada@example.com"] }, sign_in_provider: "password" } },
};
const workosClient = /^client_\w{26}$/;
const workflow = /^octo-org\/octo-repo\/\.github\/workflows\/\w+\.yml@refs\/heads\/main$/;
const number = /^\d+$/;

/** `parties`: the claims that name audience and client. */
export const SHAPES = {
	auth0: {
		kit: { issuer: iss.auth0, audience: api, clientId: client, keys: `${iss.auth0}.well-known/jwks.json` },
		header: JWT,
		claims: {
			...{ iss: iss.auth0, aud: [api, `${iss.auth0}userinfo`], azp: client, sub: /^auth0\|\w+$/, ...times },
			...{ scope: "openid profile email", permissions: [] },
		},
		idToken: {
			...{ iss: iss.auth0, aud: client, sub: /^auth0\|\w+$/, ...times, sid: ID },
			...{ ...person, nickname: /^\w+$/, email_verified: true },
		},
		parties: { aud: "list", others: ["ISSUERuserinfo"], client: "azp" },
	},
	entra: {
		kit: {
			...{ issuer: iss.entra, audience: UUID, clientId: UUID },
			keys: `https://login.microsoftonline.com/${tenant}/discovery/v2.0/keys`,
		},
		header: JWT,
		claims: {
			...{ iss: iss.entra, aud: entra.aud, azp: entra.client, azpacr: "0", ...times, nbf, ...user },
			scp: "access_as_user",
		},
		idToken: { iss: iss.entra, aud: entra.client, ...times, nbf, ...user },
		parties: { aud: "text", client: "azp" },
	},
	okta: {
		kit: { issuer: iss.okta, audience: "api://default", clientId: client, keys: `${iss.okta}/v1/keys` },
		header: {},
		claims: {
			...{ ver: 1, jti: /^AT\.[\w-]{22}$/, iss: iss.okta, aud: "api://default", cid: client, uid: /^00u\w+$/ },
			...{ ...times, auth_time, scp: ["openid", "profile", "email"], sub: EMAIL },
		},
		idToken: {
			...{ ver: 1, jti: /^ID\.[\w-]{22}$/, iss: iss.okta, aud: client, sub: /^00u\w+$/, ...person },
			...{ ...times, auth_time, amr: ["pwd"], idp: /^00o\w+$/, preferred_username: EMAIL },
		},
		parties: { aud: "text", client: "cid" },
	},
	cognito: {
		kit: { issuer: iss.cognito, audience: client, clientId: client, keys: `${iss.cognito}/.well-known/jwks.json` },
		header: {},
		claims: {
			...{ iss: iss.cognito, client_id: client, version: 2, token_use: "access", sub: ANY, username: ANY },
			...{ ...times, auth_time, jti: ID, origin_jti: ID, scope: "openid profile email" },
		},
		idToken: {
			...{ iss: iss.cognito, aud: client, token_use: "id", sub: ANY, "cognito:username": ANY, email: EMAIL },
			...{ ...times, auth_time, jti: ID, origin_jti: ID, email_verified: true },
		},
		parties: { aud: "none", client: "client_id" },
	},
	keycloak: {
		kit: {
			...{ issuer: iss.keycloak, audience: "api", clientId: client },
			keys: `${iss.keycloak}/protocol/openid-connect/certs`,
		},
		header: JWT,
		claims: {
			...{ iss: iss.keycloak, aud: ["api", "account"], azp: client, typ: "Bearer", sub: ANY, ...times, auth_time },
			...{ jti: ID, sid: ID, acr: "1", scope: "openid profile email", ...person, email_verified: true },
			preferred_username: /^\w+$/,
			realm_access: { roles: ["offline_access", "uma_authorization", "default-roles-shop"] },
			resource_access: { account: { roles: ["manage-account", "view-profile"] } },
		},
		idToken: {
			...{ iss: iss.keycloak, aud: client, azp: client, typ: "ID", sub: ANY, ...times, auth_time },
			...{ jti: ID, sid: ID, acr: "1", ...person, email_verified: true, preferred_username: /^\w+$/ },
		},
		parties: { aud: "list", others: ["account"], client: "azp" },
	},
	google: {
		kit: {
			...{ issuer: iss.google, audience: googleClient, clientId: googleClient },
			keys: "https://www.googleapis.com/oauth2/v3/certs",
		},
		header: JWT,
		claims: google,
		idToken: google,
		parties: { aud: "text", client: "azp" },
	},
	apple: {
		kit: {
			...{ issuer: iss.apple, audience: "com.example.app", clientId: "com.example.app" },
			keys: "https://appleid.apple.com/auth/keys",
		},
		header: {},
		claims: apple,
		idToken: apple,
		parties: { aud: "text" },
	},
	firebase: {
		kit: {
			...{ issuer: iss.firebase, audience: "example-project", clientId: "example-project" },
			keys: "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com",
		},
		header: JWT,
		claims: firebase,
		idToken: firebase,
		parties: { aud: "text" },
	},
	clerk: {
		kit: {
			...{ issuer: iss.clerk, audience: null, clientId: "https://app.example.com" },
			keys: `${iss.clerk}/.well-known/jwks.json`,
		},
		header: JWT,
		claims: {
			...{ iss: iss.clerk, azp: "https://app.example.com", ...times, nbf, fva: [0, -1], sid: /^sess_\w+$/ },
			...{ sts: "active", sub: /^user_\w+$/, v: 2 },
		},
		idToken: plainIdToken(iss.clerk, "https://app.example.com"),
		parties: { aud: "none", client: "azp" },
	},
	supabase: {
		kit: {
			...{ issuer: iss.supabase, audience: "authenticated", clientId: client },
			keys: `${iss.supabase}/.well-known/jwks.json`,
		},
		header: JWT,
		claims: {
			...{ iss: iss.supabase, aud: "authenticated", role: "authenticated", ...times, sub: ANY, session_id: ID },
			...{ aal: "aal1", amr: [{ method: "password", timestamp: start }], is_anonymous: false, email: EMAIL },
			...{ app_metadata: { provider: "email", providers: ["email"] }, user_metadata: {}, phone: "" },
		},
		idToken: plainIdToken(iss.supabase, client),
		parties: { aud: "text" },
	},
	workos: {
		kit: {
			...{ issuer: /^https:\/\/api\.workos\.com\/user_management\/client_\w{26}$/, audience: null },
			...{ clientId: workosClient, keys: /^https:\/\/api\.workos\.com\/sso\/jwks\/client_\w{26}$/ },
		},
		header: {},
		claims: {
			...{ iss: /^https:\/\/api\.workos\.com\/user_management\/client_\w{26}$/, client_id: workosClient },
			...{ sub: /^user_\w+$/, sid: /^session_\w+$/, org_id: /^org_\w+$/, role: "member", permissions: [] },
			...{ jti: ID, ...times },
		},
		idToken: plainIdToken(/^https:\/\/api\.workos\.com\/user_management\/client_\w{26}$/, workosClient),
		parties: { aud: "none", client: "client_id" },
	},
	"cloudflare-access": {
		kit: {
			...{ issuer: iss.access, audience: /^[\da-f]{64}$/, clientId: client },
			keys: `${iss.access}/cdn-cgi/access/certs`,
		},
		header: {},
		claims: {
			...{ iss: iss.access, aud: ["1".padStart(64, "0")], type: "app", ...times, nbf, sub: ANY },
			...{ email: EMAIL, identity_nonce: ANY, country: /^[A-Z]{2}$/ },
		},
		idToken: plainIdToken(iss.access, client),
		parties: { aud: "list" },
	},
	"google-iap": {
		kit: {
			...{ issuer: iss.iap, audience: "/projects/1/global/backendServices/1", clientId: client },
			keys: "https://www.gstatic.com/iap/verify/public_key-jwk",
		},
		header: JWT,
		claims: {
			...{ iss: iss.iap, aud: "/projects/1/global/backendServices/1", ...times, email: EMAIL },
			...{ sub: /^accounts\.google\.com:\d{21}$/, hd: "example.com" },
		},
		idToken: plainIdToken(iss.iap, client),
		parties: { aud: "text" },
	},
	"github-actions": {
		kit: {
			...{ issuer: iss.github, audience: "https://github.com/octo-org", clientId: client },
			keys: `${iss.github}/.well-known/jwks`,
		},
		header: JWT,
		claims: {
			...{ iss: iss.github, aud: "https://github.com/octo-org", ...times, nbf, jti: ID },
			...{ sub: "repo:octo-org/octo-repo:ref:refs/heads/main", ref: "refs/heads/main", ref_type: "branch" },
			...{ repository: "octo-org/octo-repo", repository_id: number, repository_visibility: "private" },
			...{ repository_owner: "octo-org", repository_owner_id: number, actor: "octocat", actor_id: number },
			...{ ref_protected: "true", sha: /^[\da-f]{40}$/, head_ref: "", base_ref: "", event_name: "push" },
			...{ runner_environment: "github-hosted", run_id: number, run_number: number, run_attempt: number },
			...{ workflow: ANY, workflow_ref: workflow, job_workflow_ref: workflow },
		},
		idToken: plainIdToken(iss.github, client),
		parties: { aud: "text" },
	},
	kubernetes: {
		kit: {
			...{ issuer: iss.kubernetes, audience: api, clientId: client, keys: `${iss.kubernetes}/openid/v1/jwks` },
		},
		header: {},
		claims: {
			...{ iss: iss.kubernetes, aud: [api], ...times, nbf, jti: ID, sub: "system:serviceaccount:default:shop" },
			"kubernetes.io": {
				namespace: "default",
				node: { name: ANY, uid: UUID },
				pod: { name: ANY, uid: UUID },
				serviceaccount: { name: "shop", uid: UUID },
			},
		},
		idToken: plainIdToken(iss.kubernetes, client),
		parties: { aud: "list" },
	},
};
