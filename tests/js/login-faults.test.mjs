// A login whose core traps, whose options are wrong, or whose server sends ID tokens that do not pass.

import assert from "node:assert/strict";
import { test } from "node:test";
import { countersign, refusal } from "./helpers.mjs";
import { browser, loggedIn, loginAt, server } from "./login-kit.mjs";
import { memories } from "./memories.mjs";

const home = "https://shop.example.com/";

/** Makes the core trap, and has one call hear of it. */
async function trap(login) {
	new Uint8Array(memories.at(-1).buffer).fill(0xff);
	assert.equal(await refusal(() => login.accessToken()), "internal");
}

test("a session survives a trap of the core, and is renewed afterwards", async () => {
	const { op, login } = await loggedIn();
	const { session } = login;
	const token = await login.accessToken();
	await trap(login);
	assert.equal(await login.accessToken(), token);
	assert.equal(login.session, session);
	op.state.now += 280;
	assert.notEqual(await login.accessToken(), token);
	assert.equal(op.state.used, 1);
});

test("a refresh token that came with a wrong ID token is the one that is used next, also after a trap", async () => {
	for (const traps of [false, true]) {
		const claims = {};
		const op = server({ tamper: { claims } });
		const { login } = await loggedIn({ op });
		const failures = [];
		login.on("renewal-failed", ({ error }) => failures.push(error));
		op.state.now += 280;
		claims.aud = "another client";
		const token = await login.accessToken();
		assert.deepEqual([op.state.used, op.state.refreshTokens.size], [1, 1]);
		assert.ok(failures[0] instanceof countersign.TokenError);
		assert.equal(failures[0].code, "audience_mismatch");
		claims.aud = "shop";
		if (traps) await trap(login);
		op.state.now += 10;
		assert.notEqual(await login.accessToken(), token);
		assert.deepEqual([op.state.used, failures.length], [2, 1]);
	}
});

test("a nonce in a renewed ID token is that of the login, or the ID token is refused (OpenID Connect Core 12.2)", async () => {
	for (const nonce of ["another", "", 7, null, {}]) {
		const claims = {};
		const op = server({ tamper: { claims } });
		const { login } = await loggedIn({ op });
		const { idToken } = login.session;
		const failures = [];
		login.on("renewal-failed", ({ error }) => failures.push(error.code));
		op.state.now += 280;
		claims.nonce = nonce;
		await login.accessToken();
		assert.deepEqual([login.session.idToken === idToken, failures.length], [true, 1], JSON.stringify(nonce));
	}
});

test("what the options of a login are refused with is said at each call", async () => {
	browser().tab(home);
	const login = loginAt(server(), { idleTimeout: 9 });
	for (let times = 0; times < 2; times++) {
		await assert.rejects(login.accessToken(), {
			name: "TypeError",
			message: "idleTimeout: expected seconds from 10 to 2592000",
		});
	}
});

test("a page that its user comes back to as another tab says that it has a session: finished once", async () => {
	const { machine, page, login, finished } = await loggedIn();
	const [key] = machine.shared.keys();
	page.storageChanged({ key, newValue: "1" });
	assert.equal(await login.finish(), finished, "StrictMode runs effects twice");
	page.storageChanged({ key, newValue: null });
	assert.equal(await login.finish(), null);
});

test("without idleTimeout nobody looks when the user was last there", async () => {
	const { login, page } = await loggedIn();
	const asked = [];
	const { getItem } = page.localStorage;
	page.localStorage.getItem = (key) => {
		asked.push(key);
		return getItem(key);
	};
	await login.accessToken();
	assert.deepEqual(
		asked.filter((key) => key.endsWith(":active")),
		[],
	);
});
