// The functions beside the verifier: each gives what its RFC's example, or another implementation, gives.

import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { test } from "node:test";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from "jose";
import { audience, countersign, refusal, signer, start } from "./helpers.mjs";

const { createPkce, decodeUnverified, jwkThumbprint, jwkThumbprintUri, pkceChallenge, verifyDpopProof } = countersign;
const { verifyPkce, verifySignature } = countersign;

test("PKCE: RFC 7636 appendix B, and pairs of our own", async () => {
	const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
	const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
	assert.equal(pkceChallenge(verifier), challenge);
	assert.equal(verifyPkce(verifier, challenge, "S256"), true);
	assert.equal(verifyPkce(verifier, `F${challenge.slice(1)}`, "S256"), false);
	assert.equal(verifyPkce(verifier, verifier, "plain"), true);
	assert.equal(await refusal(() => pkceChallenge("short")), "pkce_verifier_invalid");
	const made = createPkce();
	assert.match(made.verifier, /^[\w-]{43}$/);
	assert.equal(made.challenge, createHash("sha256").update(made.verifier).digest("base64url"));
	assert.equal(made.method, "S256");
	assert.notEqual(createPkce().verifier, made.verifier);
});

test("thumbprints: RFC 7638 §3.1 and RFC 9278 §3", () => {
	const jwk = {
		kty: "RSA",
		n: [
			"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMs",
			"tn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5ha",
			"jrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
		].join(""),
		e: "AQAB",
		alg: "RS256",
		kid: "2011-04-29",
	};
	const thumbprint = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";
	assert.equal(jwkThumbprint(jwk), thumbprint);
	assert.equal(jwkThumbprintUri(jwk), `urn:ietf:params:oauth:jwk-thumbprint:sha-256:${thumbprint}`);
	const unreadable = {
		get kty() {
			throw new Error("no");
		},
	};
	assert.throws(() => jwkThumbprint(unreadable), { name: "TypeError", message: "jwk.kty: cannot be read" });
	assert.throws(() => jwkThumbprintUri([unreadable]), { name: "TypeError", message: "jwk[0].kty: cannot be read" });
});

test("decodeUnverified and verifySignature give header and payload, of text and of bytes", async () => {
	const key = signer("k1");
	const token = key.token({ sub: "ada" });
	for (const given of [token, new TextEncoder().encode(token)]) {
		const { header, claims } = decodeUnverified(given);
		assert.deepEqual([header, claims.sub], [{ alg: "ES256", kid: "k1" }, "ada"]);
		const verified = verifySignature(given, key.jwk);
		assert.deepEqual(verified.header, { alg: "ES256", kid: "k1" });
		assert.deepEqual(Buffer.from(verified.payload).toString("base64url"), token.split(".")[1]);
	}
	assert.equal(await refusal(() => verifySignature(token, signer("k1").jwk)), "signature_invalid");
	assert.equal(await refusal(() => verifySignature(token, key.jwk, { algorithms: ["RS256"] })), "alg_not_allowed");
	const unreadable = {
		get kid() {
			throw new Error("no");
		},
	};
	assert.throws(() => verifySignature(token, [unreadable]), { message: "keys[0].kid: cannot be read" });
	assert.throws(() => verifySignature(token, key.jwk, unreadable), { message: "kid: cannot be read" });
});

test("verifyDpopProof: a proof that jose has made, and one that was seen before", async () => {
	const { privateKey, publicKey } = await generateKeyPair("ES256");
	const jwk = await exportJWK(publicKey);
	const url = `${audience}/purchases`;
	const jti = randomUUID();
	const proof = await new SignJWT({ jti, htm: "GET", htu: url, iat: start })
		.setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk })
		.sign(privateKey);
	const base = { method: "GET", url, now: () => start };
	const verified = await verifyDpopProof(proof, base);
	assert.equal(verified.jti, jti);
	assert.equal(verified.thumbprint, await calculateJwkThumbprint(jwk));
	assert.equal(verified.claims.htu, url);
	assert.deepEqual(verified.header.jwk, jwk);
	assert.equal(await refusal(() => verifyDpopProof(proof, { ...base, now: () => start + 61 })), "dpop_expired");
	const asked = [];
	const seen = (answer) => async (id) => {
		asked.push(id);
		return answer;
	};
	await verifyDpopProof(proof, { ...base, seen: seen(false) });
	assert.equal(await refusal(() => verifyDpopProof(proof, { ...base, seen: seen(true) })), "dpop_replayed");
	assert.deepEqual(asked, [jti, jti]);
});
