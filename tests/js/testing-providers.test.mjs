// The tokens that countersign/testing mints for each provider: the names of their claims and their type are those of the
// providers' own pages, and our verifier takes them by the provider's preset.

import assert from "node:assert/strict";
import { test } from "node:test";
import { countersign, edge, refusal, testing } from "./helpers.mjs";

const { createVerifier, decodeUnverified } = countersign;

/** What the pages show: the type, the algorithm, claims by name, claims without fail, and what a policy must say. */
const SHAPES = {
	auth0: ["JWT", "RS256", "iss sub aud iat exp scope azp permissions", {}],
	entra: [
		"JWT",
		"RS256",
		"aud iss iat nbf exp azp azpacr name oid preferred_username scp sub tid uti ver",
		{ ver: "2.0" },
	],
	okta: [undefined, "RS256", "ver jti iss aud iat exp cid uid scp auth_time sub", { ver: 1 }],
	cognito: [
		undefined,
		"RS256",
		"sub iss version client_id origin_jti token_use scope auth_time exp iat jti username",
		{ token_use: "access", version: 2 },
	],
	keycloak: [
		"JWT",
		"RS256",
		"exp iat auth_time jti iss aud sub typ azp sid acr realm_access resource_access scope email_verified name preferred_username email",
		{ typ: "Bearer" },
	],
	google: ["JWT", "RS256", "iss azp aud sub email email_verified name iat exp jti", { email_verified: true }],
	apple: [
		undefined,
		"RS256",
		"iss aud exp iat sub email email_verified auth_time nonce_supported",
		{ email_verified: "true" },
	],
	firebase: ["JWT", "RS256", "iss aud auth_time user_id sub iat exp email email_verified firebase", {}],
	clerk: ["JWT", "RS256", "azp exp fva iat iss nbf sid sts sub v", { sts: "active", v: 2 }],
	supabase: [
		"JWT",
		"ES256",
		"aal amr app_metadata aud email exp iat is_anonymous iss phone role session_id sub user_metadata",
		{ role: "authenticated", aud: "authenticated", aal: "aal1" },
	],
	"cloudflare-access": [
		undefined,
		"RS256",
		"aud email exp iat nbf iss type identity_nonce sub country",
		{ type: "app" },
	],
	"google-iap": ["JWT", "ES256", "aud exp iat iss sub email hd", { iss: "https://cloud.google.com/iap" }],
	workos: [undefined, "RS256", "iss sub sid client_id org_id role permissions jti iat exp", {}],
	"github-actions": [
		"JWT",
		"RS256",
		"jti sub aud ref sha repository repository_owner repository_owner_id repository_id repository_visibility run_id run_number run_attempt runner_environment actor actor_id workflow head_ref base_ref event_name ref_type ref_protected workflow_ref job_workflow_ref iss nbf exp iat",
		{ repository_owner: "octo-org" },
	],
	kubernetes: [undefined, "RS256", "aud exp iat iss jti kubernetes.io nbf sub", {}],
};

/** The ID tokens of those who show them on pages of their own. */
const ID_TOKENS = {
	auth0: ["nickname name email email_verified iss aud sub iat exp sid", { sub: "auth0|1", aud: "client-1" }],
	entra: ["aud iss iat nbf exp name oid preferred_username sub tid uti ver", { ver: "2.0" }],
	okta: ["sub name email ver iss aud iat exp jti amr idp preferred_username auth_time", { ver: 1, amr: ["pwd"] }],
	cognito: [
		"sub email email_verified iss cognito:username origin_jti aud token_use auth_time exp iat jti",
		{ token_use: "id", aud: "client-1" },
	],
	keycloak: [
		"exp iat auth_time jti iss aud sub typ azp sid acr email_verified name email preferred_username",
		{ typ: "ID", azp: "client-1" },
	],
};

test("ID tokens have the claims of their providers' pages, and are for the client", async () => {
	for (const [provider, [names, exact]] of Object.entries(ID_TOKENS)) {
		const { mintIdToken, clientId } = await testing.createTestIssuer({ provider });
		const { header, claims } = decodeUnverified(await mintIdToken());
		assert.deepEqual(Object.keys(claims).sort(), names.split(" ").sort(), provider);
		assert.deepEqual([header.typ, claims.aud], ["JWT", clientId]);
		for (const [name, value] of Object.entries(exact)) assert.deepEqual(claims[name], value, `${provider} ${name}`);
	}
});

