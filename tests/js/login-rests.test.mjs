// A server that cannot renew: for how long it is left alone, and what is said meanwhile. And renewals after a trap of the core.

import assert from "node:assert/strict";
import { test } from "node:test";
import { json, refusal } from "./helpers.mjs";
import { loggedIn, server } from "./login-kit.mjs";
import { memories } from "./memories.mjs";

test("a server that names its rest (RFC 9110 §10.2.3) is asked again when it is over; till then callers hear why", async () => {
	const op = server();
	let down = false;
	let asked = 0;
	const fetch = async (input, init) => {
		if (!down || !String(input.url ?? input).endsWith("/token")) return op.fetch(input, init);
		asked++;
		return json({ error: "temporarily_unavailable" }, { status: 503, headers: { "retry-after": "60" } });
	};
	const { login } = await loggedIn({ op: { ...op, fetch } });
	down = true;
	op.state.now += 290;
	const token = await login.accessToken();
	assert.equal(asked, 1);
	op.state.now += 5;
	assert.equal(await login.accessToken(), token, "five seconds are left");
	op.state.now += 54;
	await assert.rejects(login.accessToken(), { code: "token_request_failed", oauthError: "temporarily_unavailable" });
	assert.equal(asked, 1);
	down = false;
	op.state.now += 1;
	assert.notEqual(await login.accessToken(), token);
	assert.equal(op.state.used, 1);
});

test("a session goes on after a trap of the core, and each renewal is one of its own", async () => {
	const { op, login } = await loggedIn();
	const renewed = async () => {
		op.state.now += 280;
		await login.accessToken();
		return op.state.used;
	};
	assert.deepEqual([await renewed(), await renewed(), await renewed()], [1, 2, 3]);
	new Uint8Array(memories.at(-1).buffer).fill(0xff);
	assert.equal(await refusal(() => login.accessToken()), "internal");
	assert.deepEqual([await renewed(), await renewed(), await renewed()], [4, 5, 6]);
	assert.equal(login.session.claims.sub, "user-1");
});
