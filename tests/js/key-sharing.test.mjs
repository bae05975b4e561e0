// Who shares a key set, who hears of it, and what it costs those that need it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { audience, countersign, issuer, json, refusal, signer, start } from "./helpers.mjs";
import { gate, isPending, soon } from "./waiting-kit.mjs";

const { createVerifier } = countersign;
const key = signer("k1");
const jwksUri = `${issuer}/jwks`;
const DAY = 86_400;
const token = key.token({ exp: start + DAY });

/** `make` gives verifiers with one clock and one `fetch`; `state.answers` is what that waits for. */
function setting(shared) {
	const state = { now: start, keys: [key.jwk], answers: () => {}, calls: [] };
	const fetch = async (url) => {
		state.calls.push(url);
		await state.answers();
		return json({ keys: state.keys });
	};
	const make = (options) =>
		createVerifier({ issuer, audience, jwksUri, fetch, now: () => state.now, ...shared, ...options });
	const ask = (verifier) => refusal(() => verifier.verify(token));
	return { state, make, ask };
}

test("the last listener that was brought hears of what a verifier without one causes", async () => {
	const { make, ask } = setting();
	const heard = [];
	make({ onKeys: () => void heard.push("first") });
	make({ onKeys: ({ type }) => void heard.push(type) });
	assert.equal(await ask(make()), "accepted");
	assert.deepEqual(heard, ["fetched"]);
});

test("of two listeners, each hears of what its own verifier causes", async () => {
	const { state, make, ask } = setting();
	const heard = [];
	const [first] = ["first", "second"].map((name) =>
		make({ onKeys: ({ type }) => void heard.push(`${name}: ${type}`) }),
	);
	assert.equal(await ask(first), "accepted");
	assert.deepEqual(heard, ["first: fetched"]);
	assert.equal(state.calls.length, 1);
});

test("whoever waits for keys waits for each step: where they are, and what they are", async () => {
	const calls = [];
	const fetch = async (url) => {
		calls.push(url);
		await pause(20);
		return json(url === jwksUri ? { keys: [key.jwk] } : { issuer, jwks_uri: jwksUri });
	};
	const verifier = createVerifier({ issuer, audience, fetch, now: () => start });
	const asked = Array.from({ length: 3 }, () => refusal(() => verifier.verify(token)));
	assert.deepEqual(await soon(Promise.all(asked)), ["accepted", "accepted", "accepted"]);
	assert.deepEqual(calls, [`${issuer}/.well-known/oauth-authorization-server`, jwksUri]);
});

test("without a listener nothing is written to the console; a listener that fails is named there", async (t) => {
	const written = t.mock.method(console, "error", () => {}).mock;
	const silent = setting();
	assert.equal(await silent.ask(silent.make()), "accepted");
	assert.equal(written.callCount(), 0);
	const { make, ask } = setting();
	assert.equal(await ask(make({ onKeys: () => Promise.reject(new Error("by the listener")) })), "accepted");
	await pause(1);
	assert.match(String(written.calls[0].arguments[0]), /onKeys/);
});

test("a store that is slow to keep the keys holds up nobody", async (t) => {
	const { opened, open } = gate();
	t.after(open);
	const { make, ask } = setting({ cache: { get: () => null, set: () => opened }, keySets: { storeTimeout: 5 } });
	const verifier = make();
	assert.deepEqual(await soon(Promise.all([ask(verifier), ask(verifier)])), ["accepted", "accepted"]);
});

test("keys that serve are renewed behind the verdict", async () => {
	const { state, make, ask } = setting();
	const verifier = make();
	assert.equal(await ask(verifier), "accepted");
	state.now += 610;
	const { opened, open } = gate();
	state.answers = () => opened;
	assert.equal(await isPending(ask(verifier)), false);
	assert.equal(verifier.status()[0].state, "stale");
	open();
	await pause(20);
	assert.equal(verifier.status()[0].state, "fresh");
});

