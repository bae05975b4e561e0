// A hundred thousand forged tokens: the issuer hears of one in a window, memory of none, and good tokens of little.

import assert from "node:assert/strict";
import { test } from "node:test";
import { besieged, forged, good, memory, slowest99, verdicts } from "./flood-kit.mjs";
import { start } from "./material.mjs";

const FLOOD = 100_000;
const SMALLER = 25_000;
const BATCH = 500;
/** Seconds that a flood lasts, by the verifier's clock, and between two requests that it may cause. */
const LENGTH = 500;
const WINDOW = 30;
const MIB = 1_048_576;

/** Lets so many tokens come; what they were told, by code. */
async function flood(at, size, from = 0) {
	const told = {};
	for (let sent = 0; sent < size; sent += BATCH) {
		at.time = start + from + Math.floor((sent / size) * LENGTH);
		const tokens = Array.from({ length: BATCH }, (_, nth) => forged(sent + nth));
		for (const [code, count] of Object.entries(await verdicts(at.verifier, tokens))) {
			told[code] = (told[code] ?? 0) + count;
		}
	}
	return told;
}

const gaps = (moments) => moments.slice(1).map((moment, nth) => moment - moments[nth]);

test("the issuer is well: one request a window, and bounded memory", async (t) => {
	const at = besieged();
	await at.verifier.verify(good(0));
	await flood(at, SMALLER);
	const before = await memory();
	at.requests.length = 0;
	const told = await flood(at, FLOOD, LENGTH + WINDOW);
	const after = await memory();
	assert.equal(told.accepted, undefined);
	assert.ok(Math.min(...gaps(at.requests)) >= WINDOW, at.requests.join(" "));
	assert.ok(at.requests.length >= LENGTH / WINDOW - 1, `${at.requests.length} requests`);
	assert.deepEqual(await verdicts(at.verifier, [good(0), good(1)]), { accepted: 2 });
	const [wasm, heap] = [after.wasm - before.wasm, after.heap - before.heap].map((bytes) => bytes / MIB);
	t.diagnostic(`${at.requests.length} requests in ${LENGTH} s: ${JSON.stringify(told)}`);
	t.diagnostic(`${wasm} MiB more of ${after.wasm / MIB} in wasm, ${heap.toFixed(2)} MiB more in JavaScript`);
	assert.ok(after.wasm > 0 && wasm === 0);
	assert.ok(heap < 8);
});

test("the issuer fails, keys are at hand: one request a window, and good tokens pass", async (t) => {
	const at = besieged();
	await at.verifier.verify(good(0));
	at.isWell = false;
	const told = await flood(at, SMALLER);
	assert.equal(told.accepted, undefined);
	// Behind good tokens the keys may be renewed at other times: here there are none.
	assert.ok(Math.min(...gaps(at.requests)) >= WINDOW, at.requests.join(" "));
	assert.deepEqual(await verdicts(at.verifier, [good(0), good(1)]), { accepted: 2 });
	t.diagnostic(`${at.requests.length} requests in ${LENGTH} s: ${JSON.stringify(told)}`);
});

test("the issuer fails, and there never were keys: it is asked after 0, 1, 2, 4, 8, 16 and then each 30 s", async (t) => {
	const at = besieged();
	at.isWell = false;
	const told = await flood(at, SMALLER);
	assert.deepEqual(told, { keys_unavailable: SMALLER });
	const rests = [0, 1, 2, 4, 8, 16];
	assert.ok(
		gaps(at.requests).every((gap, nth) => gap >= (rests[nth] ?? WINDOW)),
		at.requests.join(" "),
	);
	assert.ok(at.requests.length >= LENGTH / WINDOW, `${at.requests.length} requests`);
	t.diagnostic(`${at.requests.length} requests in ${LENGTH} s`);
});

test("good tokens among forged ones are about as fast as among good ones", async (t) => {
	const { verifier } = besieged();
	await verifier.verify(good(0));
	const size = { verifier, rounds: 100, others: 20 };
	await slowest99({ ...size, other: good });
	await slowest99({ ...size, other: forged });
	const ratios = [];
	for (let round = 0; round < 5; round++) {
		const [among, amongForged] = [
			await slowest99({ ...size, other: good }),
			await slowest99({ ...size, other: forged }),
		];
		ratios.push(amongForged / among);
	}
	// A busy machine slows rounds down, and speeds none up.
	t.diagnostic(`p99, among forged tokens to among good ones: ${ratios.map((one) => one.toFixed(2)).join(" ")}`);
	assert.ok(Math.min(...ratios) < 3, ratios.join(" "));
});
