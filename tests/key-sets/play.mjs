// Plays the rows of the tables on a runtime, each as a test of its own, and looks for what they leave behind.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { answer } from "./behaviours.mjs";
import { FAULTS } from "./faults.mjs";
import { FRESHNESS } from "./freshness.mjs";
import { hostileIssuer } from "./hostile-issuer.mjs";
import { evil, goodSet } from "./material.mjs";
import { scene } from "./scene.mjs";
import { STORIES } from "./stories.mjs";

const DAY = 86_400;
/** Seconds after which keys are overdue, and a discovered address is looked up again. */
const OVERDUE = 4_000;
const MIB = 1_048_576;
/** Megabytes that the process may have, which in Node.js is the issuer's as well. */
const RESIDENT = 400;
/** Megabytes of wasm memory: a few times the largest answer. */
const WASM = 40;

export function play(start) {
	const at = {};
	before(async () => {
		at.issuer = await hostileIssuer();
		at.runtime = await start();
	});
	after(async () => {
		await at.runtime?.end();
		at.issuer.close();
	});
	const on = (options) => scene(at.runtime, at.issuer, options);

	for (const row of FAULTS) {
		test(row.name, { timeout: 20_000 }, async () => {
			const { discovers, keySets } = row;
			const evil = at.issuer.evil();
			const setting = () => on({ discovers, keySets });
			await cold(setting(), row, "verify");
			await cold(setting(), row, "guard");
			await coldSync(setting(), row);
			await warm(setting(), row);
			assert.equal(at.issuer.evil(), evil, "was led to the evil keys");
		});
	}
	for (const row of FRESHNESS) test(`age: ${row.name}`, { timeout: 20_000 }, () => fresh(on({}), row));
	for (const [name, story] of Object.entries(STORIES)) {
		test(`story: ${name}`, { timeout: 20_000 }, () => story(on));
	}
	test("no request is left open", async () => {
		for (let left = 100; left > 0 && at.issuer.open() > 0; left--) await pause(20);
		assert.equal(at.issuer.open(), 0);
	});
	test("memory is bounded", { timeout: 60_000 }, async (t) => {
		const { wasm } = await at.runtime.ask({ question: "memory" });
		assert.ok(wasm > 0 && wasm < WASM * MIB, `${wasm / MIB} MiB of wasm memory`);
		const resident = await at.runtime.resident();
		t.diagnostic(`${wasm / MIB} MiB of wasm memory, ${Math.round(resident / MIB)} MiB resident`);
		assert.ok(resident > 0 && resident < RESIDENT * MIB, `${resident / MIB} MiB resident`);
		const grown = await memoryAfterRefreshes(at.runtime, on);
		assert.ok(grown <= MIB, `${grown / MIB} MiB more`);
	});
}

/** What a policy without keys says, asked in one way first and then in all: one load, and nobody is sent astray. */
async function cold(on, row, first) {
	on.set({ keys: answer(goodSet), ...row.fault });
	await timely(on[first], row, row.cold);
	for (const ask of [on.verify, on.verifySync, on.guard]) assert.equal(await ask(), row.cold);
	assert.ok(on.place.requests <= (row.requests ?? 1), `${on.place.requests} requests, cold`);
	assert.ok(on.place.requests >= 1);
	if (row.cold !== "signature_invalid") assert.notEqual(await on.verify(evil), "accepted");
}

/** Who cannot wait hears that the keys are not there yet, and then what the load came to. */
async function coldSync(on, row) {
	on.set({ keys: answer(goodSet), ...row.fault });
	assert.equal(await on.verifySync(), "keys_not_loaded");
	await on.idle();
	// Whoever did not wait for the answer has not heard that it lacks the key: that is told by the next one.
	const isUnknown = row.cold === "key_not_found" && !row.dropped;
	assert.equal(await on.verifySync(), isUnknown ? "keys_unavailable" : row.cold);
	assert.ok(on.place.requests <= (row.requests ?? 1), `${on.place.requests} requests, cold and sync`);
}

/** What becomes of keys that are overdue; and once the issuer is well again, all is. */
async function warm(on, row) {
	on.set({ keys: answer(goodSet) });
	assert.equal(await on.verify(), "accepted");
	const before = on.place.requests;
	on.set(row.fault);
	on.at(OVERDUE);
	await timely(on.verify, row, row.warm);
	for (const ask of [on.verifySync, on.guard, on.verify]) assert.equal(await ask(), row.warm);
	const asked = on.place.requests - before;
	assert.ok(asked <= (row.warmRequests ?? row.requests ?? 1), `${asked} requests, warm`);
	assert.ok(asked >= 1);
	on.set({ keys: answer(goodSet), metadata: answer((place) => ({ issuer: place.issuer, jwks_uri: place.jwksUri })) });
	await on.idle();
	on.at(2 * OVERDUE);
	assert.equal(await on.verify(), "accepted", "once the issuer is well again");
	assert.equal(await on.verify(evil), "signature_invalid");
}

async function timely(ask, { seconds = 4 }, expected) {
	const began = performance.now();
	assert.equal(await ask(), expected);
	const took = (performance.now() - began) / 1000;
	assert.ok(took < seconds, `${took} s`);
}

/** Fresh for its age, renewed at nine tenths of it, of use for a day beyond it, and not a second longer. */
async function fresh(on, { headers, age }) {
	on.set({ keys: answer(goodSet, { headers }) });
	assert.equal(await on.verify(), "accepted");
	on.at(age * 0.9 - 2);
	assert.equal(await on.verify(), "accepted");
	assert.equal(on.place.requests, 1);
	on.set({ keys: answer("", { status: 500 }) });
	on.at(age * 0.9 + 1);
	assert.equal(await on.verify(), "accepted");
	await on.idle();
	assert.equal(on.place.requests, 2);
	on.at(age - 2);
	assert.equal((await on.status()).state, "fresh");
	on.at(age);
	assert.equal((await on.status()).state, "stale");
	on.at(age + DAY - 2);
	assert.equal(await on.verify(), "accepted");
	on.at(age + DAY);
	for (const ask of [on.verify, on.verifySync, on.guard]) assert.equal(await ask(), "keys_unavailable");
}

/** Bytes by which the wasm memory grows while a large key set is fetched again and again. */
async function memoryAfterRefreshes({ ask }, on) {
	const large = FAULTS.find(({ name }) => name === "size: 5,000 keys");
	const setting = on({});
	setting.set(large.fault);
	const refresh = async (round) => {
		setting.at(round * OVERDUE);
		assert.equal(await setting.verify(), "accepted");
	};
	for (let round = 0; round < 4; round++) await refresh(round);
	const { wasm: before } = await ask({ question: "memory" });
	for (let round = 4; round < 24; round++) await refresh(round);
	assert.equal(setting.place.requests, 24);
	return (await ask({ question: "memory" })).wasm - before;
}
