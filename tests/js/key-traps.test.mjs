// After a trap of the core: the last keys serve, wherever they came from.

import assert from "node:assert/strict";
import { test } from "node:test";
import { audience, countersign, issuer, json, refusal, signer, start } from "./helpers.mjs";
import { memories } from "./memories.mjs";

const key = signer("k1");
const jwksUri = `${issuer}/jwks`;
const DAY = 86_400;
const token = key.token({ exp: start + DAY });

function setting(entry) {
	const state = { now: start, entry, down: false, calls: 0 };
	const fetch = async () => {
		state.calls++;
		if (state.withdrawn) return new Response("", { status: 404 });
		return state.down ? new Response("", { status: 503 }) : json({ keys: [key.jwk] });
	};
	const cache = { get: () => state.entry, set: () => {} };
	const verifier = countersign.createVerifier({ issuer, audience, jwksUri, fetch, cache, now: () => state.now });
	return { state, verify: () => refusal(() => verifier.verify(token)) };
}

/** Makes the core trap, and lets one call hear of it. */
async function trap(verify) {
	new Uint8Array(memories.at(-1).buffer).fill(0xff);
	assert.equal(await verify(), "internal");
}

test("keys that a store had serve after a trap, without the network", async () => {
	const { state, verify } = setting(JSON.stringify({ text: JSON.stringify({ keys: [key.jwk] }), at: start, age: 600 }));
	state.down = true;
	assert.equal(await verify(), "accepted");
	state.entry = null;
	await trap(verify);
	assert.equal(await verify(), "accepted");
	assert.equal(state.calls, 0);
});

test("what a store answered and nobody could use is not what serves after a trap", async () => {
	const { state, verify } = setting(null);
	assert.equal(await verify(), "accepted");
	state.now += 700;
	state.down = true;
	for (const entry of ["no entry at all", null]) {
		state.entry = entry;
		state.now += 60;
		assert.equal(await verify(), "accepted");
		await trap(verify);
		assert.equal(await verify(), "accepted", `after ${entry}`);
	}
});

test("keys that their issuer has withdrawn come back by no trap", async () => {
	const { state, verify } = setting(null);
	assert.equal(await verify(), "accepted");
	state.now += 700;
	state.withdrawn = true;
	await verify();
	assert.equal(await verify(), "keys_unavailable");
	await trap(verify);
	state.withdrawn = false;
	state.down = true;
	assert.equal(await verify(), "keys_unavailable");
});
