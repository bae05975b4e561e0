// The tokens of well-known providers, in the shapes of their own documents: with the provider named, the right one passes
// and each wrong one is refused by the rule that names it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { countersign, edge, start, testing } from "./helpers.mjs";

const { createVerifier } = countersign;
const { guard } = edge;
const { createTestIssuer } = testing;

/** Keys to share: those of RSA take long to make. */
const KEYS = {};
for (const alg of ["ES256", "RS256"]) KEYS[alg] = await (await createTestIssuer({ alg })).exportKey();

/** An issuer that signs as the provider does, with the provider's key set where the provider has it. */
const issuerOf = (provider, { issuer, alg = "ES256" }) =>
	createTestIssuer({ provider, issuer, signingKey: KEYS[alg], now: start });

const api = "https://api.shop.example.com";
const client = "shop-app";

/**
 * A row a provider: how it signs, its token, what the policy says, and tokens that are not ours with the code and the
 * claim of their refusal.
 */
const ROWS = {
	auth0: {
		issuer: "https://shop.eu.auth0.com/",
		header: { typ: "JWT" },
		claims: {
			aud: [api, "https://shop.eu.auth0.com/userinfo"],
			sub: "auth0|1",
			azp: client,
			scope: "orders",
			permissions: ["orders:read"],
		},
		options: {
			audience: api,
			authorizedParty: client,
			scope: "orders",
			claims: { permissions: { all: ["orders:read"] } },
		},
		wrong: {
			"an ID token": [{ aud: client, nonce: "n" }, "audience_mismatch", "aud"],
			"another client's": [{ azp: "other" }, "authorized_party_mismatch", "azp"],
			"another API's": [{ aud: "https://other.example" }, "audience_mismatch", "aud"],
			"without the permission": [{ permissions: [] }, "claim_refused", "permissions"],
			"without the scope": [{ scope: "profile" }, "insufficient_scope", "scope"],
		},
	},
	entra: {
		issuer: "https://login.microsoftonline.com/9a2c/v2.0",
		header: { typ: "JWT" },
		claims: { aud: "api-id", sub: "s", azp: client, scp: "orders profile", tid: "9a2c", ver: "2.0", roles: ["reader"] },
		options: { audience: "api-id", scope: "orders", claims: { tid: "9a2c", roles: { any: ["reader", "admin"] } } },
		wrong: {
			"an ID token of the same application": [{ azp: undefined, scp: undefined, nonce: "n" }, "claim_missing", "azp"],
			"another tenant's": [{ tid: "other" }, "claim_refused", "tid"],
			"without the scope": [{ scp: "profile" }, "insufficient_scope", "scope"],
			"without the role": [{ roles: ["guest"] }, "claim_refused", "roles"],
		},
		right: { "version 1, the client as appid": { azp: undefined, appid: client } },
	},
	okta: {
		issuer: "https://shop.okta.com/oauth2/default",
		claims: { aud: "api://default", sub: "a@b.example", cid: client, uid: "u", scp: ["orders", "openid"] },
		options: { audience: "api://default", authorizedParty: client, scope: "orders" },
		wrong: {
			"an ID token": [{ aud: client, cid: undefined }, "claim_missing", "cid"],
			"another client's": [{ cid: "other" }, "authorized_party_mismatch", "cid"],
			"without the scope": [{ scp: ["openid"] }, "insufficient_scope", "scope"],
		},
	},
	cognito: {
		issuer: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Ab12",
		claims: { sub: "u", client_id: client, token_use: "access", scope: "orders/read", username: "u" },
		options: { audience: client, scope: "orders/read" },
		wrong: {
			"an ID token": [{ client_id: undefined, aud: client, token_use: "id" }, "claim_missing", "client_id"],
			"an ID token with a client": [{ token_use: "id" }, "claim_refused", "token_use"],
			"another client's": [{ client_id: "other" }, "audience_mismatch", "aud"],
		},
	},
	keycloak: {
		issuer: "https://id.example/realms/shop",
		header: { typ: "JWT" },
		claims: {
			aud: ["orders", "account"],
			sub: "u",
			azp: client,
			typ: "Bearer",
			scope: "openid",
			realm_access: { roles: ["buyer"] },
		},
		options: { audience: "orders", claims: { "realm_access.roles": { includes: "buyer" } } },
		wrong: {
			"an ID token": [{ aud: "orders", typ: "ID" }, "claim_refused", "typ"],
			"a refresh token": [{ typ: "Refresh" }, "claim_refused", "typ"],
			"without the role": [{ realm_access: { roles: [] } }, "claim_refused", "realm_access.roles"],
			"without roles": [{ realm_access: undefined }, "claim_refused", "realm_access.roles"],
			"for another": [{ aud: "account" }, "audience_mismatch", "aud"],
		},
		right: { "of client credentials, without a subject": { sub: undefined } },
	},
	google: {
		issuer: "https://accounts.google.com",
		alg: "RS256",
		header: { typ: "JWT" },
		claims: { aud: "web.apps", azp: "android.apps", sub: "1", email: "a@b.example", email_verified: true },
		options: { audience: "web.apps", authorizedParty: ["web.apps", "android.apps"], claims: { email_verified: true } },
		wrong: {
			"another application's": [{ aud: "other.apps" }, "audience_mismatch", "aud"],
			"another party's": [{ azp: "evil.apps" }, "authorized_party_mismatch", "azp"],
			"an address that nobody has verified": [{ email_verified: false }, "claim_refused", "email_verified"],
			"by a text, not a truth": [{ email_verified: "true" }, "claim_refused", "email_verified"],
			"another issuer's": [{ iss: "http://accounts.google.com" }, "issuer_mismatch", "iss"],
		},
		right: { "by the issuer's other name": { iss: "accounts.google.com" } },
	},
	apple: {
		issuer: "https://appleid.apple.com",
		alg: "RS256",
		claims: { aud: "com.shop.app", sub: "1", email_verified: "true", nonce_supported: true },
		options: { audience: "com.shop.app", claims: { email_verified: [true, "true"] } },
		wrong: { "another application's": [{ aud: "com.other" }, "audience_mismatch", "aud"] },
	},
	firebase: {
		issuer: "https://securetoken.google.com/shop-1",
		alg: "RS256",
		header: { typ: "JWT" },
		keys: "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com",
		claims: {
			aud: "shop-1",
			sub: "u",
			user_id: "u",
			auth_time: start - 60,
			firebase: { sign_in_provider: "password" },
		},
		options: { audience: "shop-1", claims: { "firebase.sign_in_provider": ["password", "google.com"] } },
		wrong: {
			"another project's": [{ aud: "shop-2" }, "audience_mismatch", "aud"],
			"of an anonymous user": [
				{ firebase: { sign_in_provider: "anonymous" } },
				"claim_refused",
				"firebase.sign_in_provider",
			],
			"a custom token": [{ auth_time: undefined }, "claim_missing", "auth_time"],
		},
	},
	clerk: {
		issuer: "https://clerk.shop.example",
		header: { typ: "JWT" },
		keys: "https://clerk.shop.example/.well-known/jwks.json",
		claims: { sub: "user_1", sid: "sess_1", azp: "https://shop.example", fva: [0, -1] },
		options: { authorizedParty: "https://shop.example" },
		wrong: {
			"another page's": [{ azp: "https://evil.example" }, "authorized_party_mismatch", "azp"],
			"without a page": [{ azp: undefined }, "claim_missing", "azp"],
			"a template's, of no session": [{ sid: undefined }, "claim_missing", "sid"],
		},
	},
	supabase: {
		issuer: "https://abcd.supabase.co/auth/v1",
		header: { typ: "JWT" },
		keys: "https://abcd.supabase.co/auth/v1/.well-known/jwks.json",
		claims: {
			aud: "authenticated",
			sub: "u",
			role: "authenticated",
			session_id: "s",
			is_anonymous: false,
			aal: "aal1",
		},
		options: { audience: "authenticated", claims: { is_anonymous: false } },
		wrong: {
			"the project's public key": [{ role: "anon", sub: undefined, session_id: undefined }, "claim_missing", "sub"],
			"the service's key": [{ role: "service_role" }, "claim_refused", "role"],
			"of an anonymous user": [{ is_anonymous: true }, "claim_refused", "is_anonymous"],
		},
	},
	"cloudflare-access": {
		issuer: "https://team.cloudflareaccess.com",
		alg: "RS256",
		keys: "https://team.cloudflareaccess.com/cdn-cgi/access/certs",
		claims: { aud: ["tag-1"], sub: "u", type: "app", email: "a@b.example", country: "DE" },
		options: { audience: "tag-1" },
		wrong: {
			"another application's": [{ aud: ["tag-2"] }, "audience_mismatch", "aud"],
			"the organization's": [{ type: "org" }, "claim_refused", "type"],
		},
	},
	"google-iap": {
		issuer: "https://cloud.google.com/iap",
		keys: "https://www.gstatic.com/iap/verify/public_key-jwk",
		claims: { aud: "/projects/1/apps/shop", sub: "accounts.google.com:1", email: "a@b.example", hd: "b.example" },
		options: { audience: "/projects/1/apps/shop", claims: { hd: "b.example" } },
		wrong: {
			"another service's": [{ aud: "/projects/1/apps/other" }, "audience_mismatch", "aud"],
			"another domain's": [{ hd: "evil.example" }, "claim_refused", "hd"],
		},
	},
	workos: {
		issuer: "https://api.workos.com/user_management/client_1",
		claims: { sub: "user_1", sid: "session_1", org_id: "org_1", role: "member", permissions: ["orders:read"] },
		options: { claims: { permissions: { includes: "orders:read" }, org_id: "org_1" } },
		wrong: {
			"another application's": [{ iss: "https://api.workos.com/user_management/client_2" }, "issuer_mismatch", "iss"],
			"another organization's": [{ org_id: "org_2" }, "claim_refused", "org_id"],
			"of no session": [{ sid: undefined }, "claim_missing", "sid"],
		},
	},
	"github-actions": {
		issuer: "https://token.actions.githubusercontent.com",
		alg: "RS256",
		header: { typ: "JWT" },
		claims: {
			aud: api,
			sub: "repo:acme/shop:ref:refs/heads/main",
			repository: "acme/shop",
			repository_owner: "acme",
			ref: "refs/heads/main",
		},
		options: { audience: api, claims: { sub: { pattern: "repo:acme/*:ref:refs/heads/main" } } },
		wrong: {
			"another owner's": [{ sub: "repo:evil/shop:ref:refs/heads/main" }, "claim_refused", "sub"],
			"another branch's": [{ sub: "repo:acme/shop:ref:refs/heads/x" }, "claim_refused", "sub"],
			"for another audience": [{ aud: "https://other.example" }, "audience_mismatch", "aud"],
		},
	},
	kubernetes: {
		issuer: "https://kubernetes.default.svc",
		claims: { aud: [api], sub: "system:serviceaccount:shop:worker", "kubernetes.io": { namespace: "shop" } },
		options: { audience: api, claims: { "kubernetes\\.io.namespace": "shop" } },
		wrong: {
			"another namespace's": [{ "kubernetes.io": { namespace: "evil" } }, "claim_refused", "kubernetes\\.io.namespace"],
			"for the cluster itself": [{ aud: ["https://kubernetes.default.svc"] }, "audience_mismatch", "aud"],
			"not of a service account": [{ "kubernetes.io": undefined }, "claim_missing", "kubernetes.io"],
		},
	},
};

