// The keys of countersign/testing: what WebCrypto is asked for, what is published of a key, which of several signs.

import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { test } from "node:test";
import { testing } from "./helpers.mjs";

const { createTestIssuer } = testing;

/** A WebCrypto that makes keys of every algorithm, of which `exported` is the JWK, and tells what it was asked. */
function standIn(t, exported) {
	const asked = {};
	const { subtle } = globalThis.crypto;
	t.mock.method(subtle, "generateKey", async (...given) => {
		asked.generate = given;
		return { privateKey: { is: "private" }, publicKey: {} };
	});
	t.mock.method(subtle, "importKey", async (...given) => {
		asked.import = given;
		return { is: "imported" };
	});
	t.mock.method(subtle, "exportKey", async (...given) => {
		asked.export = given;
		return exported;
	});
	t.mock.method(subtle, "sign", async (...given) => {
		asked.sign = given;
		return new Uint8Array([251, 255, 254]).buffer;
	});
	return asked;
}

// Node.js 20 has no such keys. The others jose checks, in testing.test.mjs.
test("keys of ML-DSA are asked for by the names that RFC 9964 gives them", async (t) => {
	for (const alg of ["ML-DSA-44", "ML-DSA-65", "ML-DSA-87"]) {
		const asked = standIn(t, { kty: "AKP" });
		const token = await (await createTestIssuer({ alg })).mint();
		assert.deepEqual(asked.generate, [{ name: alg }, true, ["sign", "verify"]]);
		const [{ name }, key, bytes] = asked.sign;
		assert.deepEqual([name, key.is], [alg, "private"]);
		assert.equal(`${Buffer.from(bytes)}.-__-`, token);
		t.mock.reset();
	}
});

test("the algorithm is the provider's unless another one is said", async (t) => {
	const asked = standIn(t, {});
	for (const [provider, alg, name] of [
		[undefined, "ES256", "ECDSA"],
		["google-iap", "ES256", "ECDSA"],
		["supabase", "ES256", "ECDSA"],
		["auth0", "RS256", "RSASSA-PKCS1-v1_5"],
		["kubernetes", "RS256", "RSASSA-PKCS1-v1_5"],
	]) {
		const kit = await createTestIssuer({ provider });
		assert.deepEqual([kit.alg, kit.metadata.id_token_signing_alg_values_supported], [alg, [alg]], provider);
		assert.equal(asked.generate[0].name, name, provider);
	}
	assert.equal((await createTestIssuer({ provider: "auth0", alg: "ES512" })).alg, "ES512");
});

test("of a key its public members are published, and all but the secret of HMAC goes out", async (t) => {
	const secrets = { d: "1", p: "2", q: "3", dp: "4", dq: "5", qi: "6", oth: [], priv: "7" };
	standIn(t, { kty: "RSA", n: "8", e: "9", ...secrets, key_ops: ["sign"], ext: true });
	const { jwks, exportKey } = await createTestIssuer({ alg: "PS384" });
	assert.deepEqual(jwks, { keys: [{ kty: "RSA", n: "8", e: "9", kid: "key-1", alg: "PS384", use: "sig" }] });
	assert.deepEqual(await exportKey(), { kty: "RSA", n: "8", e: "9", ...secrets, kid: "key-1", alg: "PS384" });
});

