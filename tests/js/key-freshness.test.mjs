// For how long a key set serves: as its server says, within bounds, and on both clocks.

import assert from "node:assert/strict";
import { test } from "node:test";
import { audience, countersign, issuer, json, network, refusal, signer, start } from "./helpers.mjs";

const { createVerifier } = countersign;
const jwksUri = `${issuer}/jwks`;
const key = signer("k1");
const DAY = 86_400;
/** Key sets are renewed at nine tenths of their age, so that there is room before its end. */
const EARLY = { renewAhead: DAY };

/** A verifier with both clocks in hand: they stand still unless the test moves them. */
function setting(t, { headers = {}, keys = [key.jwk], ...options } = {}) {
	const state = { policy: start, machine: start, headers, keys, down: false };
	const { now } = Date;
	Date.now = () => state.machine * 1000;
	t.after(() => {
		Date.now = now;
	});
	const net = network({
		[jwksUri]: () => {
			if (state.down) return new Response("", { status: 503 });
			return json({ keys: state.keys }, { headers: state.headers });
		},
	});
	const verifier = createVerifier({
		issuer,
		audience,
		jwksUri,
		fetch: net.fetch,
		now: () => state.policy,
		keySets: EARLY,
		...options,
	});
	const verify = () => refusal(() => verifier.verify(key.token({ exp: start + 100 * DAY })));
	/** Both clocks, so many seconds after the start. */
	const at = (seconds) => {
		state.policy = start + seconds;
		state.machine = start + seconds;
	};
	return { state, net, verifier, verify, at };
}

// RFC 9111 §5.2.2 and §5.1; our bounds are a minute and a day, and ten minutes where nothing is said.
for (const [name, headers, age] of [
	["nothing", {}, 600],
	["max-age", { "cache-control": "max-age=120" }, 120],
	["max-age among others", { "cache-control": "public, max-age=120, must-revalidate" }, 120],
	["max-age without a blank before it", { "cache-control": "public,max-age=120" }, 120],
	["MAX-AGE, since directives are compared without case", { "cache-control": "MAX-AGE=120" }, 120],
	["max-age as a quoted string", { "cache-control": 'max-age="120"' }, 120],
	["max-age=0", { "cache-control": "max-age=0" }, 60],
	["no-store", { "cache-control": "no-store" }, 60],
	["no-store before max-age", { "cache-control": "no-store, max-age=9999" }, 60],
	["no-cache behind max-age", { "cache-control": "max-age=9999, no-cache" }, 60],
	["no-cache without a blank before it", { "cache-control": "public,NO-CACHE" }, 60],
	["max-age beyond a day", { "cache-control": "max-age=99999999" }, DAY],
	["a directive that ends in max-age", { "cache-control": "x-max-age=120" }, 600],
	["a directive that begins like no-store", { "cache-control": "max-age=120, x-no-store, no-storex" }, 120],
	["max-age without a number", { "cache-control": "max-age=soon" }, 600],
	["Age", { "cache-control": "max-age=1000", age: "700" }, 300],
	["an Age beyond max-age", { "cache-control": "max-age=1000", age: "5000" }, 60],
	["an Age that is no number", { "cache-control": "max-age=1000", age: "old" }, 1000],
	["Age alone", { age: "500" }, 600],
]) {
	test(`fresh for ${age} s, and renewed at nine tenths of that: ${name}`, async (t) => {
		const { state, net, verifier, verify, at } = setting(t, { headers });
		await verify();
		at(age * 0.9 - 1);
		assert.equal(await verify(), "accepted");
		assert.equal(net.calls.length, 1);
		state.down = true;
		at(age * 0.9);
		assert.equal(await verify(), "accepted");
		assert.equal(net.calls.length, 2);
		at(age - 1);
		assert.equal(verifier.status()[0].state, "fresh");
		at(age);
		assert.equal(verifier.status()[0].state, "stale");
	});
}

test("unless told otherwise, a key set is renewed in the last half second of its age", async (t) => {
	const { net, verify, at } = setting(t, { keySets: undefined });
	await verify();
	for (const [seconds, calls] of [
		[599, 1],
		[599.4, 1],
		[599.5, 2],
	]) {
		at(seconds);
		assert.equal(await verify(), "accepted");
		assert.equal(net.calls.length, calls, `${seconds} s`);
	}
});

test("the clock that has gone further counts", async (t) => {
	for (const clock of ["policy", "machine"]) {
		const { state, net, verify } = setting(t);
		await verify();
		state[clock] += 539;
		await verify();
		assert.equal(net.calls.length, 1, clock);
		state[clock] += 1;
		await verify();
		assert.equal(net.calls.length, 2, clock);
		// Set back, one clock alone makes nothing older.
		state[clock] -= 100;
		await verify();
		assert.equal(net.calls.length, 2, clock);
	}
});

