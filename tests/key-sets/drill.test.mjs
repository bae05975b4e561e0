// The outage drill in short: the same ten minutes, fewer requests.

import assert from "node:assert/strict";
import { test } from "node:test";
import { drill, MOST, NEVER_WARM, PLAYERS } from "./drill.mjs";

const SHORT = { step: 10, crowd: 40 };

test("outage drill, keys kept in KV: no good token is refused, nothing forged passes", async (t) => {
	const seen = await drill({ ...SHORT, ...PLAYERS["countersign, KV"] });
	tell(t, seen);
	assert.ok(seen.good > 2000 && seen.forged > 200);
	assert.deepEqual([seen.refused, seen.accepted], [0, 0]);
	assert.ok(seen.whileUp <= MOST.up && seen.whileDown <= MOST.down);
});

test("outage drill, no store: nobody refuses but who was never warm", async (t) => {
	const seen = await drill({ ...SHORT, ...PLAYERS["countersign, no store"] });
	tell(t, seen);
	assert.deepEqual([seen.refusers, seen.accepted], [NEVER_WARM, 0]);
	assert.ok(seen.whileUp <= MOST.up && seen.whileDown <= MOST.down);
});

test("outage drill, jose: it cannot be passed without keys from before", async (t) => {
	const seen = await drill({ ...SHORT, ...PLAYERS["jose, createRemoteJWKSet"] });
	tell(t, seen);
	assert.equal(seen.accepted, 0);
	for (const isolate of NEVER_WARM) assert.ok(seen.refusers.includes(isolate), `isolate ${isolate}`);
});

function tell(t, { refusers, ...seen }) {
	t.diagnostic(`${JSON.stringify(seen)}, refused by ${refusers.join(" ") || "nobody"}`);
}