for (const [provider, row] of Object.entries(ROWS)) {
	const { issuer, keys, header, claims, options, wrong, right = {} } = row;
	const { mint, fetch, now, metadata } = await issuerOf(provider, row);
	const policy = () => ({ provider, issuer, now, fetch: (...given) => fetch(...given), ...options });
	const token = (changes) => mint({ ...claims, ...changes }, header);

	test(`${provider}: its token passes, at verifier and guard`, async () => {
		if (keys) assert.equal(metadata.jwks_uri, keys);
		const verifier = createVerifier(policy());
		const door = guard(policy());
		for (const [what, changes] of Object.entries({ "as it is": {}, ...right })) {
			const given = await token(changes);
			const { claims: seen } = await verifier.verify(given);
			assert.equal(seen.iss, changes.iss ?? issuer, what);
			const request = new Request(api, { headers: { authorization: `Bearer ${given}` } });
			assert.equal((await door.check(request)).claims.iss, seen.iss, what);
			assert.equal((await verifier.explain(given)).valid, true, what);
		}
	});

	for (const [what, [changes, code, claim]] of Object.entries(wrong)) {
		test(`${provider}: ${what} is refused`, async () => {
			const verifier = createVerifier(policy());
			const given = await token(changes);
			await assert.rejects(verifier.verify(given), (error) => {
				assert.deepEqual([error.code, error.claim], [code, claim]);
				return true;
			});
			const { valid, checks, error } = await verifier.explain(given);
			assert.deepEqual([valid, error.code], [false, code]);
			assert.equal(checks.filter(({ status }) => status === "failed").length, 1);
			const request = new Request(api, { headers: { authorization: `Bearer ${given}` } });
			await assert.rejects(guard(policy()).check(request), { code });
		});
	}
}