test("a key of one's own is imported by the option's algorithm, whatever its other members say", async (t) => {
	const asked = standIn(t, {});
	const own = { kid: "mine", use: "enc", key_ops: ["verify"] };
	const { alg, jwks } = await createTestIssuer({ signingKey: { kty: "OKP", x: "1", d: "2", alg: "EdDSA", ...own } });
	assert.deepEqual(asked.import, ["jwk", { kty: "OKP", x: "1", d: "2" }, { name: "Ed25519" }, true, ["sign"]]);
	assert.equal(alg, "EdDSA");
	assert.deepEqual(jwks.keys, [{ kty: "OKP", x: "1", kid: "mine", alg: "EdDSA", use: "sig" }]);
	// Keys of ML-DSA are none without alg. RFC 9964 §3
	const akp = { kty: "AKP", pub: "1", priv: "2", alg: "ML-DSA-65" };
	const { jwks: published } = await createTestIssuer({ signingKey: akp });
	assert.deepEqual(asked.import[1], akp);
	assert.deepEqual(published.keys, [{ kty: "AKP", pub: "1", kid: "key-1", alg: "ML-DSA-65", use: "sig" }]);
	await createTestIssuer({ signingKey: { kty: "oct", k: "1" }, alg: "HS256" });
	assert.deepEqual(asked.import[1], { kty: "oct", k: "1" });
});

test("what WebCrypto says against a key is the cause of the error", async () => {
	const refused = { kty: "EC", crv: "P-256", x: "AA", y: "AA", d: "AA" };
	const error = await createTestIssuer({ signingKey: refused }).catch((error) => error);
	assert.deepEqual([error.name, error.message], ["TypeError", "signingKey: expected a private JWK for ES256"]);
	assert.equal(error.cause?.name, "DataError");
});

test("a key that WebCrypto cannot make is refused by its name, with the cause", async (t) => {
	const cause = new Error("no such thing");
	t.mock.method(globalThis.crypto.subtle, "generateKey", () => Promise.reject(cause));
	const error = await createTestIssuer({ alg: "ML-DSA-87" }).catch((error) => error);
	assert.match(`${error}`, /^TypeError: alg: .*ML-DSA-87/);
	assert.equal(error.cause, cause);
});

/** Whether a published key has signed a token. */
function isBy(jwk, token) {
	const [header, claims, signature] = token.split(".");
	const key = { key: createPublicKey({ key: jwk, format: "jwk" }), dsaEncoding: "ieee-p1363" };
	return verify("sha256", Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, "base64url"));
}

test("a kid among those that there were signs with that key, any other with the present one", async () => {
	const { mint, rotate, exportKey, ...kit } = await createTestIssuer();
	const first = await exportKey();
	assert.equal(await rotate({ withdraw: true }), "key-2");
	const second = await exportKey();
	assert.deepEqual([first.kid, second.kid, first.d === second.d], ["key-1", "key-2", false]);
	assert.ok(isBy(first, await mint({}, { kid: "key-1" })));
	for (const kid of ["key-2", "another", undefined]) assert.ok(isBy(second, await mint({}, { kid })), kid);
	assert.match(await mint({}, { alg: "none" }), /^[\w-]+\.[\w-]+\.$/);
	// Another alg is text alone.
	assert.ok(isBy(second, await mint({}, { alg: "HS256" })));
	assert.equal(await rotate({ withdraw: false }), "key-3");
	assert.equal(await rotate({}), "key-4");
	assert.equal(kit.jwks.keys.length, 1, "a copy is one of then");
});

test("the published set follows rotations, over the network too, and never has a secret there", async () => {
	const kit = await createTestIssuer();
	const kids = async () => {
		const { keys } = await (await kit.fetch(kit.metadata.jwks_uri)).json();
		assert.deepEqual(keys, kit.jwks.keys);
		for (const key of keys) assert.deepEqual(Object.keys(key).sort(), "alg crv kid kty use x y".split(" "));
		return keys.map(({ kid }) => kid);
	};
	assert.deepEqual(await kids(), ["key-1"]);
	await kit.rotate({ withdraw: undefined });
	await kit.rotate();
	assert.deepEqual(await kids(), ["key-1", "key-2", "key-3"]);
	await kit.rotate({ withdraw: true });
	assert.deepEqual(await kids(), ["key-4"]);
	const { jwks, fetch, metadata } = await createTestIssuer({ alg: "HS256" });
	assert.equal(jwks.keys.length, 1);
	assert.deepEqual(await (await fetch(metadata.jwks_uri)).json(), { keys: [] });
});
