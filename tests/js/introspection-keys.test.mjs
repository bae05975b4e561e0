// The private key of private_key_jwt (RFC 7523 §2.2) in the forms that people have: what jose says of the assertions, and
// what is no such key.

import assert from "node:assert/strict";
import { createSecretKey, webcrypto } from "node:crypto";
import { test } from "node:test";
import { jwtVerify } from "jose";
import { keyPair } from "../keys.mjs";
import { audience, edge, issuer, json, network } from "./helpers.mjs";

const { subtle } = webcrypto;

const pairs = {
	P256: keyPair("ec", { namedCurve: "P-256" }),
	P384: keyPair("ec", { namedCurve: "P-384" }),
	P521: keyPair("ec", { namedCurve: "P-521" }),
	secp256k1: keyPair("ec", { namedCurve: "secp256k1" }),
	Ed25519: keyPair("ed25519"),
	Ed448: keyPair("ed448"),
	RSA: keyPair("rsa", { modulusLength: 2048 }),
	PSS: keyPair("rsa-pss", { modulusLength: 2048 }),
};
const jwk = (name, more) => ({ ...pairs[name].privateKey.export({ format: "jwk" }), ...more });
const pem = (name, type = "pkcs8", more = {}) => pairs[name].privateKey.export({ format: "pem", type, ...more });
const cryptoKey = (name, algorithm, usages = ["sign"]) => subtle.importKey("jwk", jwk(name), algorithm, false, usages);

const rsa = (name, hash) => ({ name, hash });
const [ec256, ec384, ec521] = ["P-256", "P-384", "P-521"].map((namedCurve) => ({ name: "ECDSA", namedCurve }));

/** The same RSA key, held to one algorithm each. */
const rsaKeys = {};
for (const hash of ["256", "384", "512"]) {
	rsaKeys[`RS${hash}`] = await cryptoKey("RSA", rsa("RSASSA-PKCS1-v1_5", `SHA-${hash}`));
	rsaKeys[`PS${hash}`] = await cryptoKey("RSA", rsa("RSA-PSS", `SHA-${hash}`));
}

/** `[what, key, whose, alg, kid]` */
const GOOD = [
	["JWK", jwk("P256", { kid: "k" }), "P256", "ES256", "k"],
	["JWK", jwk("P384"), "P384", "ES384"],
	["JWK", jwk("P521"), "P521", "ES512"],
	["JWK", jwk("Ed25519"), "Ed25519", "EdDSA"],
	["JWK by the name of RFC 9864", jwk("Ed25519", { alg: "Ed25519" }), "Ed25519", "Ed25519"],
	["JWK for checking", jwk("P256", { use: "enc", key_ops: ["verify"] }), "P256", "ES256"],
	["JWK", jwk("RSA"), "RSA", "RS256"],
	...Object.keys(rsaKeys).flatMap((alg) => [
		[`JWK with alg ${alg}`, jwk("RSA", { alg }), "RSA", alg],
		[`PEM beside alg ${alg}`, { key: pem("RSA"), alg, kid: "r" }, "RSA", alg, "r"],
		[`CryptoKey for ${alg}`, rsaKeys[alg], "RSA", alg],
	]),
	["PEM", pem("P256"), "P256", "ES256"],
	["PEM", pem("P384"), "P384", "ES384"],
	["PEM", pem("P521"), "P521", "ES512"],
	["PEM", pem("Ed25519"), "Ed25519", "EdDSA"],
	["PEM in one line of an environment file", pem("P256").replaceAll("\n", "\\n"), "P256", "ES256"],
	["PEM with its kid", { key: pem("P256"), kid: "k" }, "P256", "ES256", "k"],
	["PEM with its alg", { key: pem("P256"), alg: "ES256" }, "P256", "ES256"],
	["PEM by the name of RFC 9864", { key: pem("Ed25519"), alg: "Ed25519" }, "Ed25519", "Ed25519"],
	["CryptoKey", await cryptoKey("P256", ec256), "P256", "ES256"],
	["CryptoKey", await cryptoKey("P384", ec384), "P384", "ES384"],
	["CryptoKey", await cryptoKey("P521", ec521), "P521", "ES512"],
	["CryptoKey", await cryptoKey("Ed25519", { name: "Ed25519" }), "Ed25519", "EdDSA"],
	["CryptoKey with its kid", { key: await cryptoKey("P256", ec256), kid: "k" }, "P256", "ES256", "k"],
	["KeyObject", pairs.P256.privateKey, "P256", "ES256"],
	["KeyObject of RSA", { key: pairs.RSA.privateKey, alg: "PS256" }, "RSA", "PS256"],
];

