// For how long a key set serves: as its server says, within bounds, and on both clocks.

import assert from "node:assert/strict";
import { test } from "node:test";
import { audience, countersign, issuer, json, network, refusal, signer, start } from "./helpers.mjs";

const { createVerifier } = countersign;
const jwksUri = `${issuer}/jwks`;
const key = signer("k1");
const DAY = 86_400;

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
	const verifier = createVerifier({ issuer, audience, jwksUri, fetch: net.fetch, now: () => state.policy, ...options });
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
	test(`fresh until ${age} s: ${name}`, async (t) => {
		const { net, verify, at } = setting(t, { headers });
		await verify();
		at(age - 1);
		assert.equal(await verify(), "accepted");
		assert.equal(net.calls.length, 1);
		at(age);
		assert.equal(await verify(), "accepted");
		assert.equal(net.calls.length, 2);
	});
}

test("the clock that has gone further counts", async (t) => {
	for (const clock of ["policy", "machine"]) {
		const { state, net, verify } = setting(t);
		await verify();
		state[clock] += 599;
		await verify();
		assert.equal(net.calls.length, 1, clock);
		state[clock] += 1;
		await verify();
		assert.equal(net.calls.length, 2, clock);
		// Set back, a clock makes nothing older.
		state[clock] -= 100;
		await verify();
		assert.equal(net.calls.length, 2, clock);
	}
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
		}
	}
	assert.deepEqual(asked, [0, 0, 1, 3, 7, 15, 31, 61, 91, 121]);
	// An answer ends the row of failures: the next one is the first again.
	state.down = false;
	at(760);
	await verify();
	state.down = true;
	const before = net.calls.length;
	at(1360);
	await verify();
	await verify();
	await verify();
	assert.equal(net.calls.length, before + 2);
});

test("unknown key ids ask for one request in 30 seconds", async (t) => {
	const { net, verifier, at } = setting(t);
	const unknown = () => refusal(() => verifier.verify(key.token({ exp: start + DAY }, { kid: "x" })));
	await verifier.loadKeys();
	for (const [seconds, calls] of [
		[29, 1],
		[30, 2],
		[59, 2],
		[60, 3],
	]) {
		at(seconds);
		assert.equal(await unknown(), "key_not_found");
		assert.equal(net.calls.length, calls, `${seconds} s`);
	}
});

test("a refusal for want of a key says that the key set could not be fetched again", async (t) => {
	const { state, verifier, at } = setting(t);
	await verifier.loadKeys();
	state.down = true;
	at(30);
	await assert.rejects(verifier.verify(key.token({}, { kid: "x" })), ({ code, cause }) => {
		assert.equal(code, "key_not_found");
		assert.equal(cause.code, "keys_unavailable");
		return true;
	});
});

test("verifySync with a stale key set: the verdict now, the request behind it", async (t) => {
	const { state, net, verifier, at } = setting(t);
	await verifier.loadKeys();
	const token = key.token({ exp: start + DAY });
	at(599);
	verifier.verifySync(token);
	assert.equal(net.calls.length, 1);
	at(600);
	state.keys = [signer("k1").jwk];
	for (let times = 0; times < 3; times++) verifier.verifySync(token);
	await new Promise((resolve) => setTimeout(resolve, 50));
	assert.equal(net.calls.length, 2);
	assert.throws(() => verifier.verifySync(token), { code: "signature_invalid" });
	// One that fails is nobody's rejection.
	state.down = true;
	at(1200);
	assert.throws(() => verifier.verifySync(token), { code: "signature_invalid" });
	await new Promise((resolve) => setTimeout(resolve, 50));
	assert.equal(net.calls.length, 3);
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
	assert.deepEqual([asked, name, age], [jwksUri, jwksUri, 120]);
	assert.deepEqual(JSON.parse(entry), { text, at: start, age: 120 });
});

for (const [name, entry, requests] of [
	["fresh", { text, at: start - 59, age: 60 }, 0],
	["at the end of its age", { text, at: start - 60, age: 60 }, 1],
	["fetched this second", { text, at: start, age: 60 }, 0],
	["from the future", { text, at: start + 1, age: 60 }, 1],
	["with an age of ages, within its first day", { text, at: start - DAY + 1, age: 1e12 }, 0],
	["with an age of ages, after its first day", { text, at: start - DAY, age: 1e12 }, 1],
	["with no time", { text, age: 60 }, 1],
	["with a text that holds no key set", { text: "{}", at: start, age: 60 }, 1],
	["null", null, 1],
	["no JSON", "{", 1],
]) {
	test(`an entry of the store: ${name}`, async (t) => {
		const { net, verify } = setting(t, { cache: store(typeof entry === "string" ? entry : JSON.stringify(entry)) });
		assert.equal(await verify(), "accepted");
		assert.equal(net.calls.length, requests);
	});
}

test("an entry of the store is as old here as it was there", async (t) => {
	const { net, verify, at } = setting(t, { cache: store(JSON.stringify({ text, at: start - 100, age: 120 })) });
	await verify();
	at(19);
	await verify();
	assert.equal(net.calls.length, 0);
	// Behind its age the network is asked where the store has nothing newer.
	at(20);
	await verify();
	assert.equal(net.calls.length, 1);
});
