// The instance: what goes in, what survives, and what a trap leaves behind.

import assert from "node:assert/strict";
import { test } from "node:test";
import { audience, countersign, issuer, json, network, refusal, signer, start } from "./helpers.mjs";
import { memories } from "./memories.mjs";

const { createVerifier, decodeUnverified, verifySignature } = countersign;

const key = signer("k1");
const verifierOf = (options) => createVerifier({ issuer, audience, keys: key.jwk, now: () => start, ...options });

test("a trap is survived: the call fails, the next one works, fetched keys included", async () => {
	const net = network({ [`${issuer}/jwks`]: () => json({ keys: [key.jwk] }) });
	const fetched = verifierOf({ keys: undefined, jwksUri: `${issuer}/jwks`, fetch: net.fetch });
	const fixed = verifierOf();
	await fetched.verify(key.token());
	fixed.verifySync(key.token());
	const before = memories.length;
	for (let round = 1; round <= 3; round++) {
		new Uint8Array(memories.at(-1).buffer).fill(0xff);
		assert.throws(() => fetched.verifySync(key.token()), {
			code: "internal",
			help: /^https:\/\/unpkg\.com\/countersign@\d+\.\d+\.\d+\/errors\/internal\.md$/,
		});
		assert.equal(fetched.verifySync(key.token()).claims.sub, "user-1");
		assert.equal(fixed.verifySync(key.token()).claims.sub, "user-1");
		assert.equal(memories.length, before + round);
	}
	assert.equal(net.calls.length, 1);
	fetched.dispose();
	fixed.dispose();
});

test("a trap is one, whatever the prototype of its error says by then", () => {
	const verifier = verifierOf();
	assert.equal(verifier.verifySync(key.token()).claims.sub, "user-1");
	Object.prototype.tag = "refusal";
	try {
		new Uint8Array(memories.at(-1).buffer).fill(0xff);
		assert.throws(() => verifier.verifySync(key.token()), { code: "internal", status: 503 });
		assert.throws(() => verifier.verifySync("x"), { code: "token_malformed" });
	} finally {
		delete Object.prototype.tag;
	}
});

test("without a clock of one's own, the platform's decides, in seconds", async (t) => {
	const verifier = verifierOf({ now: undefined });
	const at = (milliseconds) => {
		t.mock.method(Date, "now", () => milliseconds);
		return refusal(() => verifier.verifySync(token));
	};
	const token = key.token({ nbf: start, exp: start + 300 });
	for (const [seconds, outcome] of [
		[0, "accepted"],
		[299.9, "accepted"],
		[400, "token_expired"],
		[-400, "token_not_yet_valid"],
	]) {
		assert.equal(await at((start + seconds) * 1000), outcome, String(seconds));
	}
});

test("what is no token is refused, whatever it is", async () => {
	const verifier = verifierOf();
	for (const wrong of [
		undefined,
		null,
		0,
		1n,
		true,
		{},
		[],
		() => {},
		Symbol("x"),
		new Date(),
		"",
		" ",
		"a.b.c",
		"é.ü.€",
	]) {
		const code = await refusal(() => verifier.verifySync(wrong));
		assert.match(code, /^(token_missing|token_malformed|base64url_invalid)$/, String(wrong));
	}
	class Sneaky {
		toString() {
			return key.token();
		}
	}
	assert.equal(await refusal(() => verifier.verifySync(new Sneaky())), "token_malformed");
	const bytes = new TextEncoder().encode(key.token());
	assert.equal(verifier.verifySync(bytes).claims.sub, "user-1");
	structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
	assert.match(await refusal(() => verifier.verifySync(bytes)), /^token_/);
});

test("long tokens are refused in bounded memory; growing memory breaks no view", async () => {
	const verifier = verifierOf();
	assert.equal(await refusal(() => verifier.verifySync("a".repeat(10_000_000))), "token_too_large");
	assert.equal(await refusal(() => verifier.verifySync("é".repeat(6_000_000))), "token_too_large");
	assert.equal(await refusal(() => verifier.verifySync(".".repeat(40_000_000))), "token_too_large");
	assert.equal(verifier.verifySync(key.token()).claims.sub, "user-1");
	const large = verifierOf({ maxTokenSize: 8_000_000 });
	const { claims } = large.verifySync(key.token({ note: "x".repeat(3_000_000) }));
	assert.equal(claims.note.length, 3_000_000);
	assert.ok(memories.at(-1).buffer.byteLength < 128 * 1024 * 1024);
});

