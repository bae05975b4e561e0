// What stands in the tokens that countersign/testing mints for each provider, as the providers' own pages show it, and where
// the provider has its keys. ES256 signs, since keys of RSA take long to make.

import assert from "node:assert/strict";
import { test } from "node:test";
import { countersign, start, testing } from "./helpers.mjs";
import { assertShape, ID, SHAPES, UUID } from "./testing-shapes-kit.mjs";

const tokensOf = async (options) => {
	const kit = await testing.createTestIssuer({ alg: "ES256", now: start, ...options });
	const [access, id] = await Promise.all([kit.mint(), kit.mintIdToken()]);
	return { kit, access: countersign.decodeUnverified(access), id: countersign.decodeUnverified(id) };
};

for (const [provider, shape] of Object.entries(SHAPES)) {
	test(`${provider}: addresses, header, claims of the token for APIs and of the ID token`, async () => {
		const { kit, access, id } = await tokensOf({ provider });
		const { issuer, audience, clientId, metadata } = kit;
		assertShape({ issuer, audience, clientId, keys: metadata.jwks_uri }, shape.kit);
		assert.equal(metadata.issuer, issuer);
		assert.deepEqual(access.header, { alg: "ES256", kid: "key-1", ...shape.header });
		assert.deepEqual(id.header, { alg: "ES256", kid: "key-1", typ: "JWT" });
		assertShape(access.claims, shape.claims);
		assertShape(id.claims, shape.idToken);
	});

	test(`${provider}: issuer, audience, client and lifetime of one's own are in the claims that it has for them`, async () => {
		const own = { issuer: "https://id.example/one/two", audience: "my-api", clientId: "my-client", lifetime: 60 };
		const { kit, access, id } = await tokensOf({ provider, ...own });
		const { aud, client, others = [] } = shape.parties;
		const audiences = others.map((other) => other.replace("ISSUER", own.issuer));
		assert.equal(access.claims.iss, own.issuer);
		const expected = aud === "list" ? [own.audience, ...audiences] : own.audience;
		assert.deepEqual(access.claims.aud, aud === "none" ? undefined : expected);
		if (client !== undefined) assert.equal(access.claims[client], own.clientId);
		assert.deepEqual([access.claims.exp, id.claims.exp], [start + 60, start + 60]);
		assert.equal(id.claims.aud, shape.claims === shape.idToken ? own.audience : own.clientId);
		assert.equal(kit.clientId, own.clientId);
	});
}

test("no provider: the access token of RFC 9068 §2.2 and the ID token of OpenID Connect Core §2", async () => {
	const { kit, access, id } = await tokensOf();
	assert.deepEqual(access.header, { alg: "ES256", kid: "key-1", typ: "at+jwt" });
	assert.equal(kit.metadata.jwks_uri, "https://issuer.example/jwks");
	const both = { iss: "https://issuer.example", sub: "user-1", iat: start, exp: start + 300 };
	assertShape(access.claims, { ...both, aud: "https://api.example", client_id: "client-1", jti: ID });
	assertShape(id.claims, { ...both, aud: "client-1", auth_time: start });
});

test("identifiers of a token and of a session are new in each", async () => {
	for (const [provider, ...names] of [
		["okta", "jti"],
		["entra", "uti"],
		["cognito", "jti", "origin_jti"],
		["keycloak", "jti", "sid"],
		["supabase", "session_id"],
		["google", "jti"],
	]) {
		const { mint } = await testing.createTestIssuer({ provider, alg: "ES256" });
		const [one, other] = [await mint(), await mint()].map((token) => countersign.decodeUnverified(token).claims);
		for (const name of names) assert.notEqual(one[name], other[name], `${provider} ${name}`);
	}
});

test("a tenant of Entra is the one in the issuer's address, and its key set is beside that", async () => {
	const tenantOf = async (issuer) => (await tokensOf({ provider: "entra", issuer })).access.claims.tid;
	assert.equal(await tenantOf("https://login.microsoftonline.com/shop/v2.0"), "shop");
	assert.equal(await tenantOf("http://127.0.0.1:8080/shop"), "shop");
	assert.match(await tenantOf("https://id.example"), UUID);
	assert.match(await tenantOf("https://id.example/"), UUID);
	const several = await tokensOf({ provider: "cloudflare-access", audience: ["a", "b"] });
	assert.deepEqual(
		[several.kit.audience, several.access.claims.aud],
		[
			["a", "b"],
			["a", "b"],
		],
	);
});
