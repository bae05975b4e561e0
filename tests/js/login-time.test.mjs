// A login as time passes: timers as browsers have them, clocks that are off, and an absence that outlasts a failure.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, loggedIn, loginAt, server } from "./login-kit.mjs";
import { bent, blocked, home, rejection } from "./login-page-kit.mjs";
import { memories } from "./memories.mjs";

test("timers are numbers in a browser", async (t) => {
	const { setTimeout: real } = globalThis;
	t.mock.method(globalThis, "setTimeout", (...given) => Number(real(...given).unref()));
	const { login } = await loggedIn();
	assert.equal(login.session.claims.sub, "user-1");
});

test("a session without an end is not looked after again and again", async () => {
	const op = server(bent({ response: { expires_in: undefined } }));
	let looked = 0;
	const now = () => {
		looked++;
		return op.state.now;
	};
	const { login } = await loggedIn({ op, options: { now } });
	assert.equal(login.session.expiresAt, null);
	const before = looked;
	await new Promise((resolve) => setTimeout(resolve, 30));
	assert.equal(looked, before);
});

/** A server whose token responses have a `Date` as long as `shows.date` says so, and a device that is an hour ahead. */
function ahead(tamper) {
	const op = server(bent(tamper));
	const shows = { date: true };
	const fetch = async (input, init) => {
		const response = await op.fetch(input, init);
		if (shows.date && String(input?.url ?? input).endsWith("/token")) {
			response.headers.set("date", new Date(op.state.now * 1000).toUTCString());
		}
		return response;
	};
	return { op: { ...op, fetch }, shows, options: { now: () => op.state.now + 3_600 } };
}

test("an answer without a date leaves the clock as the last one has put it", async () => {
	const { op, shows, options } = ahead({});
	const { login } = await loggedIn({ op, options });
	shows.date = false;
	op.state.now += 280;
	assert.match(await login.accessToken(), /^at-/);
	op.state.now += 280;
	assert.match(await login.accessToken(), /^at-/);
	assert.equal(op.state.used, 2);
});

test("a session ends when nobody is there, in a browser that keeps nothing and after the core has stopped", async () => {
	const op = server();
	const machine = browser();
	const options = { idleTimeout: 600 };
	const first = machine.tab(home);
	await loginAt(op, options).start();
	const page = blocked(machine.tab(op.agree(first.left).href, first.sessionStorage), "localStorage");
	const login = loginAt(op, options);
	const told = [];
	login.on("signed-out", ({ cause }) => told.push(cause));
	await login.finish();
	new Uint8Array(memories.at(-1).buffer).fill(0xff);
	assert.equal((await rejection(login.accessToken())).code, "internal");
	op.state.now += 599;
	page.happens("focus");
	assert.ok(login.session);
	op.state.now += 1;
	page.happens("focus");
	assert.deepEqual([login.session, told], [null, ["idle"]]);
});
