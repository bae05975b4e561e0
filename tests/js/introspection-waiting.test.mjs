// Where promises belong to requests (Cloudflare Workers): who asks about an opaque token, who waits, and who ends early.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { audience, issuer, json, refusal, start } from "./helpers.mjs";
import { gate, soon } from "./waiting-kit.mjs";
import { cutOff, guard } from "./worker-kit.mjs";

const good = { active: true, iss: issuer, aud: audience, exp: start + 300 };

/** A guard in a worker; `state.answers` is what the introspection endpoint waits for. */
function setting() {
	const state = { answers: () => {}, calls: 0 };
	const fetch = async () => {
		state.calls++;
		await state.answers();
		return json(good);
	};
	const introspection = { clientId: "api", clientSecret: "secret", endpoint: `${issuer}/introspect` };
	const api = guard({ issuer, audience, tokens: "opaque", introspection, fetch, now: () => start });
	const request = () => new Request(audience, { headers: { authorization: "Bearer opaque" } });
	return { state, ask: () => refusal(() => api.check(request())) };
}

const several = (ask) => soon(Promise.all([ask(), ask(), ask()]));

test("requests wait for the answer that the first of them asks for, however slow", async () => {
	for (const milliseconds of [100, 900]) {
		const { state, ask } = setting();
		state.answers = () => pause(milliseconds);
		assert.deepEqual(await several(ask), ["accepted", "accepted", "accepted"]);
		assert.equal(state.calls, 1);
	}
});

test("a request that ends takes its question along, and another asks anew", async (t) => {
	const { state, ask } = setting();
	const { opened, open } = gate();
	t.after(open);
	state.answers = () => opened;
	await cutOff(ask);
	state.answers = () => {};
	assert.deepEqual(await several(ask), ["accepted", "accepted", "accepted"]);
	assert.equal(state.calls, 2);
});