test("a profile that is named stays: RFC 9068 for access tokens, an audience for ID tokens", async () => {
	const { issuer, claims, header, options } = ROWS.keycloak;
	const { mint, jwks: keys, now } = await issuerOf("keycloak", ROWS.keycloak);
	const policy = { provider: "keycloak", issuer, keys, now, ...options };
	const token = await mint(claims, header);
	assert.equal((await createVerifier(policy).verify(token)).claims.iss, issuer);
	await assert.rejects(createVerifier({ ...policy, profile: "access-token" }).verify(token), { code: "typ_mismatch" });
	const whole = { ...claims, client_id: client, jti: "1" };
	const strict = createVerifier({ ...policy, profile: "access-token" });
	assert.equal((await strict.verify(await mint(whole, { typ: "at+jwt" }))).claims.jti, "1");
	await assert.rejects(strict.verify(await mint({ ...whole, typ: "ID" }, { typ: "at+jwt" })), { claim: "typ" });
	for (const provider of ["clerk", "workos"]) {
		const id = { provider, profile: "id-token", issuer, keys, authorizedParty: client };
		assert.throws(() => createVerifier(id), /^TypeError: audience: required/);
	}
});

test("what shows that a token is ours has to be said", () => {
	for (const [provider, options, message] of [
		["clerk", {}, /^authorizedParty: required with this provider/],
		["github-actions", { audience: api }, /^claims: expected a rule about sub or repository/],
		["cognito", {}, /^audience: required/],
		["auth0", {}, /^audience: required/],
		["auth9", { audience: api }, /^provider: expected one of auth0, entra/],
	]) {
		assert.throws(
			() => createVerifier({ provider, issuer: "https://id.example", ...options }),
			(error) => {
				assert.ok(error instanceof TypeError);
				assert.match(error.message, message);
				return true;
			},
		);
	}
});