test("both clocks set back: what they said is worth nothing, and the keys are renewed", async (t) => {
	const { net, verify, at } = setting(t);
	await verify();
	at(-86_400);
	assert.equal(await verify(), "accepted");
	assert.equal(net.calls.length, 2);
	assert.equal(await verify(), "accepted");
	assert.equal(net.calls.length, 2);
});

test("while its server is down, a key set serves for a day beyond its age, and no longer", async (t) => {
	const { state, verify, at } = setting(t);
	await verify();
	state.down = true;
	at(600 + DAY - 1);
	assert.equal(await verify(), "accepted");
	at(600 + DAY);
	assert.equal(await verify(), "keys_unavailable");
	// In the rest between two attempts it is as old.
	assert.equal(await verify(), "keys_unavailable");
	assert.equal(await verify(), "keys_unavailable");
	state.down = false;
	at(600 + DAY + 60);
	assert.equal(await verify(), "accepted");
});

test("a server that fails is asked again at once, then after 1, 2, 4 … and never more than 30 s", async (t) => {
	const { state, net, verify, at } = setting(t);
	await verify();
	state.down = true;
	const asked = [];
	for (let second = 0; second <= 130; second++) {
		at(600 + second);
		for (let again = 0; again < 3; again++) {
			const before = net.calls.length;
			assert.equal(await verify(), "accepted");
			if (net.calls.length > before) asked.push(second);
			await new Promise(setImmediate);
		}
	}
	assert.deepEqual(asked, [0, 0, 1, 3, 7, 15, 31, 61, 91, 121]);
	// An answer ends the row of failures: the next one is the first again.
	state.down = false;
	at(760);
	await verify();
	await new Promise(setImmediate);
	state.down = true;
	const before = net.calls.length;
	at(1360);
	for (let times = 0; times < 3; times++) {
		assert.equal(await verify(), "accepted");
		await new Promise(setImmediate);
	}
	assert.equal(net.calls.length, before + 2);
});

/** Tokens by a key that nobody has published, each with an identifier of its own. */
function unknown(verifier) {
	let count = 0;
	return (kid = `x${count++}`) => {
		const asked = verifier.verify(key.token({ exp: start + DAY }, { kid }));
		return asked.then(
			() => "accepted",
			({ code, retryAfter }) => (retryAfter === undefined ? code : `${code}, again in ${retryAfter} s`),
		);
	};
}

test("unknown key ids ask for one request in 30 seconds; in between nobody knows", async (t) => {
	const { net, verifier, at } = setting(t);
	const ask = unknown(verifier);
	await verifier.loadKeys();
	for (const [seconds, outcome, calls] of [
		[0.5, "keys_unavailable, again in 30 s", 1],
		[29.5, "keys_unavailable, again in 1 s", 1],
		[30, "key_not_found", 2],
		[30.5, "keys_unavailable, again in 30 s", 2],
		[59.5, "keys_unavailable, again in 1 s", 2],
		[60, "key_not_found", 3],
	]) {
		at(seconds);
		assert.equal(await ask(), outcome, `${seconds} s`);
		assert.equal(net.calls.length, calls, `${seconds} s`);
	}
});

test("a key that an answer did not have is known not to be there, for a while", async (t) => {
	const { net, verifier, at } = setting(t);
	const ask = unknown(verifier);
	await verifier.loadKeys();
	at(30);
	assert.equal(await ask("x"), "key_not_found");
	at(59.5);
	assert.equal(await ask("x"), "key_not_found");
	assert.equal(await ask("y"), "keys_unavailable, again in 1 s");
	at(60);
	assert.equal(net.calls.length, 2);
	assert.equal(await ask("x"), "key_not_found");
	assert.equal(net.calls.length, 3);
});

test("while the key set cannot be fetched again, a token by an unknown key is not refused for good", async (t) => {
	const { state, verifier, at } = setting(t);
	await verifier.loadKeys();
	state.down = true;
	at(30);
	await assert.rejects(verifier.verify(key.token({}, { kid: "x" })), ({ code, status, found, retryAfter }) => {
		assert.deepEqual([code, status, retryAfter], ["keys_unavailable", 503, 30]);
		assert.match(found, /^status 503/);
		return true;
	});
	await assert.rejects(verifier.verify(key.token({}, { kid: "y" })), { code: "keys_unavailable", retryAfter: 30 });
});

test("a key replaced under its own identifier: one request a window, and the new key's tokens pass", async (t) => {
	const { state, net, verify, verifier, at } = setting(t);
	await verify();
	const successor = signer("k1");
	state.keys = [successor.jwk];
	at(29);
	const token = successor.token({ exp: start + DAY });
	assert.equal(await refusal(() => verifier.verify(token)), "signature_invalid");
	at(30);
	assert.equal(await refusal(() => verifier.verify(token)), "accepted");
	assert.equal(net.calls.length, 2);
	assert.equal(await verify(), "signature_invalid");
	assert.equal(net.calls.length, 2);
});

