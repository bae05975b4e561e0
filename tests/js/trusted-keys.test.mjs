// Keys as people have them: what trusted configuration means without doubt is understood, the rest says what to pass.

import assert from "node:assert/strict";
import { createPublicKey, createSecretKey, randomBytes, sign, webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { FlattenedSign } from "jose";
import { keyPair } from "../keys.mjs";
import { audience, countersign, issuer, json, network, refusal, signer, start } from "./helpers.mjs";

const { createVerifier, jwkThumbprint, verifySignature } = countersign;
const fixture = (name) => readFileSync(new URL(`../rfc/fixtures/${name}`, import.meta.url), "utf8");
const b64u = (value) =>
	Buffer.from(typeof value === "object" && !Buffer.isBuffer(value) ? JSON.stringify(value) : value).toString(
		"base64url",
	);

/** A compact JWS by a private key. */
function jws(alg, key, header = {}) {
	const input = `${b64u({ alg, ...header })}.${b64u("payload")}`;
	const hash = /Ed/.test(alg) ? null : `sha${alg.slice(2, 5)}`;
	const pss = alg.startsWith("PS") && { padding: 6, saltLength: Number(alg.slice(2)) / 8 };
	return `${input}.${b64u(sign(hash, Buffer.from(input), { key, dsaEncoding: "ieee-p1363", ...pss }))}`;
}
const verdict = (token, keys, options) => refusal(() => verifySignature(token, keys, options));

test("a KeyObject of Node.js: every public kind, and secrets", async () => {
	const kinds = [
		["ES256", keyPair("ec", { namedCurve: "P-256" })],
		["ES384", keyPair("ec", { namedCurve: "P-384" })],
		["ES512", keyPair("ec", { namedCurve: "P-521" })],
		["ES256K", keyPair("ec", { namedCurve: "secp256k1" })],
		["EdDSA", keyPair("ed25519")],
		["RS256", keyPair("rsa", { modulusLength: 2048 })],
		["PS256", keyPair("rsa-pss", { modulusLength: 2048 })],
		["PS512", keyPair("rsa-pss", { modulusLength: 2048, hashAlgorithm: "sha512", mgf1HashAlgorithm: "sha512" })],
	];
	for (const [alg, { publicKey, privateKey }] of kinds) {
		const token = jws(alg.replace("ES256K", "ES256"), privateKey, { alg });
		for (const keys of [publicKey, [publicKey], [signer("other").jwk, publicKey]]) {
			assert.equal(await verdict(token, keys), "accepted", alg);
		}
	}
	assert.equal(await verdict(jws("ES256", kinds[0][1].privateKey), keyPair("x25519").publicKey), "key_invalid");
	assert.equal(await verdict(jws("PS256", kinds[6][1].privateKey), kinds[7][1].publicKey), "key_unsuitable");
	const secret = createSecretKey(randomBytes(32));
	const token = await new FlattenedSign(Buffer.from("payload")).setProtectedHeader({ alg: "HS256" }).sign(secret);
	const compact = `${token.protected}.${token.payload}.${token.signature}`;
	assert.equal(await verdict(compact, secret, { algorithms: ["HS256"] }), "accepted");
	assert.equal(
		await verdict(compact, createSecretKey(randomBytes(32)), { algorithms: ["HS256"] }),
		"signature_invalid",
	);
	assert.equal(await verdict(compact, createSecretKey(randomBytes(16)), { algorithms: ["HS256"] }), "key_weak");
	assert.equal(jwkThumbprint(kinds[0][1].publicKey), jwkThumbprint(kinds[0][1].publicKey.export({ format: "jwk" })));
});

test("a private KeyObject is refused before anything of it is read", async () => {
	for (const [alg, { publicKey, privateKey }] of [
		["ES256", keyPair("ec", { namedCurve: "P-256" })],
		["EdDSA", keyPair("ed25519")],
		["PS256", keyPair("rsa-pss", { modulusLength: 2048 })],
	]) {
		const token = jws(alg, privateKey, { alg });
		privateKey.export = () => assert.fail("exported");
		for (const keys of [privateKey, [publicKey, privateKey]]) {
			assert.equal(await verdict(token, keys), "key_private", alg);
			assert.equal(await refusal(() => createVerifier({ issuer, audience, keys })), "key_private");
		}
	}
});

test("a CryptoKey cannot be read at once: the TypeError says how to export it", async () => {
	const { publicKey } = await webcrypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign"]);
	for (const [keys, path] of [
		[publicKey, "keys"],
		[[publicKey], "keys\\[0\\]"],
	]) {
		const says = new RegExp(`^${path}: .*await crypto\\.subtle\\.exportKey\\("jwk", key\\)$`);
		assert.throws(() => createVerifier({ issuer, audience, keys }), { name: "TypeError", message: says });
		assert.throws(() => verifySignature("a.b.c", keys), { name: "TypeError", message: says });
	}
	assert.throws(
		() => createVerifier({ issuer: [{ issuer, audience, keys: publicKey }] }),
		/^TypeError: issuer\[0\]\.keys: /,
	);
	await createVerifier({ issuer, audience, keys: await webcrypto.subtle.exportKey("jwk", publicKey) });
});

test("classes are known by themselves: a tag on Object.prototype makes no plain object one", async () => {
	const key = signer("k1");
	const token = key.token();
	const tag = (value) => Object.defineProperty(Object.prototype, Symbol.toStringTag, { value, configurable: true });
	for (const name of ["KeyObject", "CryptoKey", "URL"]) {
		tag(name);
		Object.prototype.export = () => signer("evil").jwk;
		try {
			assert.equal(verifySignature(token, key.jwk).header.kid, "k1", name);
			assert.equal(verifySignature(token, [{ keys: [key.jwk] }]).header.kid, "k1", name);
		} finally {
			delete Object.prototype[Symbol.toStringTag];
			delete Object.prototype.export;
		}
	}
	// Nor does one of an object's own; and objects of another realm count by what they have.
	const own = { ...key.jwk, export: () => assert.fail("called"), [Symbol.toStringTag]: "KeyObject" };
	delete own.export;
	assert.equal(await verdict(token, own), "accepted");
	assert.equal(await verdict(token, runInNewContext(`(${JSON.stringify(key.jwk)})`)), "accepted");
	assert.equal(await verdict(token, runInNewContext(`[${JSON.stringify({ keys: [key.jwk] })}]`)), "accepted");
});

test("a secret as text is refused, by a text that says what to pass", async () => {
	const secret = "a-shared-secret-of-more-than-32-octets!";
	for (const text of [secret, `"${secret}"`, "1".repeat(40), `${"=".repeat(40)}`, "null", "ß".repeat(40), " ", ""]) {
		for (const keys of [text, [text], [signer("k").jwk, text]]) {
			await assert.rejects(
				async () => createVerifier({ issuer, audience, keys, algorithms: ["HS256"] }),
				(error) => {
					assert.equal(error.code, "key_invalid");
					assert.match(error.message, /new TextEncoder\(\)\.encode\(secret\)/);
					assert.ok(text.length < 30 || !error.message.includes(text), "the secret itself");
					return true;
				},
			);
		}
	}
	for (const text of ['{"kty":"EC"}', "{", fixture("es256.pem").slice(0, 100)]) {
		assert.throws(
			() => createVerifier({ issuer, audience, keys: text }),
			(error) => !/TextEncoder/.test(error.message),
		);
	}
	createVerifier({ issuer, audience, keys: new TextEncoder().encode(secret), algorithms: ["HS256"] });
});

test("PEM by kid: given as an object, as text, and fetched; the kid is compared", async () => {
	const [one, two] = [signer("one"), signer("two")];
	const pem = (key) => createPublicKey({ key: key.jwk, format: "jwk" }).export({ type: "spki", format: "pem" });
	const set = { one: pem(one), two: pem(two) };
	const url = "https://keys.example/publicKeys";
	const net = network({ [url]: () => json(set) });
	for (const keys of [
		{ keys: set },
		{ keys: JSON.stringify(set) },
		{ keys: [set] },
		{ jwksUri: url, fetch: net.fetch },
	]) {
		const verifier = createVerifier({ issuer, audience, now: () => start, ...keys });
		assert.equal((await verifier.verify(one.token())).header.kid, "one");
		assert.equal((await verifier.verify(two.token())).header.kid, "two");
		assert.equal(await refusal(() => verifier.verify(two.token({}, { kid: "one" }))), "signature_invalid");
		assert.match(
			await refusal(() => verifier.verify(two.token({}, { kid: "three" }))),
			/key_not_found|keys_unavailable/,
		);
	}
	const verify = (keys) => verdict(one.token(), keys);
	assert.equal(await verify({ one: pem(one).replaceAll("\n", "\\n") }), "accepted");
	assert.equal(await verify({ one: pem(one), two: "no key" }), "key_invalid");
	assert.equal(await verify({ one: pem(one), two: 1 }), "key_invalid");
	assert.equal(await verify({}), "key_invalid");
	const secret = keyPair("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" });
	assert.equal(await verify({ one: pem(one), two: secret }), "key_private");
	assert.equal(await verify(Object.create({ one: pem(one) })), "key_invalid", "inherited members are none");
});