test("without a provider, the same tokens are refused or told apart by nothing", async () => {
	const { mint, jwks: keys, now } = await issuerOf("cognito", ROWS.cognito);
	const { issuer, claims, options } = ROWS.cognito;
	const verifier = createVerifier({ issuer, ...options, keys, now });
	await assert.rejects(verifier.verify(await mint(claims)), { code: "claim_missing", claim: "aud" });
});

test("verifier.policy: what a provider has added, in one place with options and defaults", () => {
	const issuer = "https://cognito-idp.eu-central-1.amazonaws.com/pool";
	const options = { issuer, audience: null, provider: "cognito" };
	const [policy, ...others] = createVerifier({ ...options, authorizedParty: "web", scope: "orders:read" }).policy;
	assert.deepEqual(others, []);
	assert.deepEqual(policy.issuer, [options.issuer]);
	assert.deepEqual([policy.authorizedParty, policy.clientClaims], [["web"], ["client_id"]]);
	assert.deepEqual([policy.profile, policy.scope, policy.anyScope], ["jwt", ["orders:read"], []]);
	assert.deepEqual(
		policy.claims.map(({ claim }) => claim),
		["token_use"],
	);
	assert.match(policy.claims[0].expected, /access/);
	assert.deepEqual([policy.clockTolerance, policy.maxTokenAge, policy.maxTokenSize], [0, null, 16_384]);
	for (const claim of ["exp", "iss", "client_id"]) assert.ok(policy.requiredClaims.includes(claim), claim);
	const several = createVerifier({
		issuer: [{ issuer: "https://a.example" }, { issuer: "https://b.example", profile: "id-token" }],
		audience: "shop",
		algorithms: ["ES256"],
	});
	assert.deepEqual(
		several.policy.map(({ issuer, profile, audience, algorithms }) => [issuer, profile, audience, algorithms]),
		[
			[["https://a.example"], "jwt", ["shop"], ["ES256"]],
			[["https://b.example"], "id-token", ["shop"], ["ES256"]],
		],
	);
	const anyone = createVerifier({ issuer: null, audience: null, jwksUri: "https://a.example/jwks" });
	assert.deepEqual([anyone.policy[0].issuer, anyone.policy[0].audience], [null, null]);
});
