// Tokens of every size, as text and as bytes, and what is none: what reaches the core is all of it or nothing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { audience, countersign, issuer, refusal, signer, start } from "./helpers.mjs";
import { memories } from "./memories.mjs";

const { createVerifier, decodeUnverified, verifyDpopProof, verifySignature } = countersign;
const key = signer("k1");
const verifierOf = (options) => createVerifier({ issuer, audience, keys: key.jwk, now: () => start, ...options });
const bytes = (text) => new TextEncoder().encode(text);
/** The default of maxTokenSize, and the buffer of an instance that has seen no larger token. */
const DEFAULT = 16_384;

/** Ends the instance of the core. The next call makes one in which no token has been. */
async function freshCore() {
	await refusal(() => decodeUnverified("x"));
	new Uint8Array(memories.at(-1).buffer).fill(0xff);
	assert.equal(await refusal(() => decodeUnverified("x")), "internal");
}

/** A good token of so many characters. */
function tokenOf(length) {
	const more = { note: "" };
	for (const fill of ["", "x", "xx"]) {
		const own = { own: fill };
		const missing = length - key.token(more, own).length;
		// Base64url: four characters for three bytes, and no text of 4n + 1 of them.
		for (const note of [Math.floor((missing * 3) / 4), Math.ceil((missing * 3) / 4)]) {
			const token = key.token({ note: "x".repeat(note) }, own);
			if (token.length === length) return token;
		}
	}
	return assert.fail(`no token of ${length}`);
}

test("a token whose last character finds no room is refused, not cut", async () => {
	const token = tokenOf(DEFAULT - 1);
	for (const [more, code] of [
		["", "accepted"],
		["é", "token_too_large"],
		["€", "token_too_large"],
	]) {
		await freshCore();
		assert.equal(await refusal(() => verifierOf().verifySync(`${token}${more}`)), code, more);
	}
	await freshCore();
	assert.equal(
		await refusal(() => verifierOf({ maxTokenSize: DEFAULT * 2 }).verifySync(`${token}é`)),
		"base64url_invalid",
	);
	await freshCore();
	assert.equal(await refusal(() => verifySignature(`${token}é`, key.jwk)), "token_too_large");
});

test("the largest token passes, one byte more does not, and the error says how much more", async () => {
	const [largest, larger] = [tokenOf(DEFAULT), tokenOf(DEFAULT + 1)];
	const verifier = verifierOf();
	for (const form of [String, bytes]) {
		await freshCore();
		for (const round of ["first", "after a larger one"]) {
			assert.equal(verifier.verifySync(form(largest)).claims.sub, "user-1", round);
			assert.throws(
				() => verifier.verifySync(form(larger)),
				{ code: "token_too_large", found: "16385 bytes", expected: "at most 16384" },
				round,
			);
			// Now there is room for it, which its policy does not allow to be used.
			assert.equal(verifierOf({ maxTokenSize: DEFAULT * 4 }).verifySync(form(larger)).claims.sub, "user-1");
		}
	}
	assert.throws(() => verifierOf({ maxTokenSize: 100 }).verifySync(largest), {
		code: "token_too_large",
		found: "16384 bytes",
		expected: "at most 100",
	});
});

test("a token beyond its policy's size is not copied into the core, though there is room for it", async () => {
	const [small, mark] = [verifierOf({ maxTokenSize: 100 }), "beyond-its-size-".repeat(10)];
	for (const form of [String, bytes]) {
		await freshCore();
		assert.equal(await refusal(() => decodeUnverified("x".repeat(mark.length * 2))), "token_malformed");
		assert.equal(await refusal(() => small.verifySync(form(mark))), "token_too_large");
		assert.ok(!Buffer.from(memories.at(-1).buffer).includes(mark));
		assert.equal(await refusal(() => decodeUnverified(form(mark))), "token_malformed");
		assert.ok(Buffer.from(memories.at(-1).buffer).includes(mark), "not where it is looked for");
	}
});

test("the room of a very large token is given up after it", async () => {
	await freshCore();
	const [token, payload] = [key.token(), new Uint8Array(4_000_000)];
	const detached = token.replace(/\..*\./, "..");
	assert.equal(await refusal(() => decodeUnverified("x".repeat(16_000_000))), "token_malformed");
	const { byteLength } = memories.at(-1).buffer;
	assert.ok(byteLength > 16_000_000);
	assert.equal(verifierOf().verifySync(token).claims.sub, "user-1");
	assert.equal(await refusal(() => verifySignature(detached, key.jwk, { payload })), "signature_invalid");
	assert.equal(memories.at(-1).buffer.byteLength, byteLength);
});

test("what is no text and no bytes is refused like an empty token, whatever size is allowed", async () => {
	for (const wrong of [undefined, null, 0, 1n, true, {}, [], () => {}, Symbol("x"), "", new Uint8Array(0)]) {
		for (const check of [
			(token) => verifierOf({ maxTokenSize: 1 }).verifySync(token),
			(token) => verifierOf().verifySync(token),
			decodeUnverified,
			(token) => verifySignature(token, key.jwk),
			(token) => verifyDpopProof(token, { method: "GET", url: audience, now: () => start }),
		]) {
			assert.equal(await refusal(() => check(wrong)), "token_malformed", String(wrong));
		}
	}
});