test("more than 16 candidate keys: the refusal and explain say how many were left out", async () => {
	const key = signer("k");
	const others = Array.from({ length: 40 }, () => ({ ...signer().jwk, kid: undefined }));
	const verifier = createVerifier({ issuer, audience, keys: { keys: others }, now: () => start });
	const expected = "ES256 under 16 of 40 keys";
	assert.throws(
		() => verifier.verifySync(key.token()),
		(error) => {
			assert.deepEqual([error.code, error.expected], ["signature_invalid", expected]);
			assert.match(error.message, /16 of 40 keys/);
			return true;
		},
	);
	const { checks } = await verifier.explain(key.token());
	assert.equal(checks.find((check) => check.name === "signature").expected, expected);
	const few = createVerifier({ issuer, audience, keys: { keys: others.slice(0, 16) }, now: () => start });
	assert.throws(() => few.verifySync(key.token()), { expected: "ES256 under 16 keys" });
});

test("detached and unencoded payloads, signed by jose (RFC 7515 Appendix F, RFC 7797)", async () => {
	const { publicKey, privateKey } = keyPair("ec", { namedCurve: "P-256" });
	const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
	for (const payload of ["$.02", "", "a.b.c", "Schlüssel 🔑", "\n", '{"a":1}', every]) {
		const bytes = Buffer.from(payload);
		for (const b64 of [undefined, true, false]) {
			const header = { alg: "ES256", ...(b64 !== undefined && { b64, crit: ["b64"] }) };
			const made = await new FlattenedSign(bytes).setProtectedHeader(header).sign(privateKey);
			const detached = `${made.protected}..${made.signature}`;
			for (const given of [bytes, new Uint8Array(bytes), ...(typeof payload === "string" ? [payload] : [])]) {
				const verified = verifySignature(detached, publicKey, { payload: given });
				assert.deepEqual(Buffer.from(verified.payload), bytes);
				assert.deepEqual(verified.header, header);
			}
			for (const other of ["$.03", Buffer.concat([bytes, Buffer.of(0)]), `.${payload}`]) {
				assert.equal(await verdict(detached, publicKey, { payload: other }), "signature_invalid");
			}
			const without = b64 === false ? "b64_unsupported" : payload === "" ? "accepted" : "signature_invalid";
			assert.equal(await verdict(detached, publicKey), without);
			assert.equal(await verdict(detached, publicKey, { payload: undefined }), without);
			if (payload === "") continue;
			const attached = `${made.protected}.${b64u(bytes)}.${made.signature}`;
			assert.equal(await verdict(attached, publicKey, { payload: bytes }), "token_malformed");
			if (b64 !== false) assert.equal(await verdict(attached, publicKey), "accepted");
		}
	}
	for (const payload of [1, null, {}, [], new Uint16Array(2), new ArrayBuffer(2), "\ud800"]) {
		assert.throws(() => verifySignature("a..b", publicKey, { payload }), /^TypeError: payload: /);
	}
	// A JSON Web Token is always encoded (RFC 7797 §7), and has its claims with it.
	const claims = JSON.stringify({ iss: issuer, aud: audience, exp: start + 60 });
	const verifier = createVerifier({ issuer, audience, keys: publicKey, now: () => start, crit: ["b64"] });
	const made = await new FlattenedSign(Buffer.from(claims))
		.setProtectedHeader({ alg: "ES256", b64: false, crit: ["b64"] })
		.sign(privateKey);
	assert.equal(
		await refusal(() => verifier.verify(`${made.protected}.${b64u(claims)}.${made.signature}`)),
		"b64_unsupported",
	);
	assert.equal(await refusal(() => verifier.verify(`${made.protected}..${made.signature}`)), "token_malformed");
	assert.throws(
		() => createVerifier({ issuer, audience, keys: publicKey, payload: claims }),
		/^TypeError: payload: unknown/,
	);
});