test("verifySync with a stale key set: the verdict now, the request behind it", async (t) => {
	const { state, net, verifier, at } = setting(t);
	await verifier.loadKeys();
	const token = key.token({ exp: start + DAY });
	const settled = () => new Promise((resolve) => setTimeout(resolve, 50));
	at(539);
	verifier.verifySync(token);
	assert.equal(net.calls.length, 1);
	at(540);
	state.keys = [signer("k1").jwk];
	for (let times = 0; times < 3; times++) verifier.verifySync(token);
	await settled();
	assert.equal(net.calls.length, 2);
	assert.throws(() => verifier.verifySync(token), { code: "signature_invalid" });
	// It learns of new keys as verify does, and one that fails is nobody's rejection.
	state.keys = [key.jwk];
	at(571);
	assert.throws(() => verifier.verifySync(token), { code: "signature_invalid" });
	await settled();
	verifier.verifySync(token);
	state.down = true;
	at(1200);
	verifier.verifySync(token);
	await settled();
	assert.equal(net.calls.length, 4);
	at(571 + 600 + DAY);
	assert.throws(() => verifier.verifySync(token), { code: "keys_unavailable", status: 503 });
});

test("verifySync without keys begins to load them", async (t) => {
	const { verifier } = setting(t);
	assert.throws(() => verifier.verifySync(key.token()), { code: "keys_not_loaded" });
	await new Promise((resolve) => setTimeout(resolve, 50));
	assert.equal(verifier.verifySync(key.token()).claims.sub, "user-1");
});

/** A store, and what it was given. */
function store(entry) {
	const given = [];
	return {
		given,
		get: (name) => {
			given.push(["get", name]);
			return entry;
		},
		set: (...args) => {
			given.push(["set", ...args]);
		},
	};
}

const text = JSON.stringify({ keys: [key.jwk] });

test("a store gets the text, its time and its age", async (t) => {
	const cache = store(null);
	const { verify } = setting(t, { cache, headers: { "cache-control": "max-age=120" } });
	assert.equal(await verify(), "accepted");
	const [[, asked], [, name, entry, age]] = cache.given;
	// It may be of use until its age and the stale bound are over.
	assert.deepEqual([asked, name, age], [jwksUri, jwksUri, 120 + DAY]);
	assert.deepEqual(JSON.parse(entry), { text, at: start, age: 120 });
});

for (const [name, entry, requests] of [
	["fresh", { text, at: start - 53, age: 60 }, 0],
	["due: it serves, and is renewed behind", { text, at: start - 54, age: 60 }, 1],
	["beyond its age: it serves, and is renewed behind", { text, at: start - 60, age: 60 }, 1],
	["at the end of its stale bound", { text, at: start - 60 - DAY, age: 60 }, 1],
	["fetched this second", { text, at: start, age: 60 }, 0],
	["by a clock that is ahead", { text, at: start + 30, age: 60 }, 0],
	["from the future", { text, at: start + 31, age: 60 }, 1],
	["with an age of ages, within its first day", { text, at: start - DAY * 0.9 + 1, age: 1e12 }, 0],
	["with an age of ages, after its first day", { text, at: start - DAY, age: 1e12 }, 1],
	["with no time", { text, age: 60 }, 1],
	["with a text that holds no key set", { text: "{}", at: start, age: 60 }, 1],
	["null", null, 1],
	["no JSON", "{", 1],
]) {
	test(`an entry of the store: ${name}`, async (t) => {
		const { net, verify } = setting(t, { cache: store(typeof entry === "string" ? entry : JSON.stringify(entry)) });
		assert.equal(await verify(), "accepted");
		await new Promise(setImmediate);
		assert.equal(net.calls.length, requests);
	});
}

test("what a store answers that is no text counts as nothing", async (t) => {
	for (const entry of [undefined, 5, {}, Promise.resolve(true)]) {
		const { net, verify } = setting(t, { cache: store(entry) });
		assert.equal(await verify(), "accepted");
		assert.equal(net.calls.length, 1);
	}
});

test("an entry of the store is as old here as it was there, and serves in an outage", async (t) => {
	const entry = JSON.stringify({ text, at: start - 100, age: 120 });
	const { state, net, verify, at } = setting(t, { cache: store(entry) });
	state.down = true;
	assert.equal(await verify(), "accepted");
	at(7);
	assert.equal(await verify(), "accepted");
	assert.equal(net.calls.length, 0);
	// From nine tenths of its age on, the network is asked where the store has nothing newer.
	at(8);
	assert.equal(await verify(), "accepted");
	await new Promise(setImmediate);
	assert.equal(net.calls.length, 1);
	at(20 + DAY - 1);
	assert.equal(await verify(), "accepted");
	at(20 + DAY);
	assert.equal(await verify(), "keys_unavailable");
});

test("a store that never answers costs a second, not a verdict", async (t) => {
	const never = () => new Promise(() => {});
	const { verify } = setting(t, { cache: { get: never, set: never }, keySets: { storeTimeout: 0.05 } });
	assert.equal(await verify(), "accepted");
});
