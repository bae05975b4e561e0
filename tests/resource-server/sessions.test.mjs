// Ended sessions and used proofs in Durable Objects of real workerd, as two isolates see them: what one is told the other
// knows, and what need not be kept any longer is forgotten.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fleet } from "../key-sets/fleet.mjs";
import { accessToken, base, logoutToken } from "./material.mjs";

const isolates = await fleet(new URL("sessions-worker.mjs", import.meta.url), {
	isolates: 2,
	objects: { SESSIONS: "EndedSessions", REPLAY: "DpopReplay" },
});
after(() => isolates.end());

const ask = async (question, isolate) => (await isolates.ask(question, isolate)).said;
const call = (isolate, store, name, ...values) => ask({ store, call: name, values }, isolate);

test("a logout that one isolate receives revokes its session's tokens at the other", async () => {
	const iat = Math.floor(Date.now() / 1000) - 10;
	const tokens = [
		await accessToken({ sub: "ada", sid: "s", iat }),
		await accessToken({ sub: "ada", sid: "t", iat }),
		await accessToken({ sub: "bob", sid: "u", iat }),
	];
	const all = (isolate) => Promise.all(tokens.map((token) => ask({ options: base, token }, isolate)));
	assert.deepEqual(await all(1), ["accepted", "accepted", "accepted"]);
	const logout = (claims) => logoutToken(claims).then((logout) => ask({ options: base, audience: "shop", logout }, 0));
	assert.equal(await logout({ sub: "ada", sid: "s" }), 200);
	for (const isolate of [0, 1]) assert.deepEqual(await all(isolate), ["token_revoked", "accepted", "accepted"]);
	assert.equal(await logout({ sub: "ada" }), 200);
	for (const isolate of [0, 1]) assert.deepEqual(await all(isolate), ["token_revoked", "token_revoked", "accepted"]);
	assert.equal(await ask({ options: base, audience: "other", logout: await logoutToken({ sub: "bob" }) }, 1), 400);
});

test("of two moments the later counts, whichever isolate tells it", async () => {
	const until = Date.now() / 1000 + 600;
	await call(0, "sessions", "end", ["x", "y"], 200, until);
	await call(1, "sessions", "end", ["x"], 100, until);
	assert.equal(await call(1, "sessions", "ended", ["x", "z"]), 200);
	assert.equal(await call(0, "sessions", "ended", ["z"]), null);
});

test("what has had its time is forgotten, by the alarm", async () => {
	const soon = Date.now() / 1000 + 1;
	await call(0, "sessions", "end", ["a"], 1, soon);
	await call(0, "sessions", "end", ["a2"], 1, soon + 600);
	assert.equal(await call(1, "sessions", "ended", ["a"]), 1);
	assert.equal(await call(0, "replay", "use", "a", soon), true);
	assert.equal(await call(1, "replay", "use", "a", soon), false);
	await sleep(4_000);
	assert.equal(await call(1, "sessions", "ended", ["a"]), null);
	assert.equal(await call(1, "sessions", "ended", ["a2"]), 1, "what still counts is kept");
	assert.equal(await call(1, "replay", "use", "a", soon + 600), true);
	assert.match(await call(0, "replay", "use", "a", soon), /answered 400: the proof has ended/, "nobody's first use");
});
