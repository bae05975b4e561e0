// `storage: "shared"`: one session for all tabs, of which one renews and the others are handed the result.

import assert from "node:assert/strict";
import { test } from "node:test";
import { IDBDatabase } from "fake-indexeddb";
import { refusal } from "./helpers.mjs";
import { server } from "./login-kit.mjs";
import { heldTimers, name, replace, sharedBrowser, sharedLogin, until } from "./shared-kit.mjs";

const held = async ({ locks }) => (await locks.query()).held.map(({ name }) => name);
const kinds = (machine) => machine.messages().map(({ type }) => type);

test("the refresh token is kept in IndexedDB, durably, until the user logs out", async (t) => {
	const transactions = [];
	const { transaction } = IDBDatabase.prototype;
	replace(t, IDBDatabase.prototype, "transaction", function (...args) {
		const made = transaction.apply(this, args);
		transactions.push(made);
		return made;
	});
	const { op, machine, login } = await sharedLogin(t);
	const durabilities = transactions.filter(({ mode }) => mode === "readwrite").map(({ durability }) => durability);
	assert.deepEqual(durabilities, ["strict"]);
	const { refreshToken, ...rest } = await machine.kept();
	assert.deepEqual([...op.state.refreshTokens], [refreshToken]);
	const [accessToken] = op.state.access;
	assert.equal(JSON.stringify(rest).includes(accessToken), false);
	await login.logout({ global: false });
	assert.equal(await machine.kept(), null);
	assert.deepEqual(op.state.revoked, [refreshToken]);
	// Nothing keeps the database open: whoever clears this site's data does not wait for its pages.
	await new Promise((resolve, reject) => {
		const request = machine.indexedDB.deleteDatabase("countersign");
		request.onsuccess = resolve;
		request.onblocked = () => reject(new Error("the database is still open"));
	});
});

test("a new tab is handed the access token: nothing is renewed, and nobody waits", async (t) => {
	const { op, machine, login, another } = await sharedLogin(t);
	const token = await login.accessToken();
	const timers = heldTimers(t);
	const { login: other } = another();
	assert.equal((await other.restore()).claims.sub, "user-1");
	assert.equal(await other.accessToken(), token);
	assert.equal(op.state.used, 0);
	assert.deepEqual(kinds(machine), ["tokens", "ask", "tokens", "tokens"]);
	assert.deepEqual(timers.of(500), ["cleared"], "for an answer");
	assert.deepEqual(timers.of(65_000), ["cleared"], "for the lock");
});

test("a new tab of a session that is bound to a key is handed its access token, too", async (t) => {
	const op = server({ tamper: { response: { token_type: "DPoP" } } });
	const { login, another } = await sharedLogin(t, { op, options: { dpop: true } });
	const { login: other } = another();
	await other.restore();
	assert.equal(await other.accessToken(), await login.accessToken());
	assert.equal(op.state.used, 0);
});

test("tabs that share a session are known by a lock, until the session ends", async (t) => {
	const { machine, login, another } = await sharedLogin(t);
	const { lineage } = await machine.kept();
	assert.deepEqual(await held(machine), [`${name}:${lineage}`]);
	const { login: other } = another();
	await other.restore();
	await until(async () => (await held(machine)).length === 2);
	assert.deepEqual(await held(machine), [`${name}:${lineage}`, `${name}:${lineage}`]);
	assert.equal((await machine.locks.query()).pending.length, 0);
	await login.logout({ global: false });
	await until(() => other.session === null);
	await until(async () => (await held(machine)).length === 0);
});

test("one tab renews, and the others are told; a logout ends the session in all of them", async (t) => {
	const { op, login, another } = await sharedLogin(t);
	const { login: other } = another();
	await other.restore();
	const told = [];
	login.on("renewed", () => told.push("renewed"));
	login.on("signed-out", ({ cause }) => told.push(cause));
	op.state.now += 280;
	const token = await other.accessToken();
	await until(() => told.length === 1);
	assert.equal(await login.accessToken(), token);
	assert.equal(op.state.used, 1);
	await other.logout({ global: false });
	await until(() => login.session === null);
	assert.deepEqual(told, ["renewed", "signed-out-elsewhere"]);
	assert.equal(await refusal(() => login.accessToken()), "login_required");
});

test("two tabs that need a token at once ask the server once", async (t) => {
	const { op, login, another } = await sharedLogin(t);
	const { login: other } = another();
	await other.restore();
	op.state.now += 280;
	const [one, two] = await Promise.all([login.accessToken(), other.accessToken()]);
	assert.equal(one, two);
	assert.equal(op.state.used, 1);
});

test("the only tab of a session asks no other, whatever else is locked", async (t) => {
	const { op, machine, login } = await sharedLogin(t);
	// As a tab has left it that has renewed and was closed.
	await machine.keep({ ...(await machine.kept()), generation: 1 });
	await machine.locks.hold("another's");
	op.state.now += 280;
	await login.accessToken();
	assert.deepEqual([op.state.used, kinds(machine).includes("ask")], [1, false]);
});

test("a tab that comes when all others are closed asks nobody", async (t) => {
	const { op, machine } = await sharedLogin(t);
	const entry = await machine.kept();
	machine.quit();
	// The next day, with the same store.
	const next = sharedBrowser(t);
	next.shared.set(`${name}:session`, "1");
	await next.keep(entry);
	await next.locks.hold("another's");
	assert.equal((await next.open(op).login.restore()).claims.sub, "user-1");
	assert.deepEqual([op.state.used, kinds(next).includes("ask")], [1, false]);
});