test("claims are the payload, text and all", () => {
	const claims = { text: 'é€😀\u0000"\\', nested: { a: [1, 2.5, null, true] }, __proto__: null };
	const verified = verifierOf().verifySync(key.token(claims)).claims;
	assert.deepEqual([verified.text, verified.nested], [claims.text, claims.nested]);
	assert.equal(decodeUnverified(key.token(claims)).claims.text, claims.text);
	const { payload, header } = verifySignature(key.token(claims), key.jwk, { algorithms: ["ES256"] });
	assert.equal(JSON.parse(new TextDecoder().decode(payload)).text, claims.text);
	assert.equal(header.kid, "k1");
});

test("explain agrees with verify, and never throws on a bad token", async () => {
	const verifier = verifierOf();
	const good = await verifier.explain(key.token());
	assert.deepEqual([good.valid, good.code, good.claims.sub], [true, null, "user-1"]);
	assert.ok(good.checks.every(({ status, spec }) => status === "passed" && spec));
	const bad = await verifier.explain(key.token({ exp: start }));
	assert.deepEqual([bad.valid, bad.code, bad.error.code], [false, "token_expired", "token_expired"]);
	assert.equal((await verifier.explain("junk")).valid, false);
	JSON.stringify(bad);
});

test("explain fetches the keys that it needs, and rejects where there are none: no verdict on the token", async () => {
	const jwksUri = `${issuer}/jwks`;
	const of = (fetch) => createVerifier({ issuer, audience, jwksUri, fetch, now: () => start });
	const explained = await of(async () => Response.json({ keys: [key.jwk] })).explain(key.token());
	assert.deepEqual([explained.valid, explained.claims.sub], [true, "user-1"]);
	const down = of(async () => new Response("", { status: 503 }));
	await assert.rejects(down.explain(key.token()), { name: "TokenError", code: "keys_unavailable" });
});

test("a verifier that `using` disposes of is used no more", () => {
	const verifier = verifierOf();
	verifier[Symbol.dispose]();
	assert.throws(() => verifier.verifySync(key.token()), { name: "TypeError", message: /dispose/ });
});

test("wrong options: a TypeError that names the option", () => {
	for (const [name, value] of [
		["issuer", 1],
		["audience", {}],
		["algorithms", ["none"]],
		["profile", "x"],
		["clockTolerance", "5"],
		["maxTokenAge", -1],
		["requiredClaims", 5],
		["now", 5],
		["fetch", "x"],
		["keys", 5],
		["jwksUri", "http://example.com/jwks"],
	]) {
		const options = name === "jwksUri" ? { keys: undefined } : {};
		assert.throws(
			() => verifierOf({ ...options, [name]: value }),
			{ name: "TypeError", message: new RegExp(`^${name}`) },
			name,
		);
	}
	for (const none of [undefined, null, 5, "x", []]) assert.throws(() => createVerifier(none), TypeError);
	for (const moment of [Number.NaN, String(start), BigInt(start), new Date(start * 1000), [start], true, null]) {
		assert.throws(() => verifierOf({ now: () => moment }).verifySync(key.token()), /^TypeError: now/);
	}
});

test("after dispose, a TypeError; `using` works where the runtime has it", () => {
	const verifier = verifierOf();
	verifier.dispose();
	verifier.dispose();
	assert.throws(() => verifier.verifySync(key.token()), {
		name: "TypeError",
		message: "verifier: used after dispose()",
	});
	if (Symbol.dispose) verifierOf()[Symbol.dispose]();
});

test("many verifiers and verifies leave the memory flat", () => {
	const token = key.token();
	const work = () => {
		for (let i = 0; i < 300; i++) {
			const verifier = verifierOf();
			verifier.verifySync(token);
			verifier.dispose();
		}
	};
	work();
	const before = memories.at(-1).buffer.byteLength;
	work();
	work();
	assert.equal(memories.at(-1).buffer.byteLength, before);
});