test("long beyond their age, keys are renewed before the verdict, and no timer is left behind", async () => {
	const { state, make, ask } = setting({ keySets: { patience: 2 } });
	const verifier = make();
	assert.equal(await ask(verifier), "accepted");
	state.now += 700;
	state.keys = [signer("k1").jwk];
	state.answers = () => pause(60);
	const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
	const before = timers();
	assert.deepEqual(await Promise.all([ask(verifier), ask(verifier)]), ["signature_invalid", "signature_invalid"]);
	assert.equal(timers(), before, "a script could end now");
});

test("a tenant moves its keys: whoever waits for the answer waits for those too", async () => {
	const { state, make, ask } = setting({ issuerTable: { patience: 2 } });
	let path = "before";
	const asked = async () => {
		await pause(30);
		return { issuer, jwksUri: `${issuer}/${path}` };
	};
	const verifier = make({ issuer: asked, jwksUri: undefined });
	assert.equal(await ask(verifier), "accepted");
	state.now += 400;
	path = "after";
	state.answers = () => pause(30);
	const crowd = await soon(Promise.all(Array.from({ length: 5 }, () => ask(verifier))));
	assert.deepEqual([...new Set(crowd)], ["accepted"]);
	assert.deepEqual(state.calls, [`${issuer}/before`, `${issuer}/after`]);
});

test("of a thousand key sets, the one that was asked for longest ago makes room", async () => {
	const { state, make } = setting();
	const load = (nth) => make({ jwksUri: `${jwksUri}/${nth}` }).loadKeys();
	await load(0);
	await load(1);
	for (let nth = 2; nth < 1_000; nth++) make({ jwksUri: `${jwksUri}/${nth}` });
	await load(0);
	await load(1);
	make({ jwksUri: `${jwksUri}/1000` }); // Number 2 goes.
	await load(0);
	await load(1);
	assert.equal(state.calls.length, 2);
	make({ jwksUri: `${jwksUri}/2` });
	for (let nth = 3; nth <= 1_001; nth++) make({ jwksUri: `${jwksUri}/${nth}` });
	await load(0);
	assert.equal(state.calls.length, 3, "fetched again");
});

test("issuers that tokens name displace none that options name", async () => {
	const { state, make, ask } = setting();
	assert.equal(await ask(make()), "accepted");
	const tenant = (nth) => `https://tenant-${nth}.example`;
	const verifier = make({
		issuer: (name) => ({ issuer: name, jwksUri }),
		jwksUri: undefined,
		issuerTable: { questionsPerSecond: 1_000 },
	});
	for (let nth = 0; nth <= 1_000; nth += 50) {
		const tokens = Array.from({ length: 50 }, (_, at) => key.token({ iss: tenant(nth + at), exp: start + DAY }));
		const codes = await Promise.all(tokens.map((token) => refusal(() => verifier.verify(token))));
		assert.deepEqual([...new Set(codes)], ["accepted"]);
	}
	const before = state.calls.length;
	assert.equal(await ask(make()), "accepted");
	assert.equal(state.calls.length, before, "not fetched again");
});

test("keys that options bring have a status too", () => {
	const verifier = createVerifier({ issuer, audience, keys: key.jwk });
	assert.deepEqual(verifier.status(), [
		{
			issuer,
			jwksUri: null,
			state: "given",
			age: null,
			keys: [],
			dropped: [],
			lastError: null,
			nextAttempt: null,
		},
	]);
	assert.deepEqual(
		createVerifier({ issuer: null, audience, keys: key.jwk })
			.status()
			.map(({ issuer }) => issuer),
		[null],
	);
});

test("a question about an issuer that fails by a refusal says which, and what was found", async () => {
	const other = setting({ jwksUri: undefined, issuer: "https://other.example" });
	for (const [make, found] of [
		[() => createVerifier({ issuer, audience, keys: key.jwk }).verifySync("x"), /^token_malformed, /],
		[() => other.make({ jwksUri }).verifySync(key.token({ iss: "https://evil.example" })), /^keys_not_loaded \(/],
	]) {
		const verifier = createVerifier({ issuer: make, audience, now: () => start });
		const error = await verifier.verify(token).then(assert.fail, (error) => error);
		assert.equal(error.code, "issuer_unavailable");
		assert.match(error.found, found);
	}
});
