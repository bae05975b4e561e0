// The stores in the memory of one process: their clocks, their bounds, and what becomes of entries in time.

import assert from "node:assert/strict";
import { test } from "node:test";
import { edge } from "./helpers.mjs";

const { memoryReplay, memorySessions } = edge;
const start = 1_800_000_000;
const setDate = (mock, seconds) => mock.timers.setTime(seconds * 1000);

test("without a clock of the caller's, the platform's decides: seconds since 1970", ({ mock }) => {
	mock.timers.enable({ apis: ["Date"], now: start * 1000 });
	const replay = memoryReplay();
	assert.equal(replay.use("a", start), true);
	assert.throws(() => replay.use("b", start - 1), {
		message: "the proof has ended by the store's clock, which is not the guard's",
	});
	const sessions = memorySessions();
	sessions.end(["a"], 5, start);
	assert.equal(sessions.ended(["a"]), 5);
	setDate(mock, start + 0.5);
	assert.equal(sessions.ended(["a"]), undefined);
	assert.throws(() => replay.use("b", start), /clock/);
	assert.equal(replay.use("a", start), false, "who was there is no first use, whatever the clock says");
});

test("maxEntries and now: what can be meant, and what cannot", () => {
	for (const make of [memoryReplay, memorySessions]) {
		for (const maxEntries of [1, 10_000_000, undefined]) make({ maxEntries, now: undefined });
		for (const maxEntries of [0, -1, 1.5, 10_000_001, "1", null, true, Number.NaN]) {
			assert.throws(() => make({ maxEntries }), {
				name: "TypeError",
				message: "maxEntries: expected a whole number from 1 to 10000000",
			});
		}
		for (const now of [0, "1", null, {}, new Date()]) {
			assert.throws(() => make({ now }), { name: "TypeError", message: "now: expected a function" });
		}
	}
});

test("memoryReplay keeps 100,000 proofs unless told otherwise", () => {
	const { use } = memoryReplay({ now: () => start });
	for (let at = 0; at < 100_000; at++) use(String(at), start + 1);
	assert.throws(() => use("one more", start + 1), { message: "100000 proofs are in use, as many as maxEntries" });
	assert.equal(use("0", start + 1), false);
});

test("memoryReplay: what has ended makes room, in whatever order it ends", () => {
	let time = start;
	const { use } = memoryReplay({ maxEntries: 3, now: () => time });
	for (const [key, until] of [
		["late", 30],
		["soon", 10],
		["later", 40],
	]) {
		assert.equal(use(key, start + until), true);
	}
	const full = () => assert.throws(() => use("x", start + 90), /3 proofs are in use/);
	full();
	time = start + 11;
	assert.equal(use("sooner", start + 20), true, "soon has ended");
	full();
	for (const [seconds, key] of [
		[21, "after sooner"],
		[31, "after late"],
		[41, "after later"],
	]) {
		time = start + seconds - 1;
		full();
		time = start + seconds;
		assert.equal(use(key, start + 80), true, key);
		full();
	}
	for (const key of ["after sooner", "after late", "after later"]) assert.equal(use(key, start + 80), false);
	time = start + 81;
	for (const key of ["late", "soon", "later"]) assert.equal(use(key, start + 90), true, "all three have made room");
});

/** How often an action walks through all of a Map. */
function walks(action) {
	const walk = Map.prototype[Symbol.iterator];
	let count = 0;
	Map.prototype[Symbol.iterator] = function () {
		count++;
		return walk.call(this);
	};
	try {
		action();
	} finally {
		Map.prototype[Symbol.iterator] = walk;
	}
	return count;
}

test("memoryReplay that is full looks through its proofs only when one has ended", () => {
	let time = start;
	const { use } = memoryReplay({ maxEntries: 2, now: () => time });
	const refused = () => assert.throws(() => use("x", start + 90), /2 proofs/);
	const steps = [
		[0, () => use("a", start + 20), 0],
		[0, () => use("b", start + 10), 0],
		[0, refused, 0],
		[10, refused, 0],
		[11, () => use("c", start + 30), 1],
		[20, refused, 0],
		[21, () => use("d", start + 40), 1],
		[22, refused, 0],
	];
	for (const [seconds, action, expected] of steps) {
		time = start + seconds;
		assert.equal(walks(action), expected, `after ${seconds} seconds`);
	}
});

test("memorySessions: many sessions at once are kept all or none, and no call is lost to those that are there", () => {
	let time = 0;
	const { end, ended } = memorySessions({ maxEntries: 2, now: () => time });
	assert.throws(() => end(["a", "b", "c"], 1, 100), { message: "more than 2 sessions have ended" });
	assert.equal(ended(["a", "b", "c"]), undefined);
	end(["a", "b"], 1, 100);
	end(["b", "a"], 3, 90);
	end(["a"], 2, 110);
	assert.deepEqual([ended(["a"]), ended(["b"]), ended(["b", "a"])], [3, 3, 3]);
	assert.throws(() => end(["a", "c"], 4, 100), /more than 2 sessions/);
	assert.equal(ended(["a"]), 3);
	time = 100;
	assert.throws(() => end(["c"], 4, 200), /more than 2 sessions/, "the last second counts");
	time = 101;
	end(["c"], 4, 200);
	assert.deepEqual([ended(["a"]), ended(["b"]), ended(["c"])], [3, undefined, 4]);
	time = 111;
	assert.equal(ended(["a"]), undefined);
});

test("memoryReplay: of proofs that end at the moment, none is forgotten", () => {
	let time = start;
	const { use } = memoryReplay({ maxEntries: 2, now: () => time });
	use("a", start + 10);
	use("b", start + 20);
	time = start + 20;
	assert.equal(use("c", start + 30), true, "a has ended");
	assert.equal(use("b", start + 20), false);
});

test("memorySessions looks through its sessions only when there is no room", () => {
	const { end } = memorySessions({ maxEntries: 2, now: () => 0 });
	assert.equal(
		walks(() => end(["a", "b"], 1, 100)),
		0,
	);
});

test("memorySessions: a session that ended at 0 or before has ended", () => {
	const { end, ended } = memorySessions({ now: () => 0 });
	end(["zero"], 0, 100);
	end(["early"], -5, 100);
	assert.deepEqual([ended(["zero"]), ended(["early"]), ended(["zero", "early"])], [0, -5, 0]);
});
