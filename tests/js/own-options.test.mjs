// Options that are read without the core: own properties, each read once, every name known. Here those of memoryReplay.

import assert from "node:assert/strict";
import { test } from "node:test";
import { edge } from "./helpers.mjs";

const said = (options) => {
	try {
		edge.memoryReplay(options);
		return "accepted";
	} catch (error) {
		return `${error.name}: ${error.message}`;
	}
};
const throwing = () => {
	throw new Error("not now");
};

test("what are no options, and what cannot be read", () => {
	for (const none of [null, [], "maxEntries", 5, true, () => 1, Symbol("x")]) {
		assert.equal(said(none), "TypeError: options: expected an object");
	}
	for (const [options, name] of [
		[Object.defineProperty({}, "now", { get: throwing }), "now"],
		[Object.defineProperty({}, "no\nw", { get: throwing }), "no\ufffdw"],
		[new Proxy({}, { ownKeys: throwing }), "options"],
		[new Proxy({ maxEntries: 1 }, { get: throwing }), "maxEntries"],
	]) {
		assert.throws(
			() => edge.memoryReplay(options),
			(error) => {
				assert.ok(error instanceof TypeError);
				assert.deepEqual([error.message, error.cause.message], [`${name}: cannot be read`, "not now"]);
				return true;
			},
		);
	}
});

test("own properties count, whether they are listed or not; inherited ones and symbols do not", () => {
	for (const [options, outcome] of [
		[{}, "accepted"],
		[undefined, "accepted"],
		[Object.create(null), "accepted"],
		[Object.create({ maxEntries: 0, other: 1 }), "accepted"],
		[{ [Symbol("maxEntries")]: 0 }, "accepted"],
		[{ maxEntries: undefined, now: undefined }, "accepted"],
		[{ maxEntries: null }, "TypeError: maxEntries: expected a whole number from 1 to 10000000"],
		[
			Object.defineProperty({}, "maxEntries", { value: 0 }),
			"TypeError: maxEntries: expected a whole number from 1 to 10000000",
		],
		[JSON.parse('{"__proto__": {}}'), "TypeError: __proto__: unknown option; known here: maxEntries, now"],
		[{ toString: undefined }, "TypeError: toString: unknown option; known here: maxEntries, now"],
	]) {
		assert.equal(said(options), outcome);
	}
	Object.prototype.maxEntries = 0;
	try {
		assert.equal(said({}), "accepted");
	} finally {
		delete Object.prototype.maxEntries;
	}
});

test("each option is read once", () => {
	let reads = 0;
	const options = {
		get maxEntries() {
			return ++reads;
		},
	};
	const { use } = edge.memoryReplay(options);
	const until = Date.now() / 1000 + 60;
	use("a", until);
	assert.throws(() => use("b", until), /1 proofs are in use/);
	assert.equal(reads, 1);
});

test("a name that nobody knows: the one that was meant, or all that there are", () => {
	for (const [name, meant] of [
		["maxEntry", "maxEntries"],
		["maxentries", "maxEntries"],
		["MAX_ENTRIES", "maxEntries"],
		["axEntries", "maxEntries"],
		["mxaEntries", "maxEntries"],
		["maxEnXtries", "maxEntries"],
		["nwo", undefined],
		["no", "now"],
		["ow", "now"],
		["knw", undefined],
		["know", "now"],
		["snow", "now"],
		["snows", "now"],
		["not", "now"],
		["w", undefined],
		["wno", undefined],
		["entries", undefined],
		["clock", undefined],
		["", undefined],
	]) {
		const advice = meant ? `did you mean ${meant}?` : "known here: maxEntries, now";
		assert.equal(said({ [name]: 1 }), `TypeError: ${name}: unknown option; ${advice}`);
	}
});

test("a name is shown as far as it can be, and costs no time", () => {
	const known = "unknown option; known here: maxEntries, now";
	assert.equal(said({ "\u202ex\u0000é~ ": 1 }), `TypeError: \ufffdx\ufffd\ufffd~ : ${known}`);
	const began = performance.now();
	assert.equal(said({ [`x${"y".repeat(5_000_000)}`]: 1 }), `TypeError: x${"y".repeat(79)}: ${known}`);
	assert.ok(performance.now() - began < 1_000);
});