test("claims have the types that the pages show", async () => {
	const claimsOf = async (provider) =>
		decodeUnverified(await (await testing.createTestIssuer({ provider })).mint()).claims;
	const [auth0, entra, okta, keycloak] = await Promise.all(["auth0", "entra", "okta", "keycloak"].map(claimsOf));
	assert.deepEqual([auth0.aud, auth0.permissions], [["https://api.example", `${auth0.iss}userinfo`], []]);
	assert.equal(entra.scp, "access_as_user");
	assert.equal(entra.iss, `https://login.microsoftonline.com/${entra.tid}/v2.0`);
	assert.deepEqual(okta.scp, ["openid", "profile", "email"]);
	assert.deepEqual([keycloak.aud, keycloak.sub], [["api", "account"], "user-1"]);
	assert.ok(
		keycloak.realm_access.roles.includes("offline_access") && keycloak.resource_access.account.roles.length > 0,
	);
	const [clerk, supabase, github, kubernetes] = await Promise.all(
		["clerk", "supabase", "github-actions", "kubernetes"].map(claimsOf),
	);
	assert.deepEqual(clerk.fva, [0, -1]);
	assert.deepEqual(supabase.amr, [{ method: "password", timestamp: supabase.iat }]);
	assert.equal(github.aud, `https://github.com/${github.repository_owner}`);
	assert.equal(github.sub, `repo:${github.repository}:ref:${github.ref}`);
	const { namespace, serviceaccount } = kubernetes["kubernetes.io"];
	assert.equal(kubernetes.sub, `system:serviceaccount:${namespace}:${serviceaccount.name}`);
});

/** What shows that a token is ours, where the audience does not. */
const OURS = {
	clerk: ({ clientId }) => ({ authorizedParty: clientId }),
	"github-actions": () => ({ claims: { sub: { pattern: "repo:octo-org/*:ref:refs/heads/main" } } }),
};

for (const [provider, [typ, alg, names, exact]] of Object.entries(SHAPES)) {
	test(`${provider}: its shape, and its preset takes it`, async () => {
		const kit = await testing.createTestIssuer({ provider });
		const { issuer, audience, fetch, now } = kit;
		const token = await kit.mint();
		const { header, claims } = decodeUnverified(token);
		assert.deepEqual([header.typ, header.alg, kit.alg], [typ, alg, alg]);
		assert.deepEqual(Object.keys(claims).sort(), names.split(" ").sort());
		for (const [name, value] of Object.entries(exact)) assert.deepEqual(claims[name], value, name);
		const policy = { provider, issuer, audience, fetch, now, ...OURS[provider]?.(kit) };
		assert.deepEqual((await createVerifier(policy).verify(token)).claims, claims);
		const { check } = edge.guard(policy);
		const checked = await check(new Request("https://api.example", { headers: { authorization: `Bearer ${token}` } }));
		assert.equal(checked.claims.sub, claims.sub);
		const client = createVerifier({ profile: "id-token", issuer, audience: kit.clientId, fetch, now });
		const idToken = await kit.mintIdToken();
		assert.equal((await client.verify(idToken)).claims.iss, issuer);
		// Where an ID token is what is sent to APIs, it is the same one.
		if (!["google", "apple", "firebase"].includes(provider)) {
			assert.match(await refusal(() => createVerifier(policy).verify(idToken)), /^(claim_missing|audience_mismatch)$/);
		}
	});
}

test("an issuer, audience and client of one's own", async () => {
	const issuer = "https://login.microsoftonline.com/my-tenant/v2.0";
	const own = { issuer, audience: "my-api", clientId: "my-client" };
	const entra = await testing.createTestIssuer({ provider: "entra", ...own });
	const { claims } = decodeUnverified(await entra.mint());
	assert.deepEqual([claims.iss, claims.aud, claims.azp, claims.tid], [issuer, "my-api", "my-client", "my-tenant"]);
	assert.equal(entra.audience, "my-api");
	assert.equal(entra.metadata.jwks_uri, "https://login.microsoftonline.com/my-tenant/discovery/v2.0/keys");
	const local = await testing.createTestIssuer({ provider: "entra", issuer: "http://127.0.0.1:1/my-tenant/v2.0" });
	assert.equal(decodeUnverified(await local.mint()).claims.tid, "my-tenant");
	const bare = await testing.createTestIssuer({ provider: "entra", issuer: "https://id.example" });
	assert.match(decodeUnverified(await bare.mint()).claims.tid, /^[\d-]{36}$/);
	const auth0 = await testing.createTestIssuer({ provider: "auth0", audience: ["a", "b"] });
	assert.deepEqual(decodeUnverified(await auth0.mint()).claims.aud, ["a", "b", `${auth0.issuer}userinfo`]);
	const cognito = await testing.createTestIssuer({ provider: "cognito", clientId: "my-client" });
	assert.deepEqual([cognito.audience, "aud" in decodeUnverified(await cognito.mint()).claims], ["my-client", false]);
});