/** A guard that shows who it is by a key; `asked`: the forms that its endpoint got. */
function guardBy(privateKey) {
	const asked = [];
	const { fetch } = network({
		[`${issuer}/introspect`]: async (request) => {
			asked.push(new URLSearchParams(await request.text()));
			return json({ active: true, iss: issuer, aud: audience, exp: Math.floor(Date.now() / 1000) + 60 });
		},
	});
	const introspection = { clientId: "orders-api", privateKey, endpoint: `${issuer}/introspect` };
	return { asked, ...edge.guard({ issuer, audience, fetch, tokens: "opaque", introspection }) };
}

for (const [what, key, whose, alg, kid] of GOOD) {
	test(`${what}, ${whose}: an assertion by ${alg}`, async () => {
		const { check, asked } = guardBy(key);
		for (const token of ["one", "two"]) {
			await check(new Request(audience, { headers: { authorization: `Bearer ${token}` } }));
		}
		const assertions = asked.map((form) => form.get("client_assertion"));
		assert.equal(assertions.length, 2);
		for (const assertion of assertions) {
			assert.match(assertion, /^[\w-]+\.[\w-]+\.[\w-]+$/); // No padding: RFC 7515 §2
			const { payload, protectedHeader } = await jwtVerify(assertion, pairs[whose].publicKey, {
				algorithms: [alg],
				issuer: "orders-api",
				subject: "orders-api",
				audience: issuer,
				requiredClaims: ["jti", "exp", "iat"],
			});
			assert.equal(protectedHeader.kid, kid);
			assert.ok(payload.exp - payload.iat <= 60);
		}
	});
}

test("a key is imported once, and cannot be exported again", async (t) => {
	const importKey = t.mock.method(subtle, "importKey");
	for (const key of [jwk("P256"), pem("P256")]) {
		importKey.mock.resetCalls();
		const { check } = guardBy(key);
		for (const token of ["one", "two"]) {
			await check(new Request(audience, { headers: { authorization: `Bearer ${token}` } }));
		}
		const given = importKey.mock.calls.map(({ arguments: [, , , extractable, usages] }) => [extractable, usages]);
		assert.deepEqual(given, [[false, ["sign"]]]);
	}
});

const PATH = "introspection.privateKey";
const FORMS = "expected a private JWK, a CryptoKey for signing, or PEM (PKCS #8)";
const ALGORITHMS = "expected a key for ES256, ES384, ES512, EdDSA, RS256, RS384, RS512, PS256, PS384 or PS512";
const block = (found) => `expected PEM with one PRIVATE KEY (PKCS #8, without a passphrase), found ${found}`;
const passphrase = { cipher: "aes-256-cbc", passphrase: "p" };

/** `[what, key, path, message]` */
const WRONG = [
	...[null, 7, true, [], {}, { kty: "EC" }].map((key) => [JSON.stringify(key), key, "", FORMS]),
	["a public JWK", pairs.P256.publicKey.export({ format: "jwk" }), "", FORMS],
	["bytes", pairs.P256.privateKey.export({ format: "der", type: "pkcs8" }), "", FORMS],
	["a public KeyObject", pairs.P256.publicKey, "", FORMS],
	["a secret KeyObject", createSecretKey(Buffer.alloc(32)), "", FORMS],
	["a JWK on secp256k1", jwk("secp256k1"), "", ALGORITHMS],
	["a JWK for HS256", jwk("P256", { alg: "HS256" }), "", ALGORITHMS],
	["a JWK for another curve's", jwk("P256", { alg: "ES384" }), "", ALGORITHMS],
	["text", "secret", "", block("no PEM")],
	["the text of a JWK", JSON.stringify(jwk("P256")), "", block("no PEM")],
	["PEM of SEC 1", pem("P256", "sec1"), "", block("EC PRIVATE KEY")],
	["PEM of PKCS #1", pem("RSA", "pkcs1"), "", block("RSA PRIVATE KEY")],
	["PEM under a passphrase", pem("P256", "pkcs8", passphrase), "", block("ENCRYPTED PRIVATE KEY")],
	["public PEM", pairs.P256.publicKey.export({ format: "pem", type: "spki" }), "", block("PUBLIC KEY")],
	["two keys", pem("P256") + pem("P384"), "", block("several blocks")],
	["half a key", pem("P256").slice(0, 80), "", block("a malformed PEM text")],
	["PEM on secp256k1", pem("secp256k1"), "", ALGORITHMS],
	["PEM of Ed448", pem("Ed448"), "", block("a key of another algorithm")],
	["PEM of RSASSA-PSS", pem("PSS"), "", block("a key of RSASSA-PSS")],
	[
		"RSA in PEM alone",
		pem("RSA"),
		"",
		"expected { key, alg }: an RSA key does not say whether it is for RS256 or PS256",
	],
	["PEM with another curve's alg", { key: pem("P256"), alg: "ES384" }, ".alg", ALGORITHMS],
	["RSA with no RSA alg", { key: pem("RSA"), alg: "ES256" }, ".alg", ALGORITHMS],
	["alg of another type", { key: pem("RSA"), alg: 1 }, ".alg", "expected a string"],
	["another member", { key: pem("P256"), passphrase: "p" }, ".passphrase", "unknown option"],
	["a JWK in key", { key: jwk("P256") }, ".key", "expected a CryptoKey for signing, or PEM (PKCS #8)"],
	["a CryptoKey with another alg", { key: await cryptoKey("P256", ec256), alg: "ES384" }, ".alg", ALGORITHMS],
	["a CryptoKey for SHA-1", await cryptoKey("RSA", rsa("RSASSA-PKCS1-v1_5", "SHA-1")), "", ALGORITHMS],
	["a CryptoKey for RS256 as PS256", { key: rsaKeys.RS256, alg: "PS256" }, ".alg", ALGORITHMS],
	...(await Promise.all(
		[
			["a public CryptoKey", publicKey()],
			["a CryptoKey for ECDH", cryptoKey("P256", { name: "ECDH", namedCurve: "P-256" }, ["deriveBits"])],
			["a secret CryptoKey", subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"])],
		].map(async ([what, key]) => [what, await key, "", "expected a private CryptoKey with the usage sign"]),
	)),
];

function publicKey() {
	return subtle.importKey("jwk", pairs.P256.publicKey.export({ format: "jwk" }), ec256, true, ["verify"]);
}

for (const [what, key, place, message] of WRONG) {
	test(`TypeError for ${what}`, () => {
		assert.throws(
			() => guardBy(key),
			(error) => {
				assert.equal(error.name, "TypeError");
				assert.equal(error.message.slice(0, `${PATH}${place}: ${message}`.length), `${PATH}${place}: ${message}`);
				assert.ok(error.message.length < 200, "and nothing of the key");
				return true;
			},
		);
	});
}

test("an instance that only calls itself a CryptoKey is none", () => {
	class Fake {
		type = "private";
		usages = ["sign"];
		algorithm = { name: "none" };
		get [Symbol.toStringTag]() {
			return "CryptoKey";
		}
	}
	assert.throws(() => guardBy(new Fake()), /^TypeError: introspection\.privateKey: expected a key for/);
});

test("what is thrown at the key's use is a failure of the question, without the key", async () => {
	const { check } = guardBy(
		"-----BEGIN PRIVATE KEY-----\nMBoCAQAwEwYHKoZIzj0CAQYIKoZIzj0DAQcEAA==\n-----END PRIVATE KEY-----",
	);
	const error = await check(new Request(audience, { headers: { authorization: "Bearer t" } })).catch((error) => error);
	assert.equal(error.code, "introspection_failed");
});
