// What a login tells its page of: events with their reasons, snapshots for frameworks, and sessions that end by themselves.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createLogin, issuer, refusal, start } from "./helpers.mjs";
import { browser, FakeStorage, loggedIn, loginAt, redirectUri, server } from "./login-kit.mjs";
import { thrownByListeners } from "./login-page-kit.mjs";

const EVENTS = ["signed-in", "restored", "renewed", "expiring", "renewal-failed", "userinfo-failed", "signed-out"];
const home = "https://shop.example.com/";

/** All that a login tells, in one list. */
function listen(login) {
	const told = [];
	for (const name of EVENTS) {
		login.on(name, (event) => {
			assert.equal(event.type, name);
			assert.equal(event.session, login.session, "an event comes after its change");
			told.push(event.cause ? `${name}: ${event.cause}` : name);
		});
	}
	return told;
}

/** Things are done beside: until they are. */
async function until(happened) {
	for (let times = 0; times < 500 && !happened(); times++) await new Promise((resolve) => setTimeout(resolve, 2));
	assert.ok(happened());
}

async function awaited(options, op = server(), machine = browser()) {
	const first = machine.tab(`${home}cart`);
	await loginAt(op, options).start();
	const page = machine.tab(op.agree(first.left).href, first.sessionStorage);
	const login = loginAt(op, options);
	const told = listen(login);
	await login.finish();
	return { op, machine, page, login, told };
}

test("events tell what has happened, each once", async () => {
	const { op, page, login, told } = await awaited();
	assert.deepEqual(told.splice(0), ["signed-in"]);
	op.state.now += 270;
	page.happens("focus");
	page.happens("visibilitychange");
	assert.deepEqual(told.splice(0), ["expiring"]);
	await login.accessToken();
	assert.deepEqual(told.splice(0), ["renewed"]);
	op.state.now += 280;
	op.state.refuse = { error: "temporarily_unavailable" };
	let failure;
	login.on("renewal-failed", ({ error }) => {
		failure = error;
	});
	await login.accessToken();
	assert.deepEqual(told.splice(0), ["renewal-failed"]);
	assert.equal(failure.oauthError, "temporarily_unavailable");
	await login.logout({ global: false });
	assert.deepEqual(told.splice(0), ["signed-out: signed-out"]);
});

test("events say why a session has ended", async () => {
	const refused = await awaited();
	refused.op.state.now += 280;
	refused.op.state.refuse = { error: "invalid_grant" };
	assert.equal(await refusal(() => refused.login.accessToken()), "session_ended");
	assert.deepEqual(refused.told, ["signed-in", "signed-out: ended-by-server"]);

	const elsewhere = await awaited();
	elsewhere.machine.shared.clear();
	elsewhere.page.storageChanged({ key: `countersign:${issuer}:shop:session`, newValue: null });
	await until(() => elsewhere.told.length === 2);
	assert.deepEqual(elsewhere.told, ["signed-in", "signed-out: signed-out-elsewhere"]);
});

test("a session without a refresh token ends by itself", async (t) => {
	t.mock.timers.enable({ apis: ["setTimeout"] });
	const tamper = Object.assign(Object.create(null), { response: { refresh_token: undefined } });
	const op = server(Object.assign(Object.create(null), { tamper }));
	const { login, told } = await awaited({}, op);
	op.state.now += 270;
	t.mock.timers.tick(270_000);
	assert.deepEqual(told, ["signed-in", "expiring"]);
	op.state.now += 30;
	t.mock.timers.tick(29_000);
	assert.ok(login.session);
	t.mock.timers.tick(1_000);
	assert.deepEqual(told, ["signed-in", "expiring", "signed-out: expired"]);
	assert.equal(login.session, null);
});

test("a session ends when nobody is there, in every tab, and is not brought back", async () => {
	const options = { idleTimeout: 600 };
	const { op, machine, page, login, told } = await awaited(options);
	op.state.now += 500;
	page.happens("pointerdown", { isTrusted: false });
	page.happens("keydown", { isTrusted: true });
	op.state.now += 599;
	page.happens("focus");
	assert.ok(login.session);
	// The user is at another tab.
	const active = `countersign:${issuer}:shop:active`;
	assert.equal(machine.shared.get(active), String(start + 500));
	machine.shared.set(active, String(start + 1_000));
	op.state.now = start + 1_599;
	page.happens("focus");
	assert.ok(login.session);
	op.state.now = start + 1_600;
	page.happens("keydown", { isTrusted: true });
	assert.equal(login.session, null, "what comes too late brings nothing back");
	assert.deepEqual(told.at(-1), "signed-out: idle");
	await until(() => op.state.revoked.length === 1);
	const next = machine.tab(home);
	assert.equal(await loginAt(op, options).restore(), null);
	assert.equal(next.left, undefined, "nor does the server");
});

test("a page that was left alone for too long restores nothing", async () => {
	const storage = new FakeStorage();
	const options = { idleTimeout: 600, storage };
	const { op, machine } = await awaited(options);
	const restored = async () => {
		const page = machine.tab(home);
		const session = await loginAt(op, options).restore();
		assert.equal(page.left, undefined);
		return session;
	};
	op.state.now += 599;
	assert.ok(await restored());
	op.state.now += 1;
	assert.equal(await restored(), null);
	assert.equal(storage.size, 0);
	assert.equal(op.state.revoked.length, 1);
});

test("idleTimeout has bounds", async () => {
	for (const idleTimeout of [9, 2_592_001]) {
		browser().tab(home);
		const login = createLogin({ issuer, clientId: "shop", redirectUri, idleTimeout });
		await assert.rejects(login.start(), {
			name: "TypeError",
			message: "idleTimeout: expected seconds from 10 to 2592000",
		});
	}
});

test("a login in one tab reaches another that has loaded nothing yet", async () => {
	const storage = new FakeStorage();
	const machine = browser();
	const op = server();
	const other = machine.tab(home);
	const waiting = loginAt(op, { storage });
	const told = listen(waiting);
	assert.equal(await waiting.restore(), null);
	assert.equal(waiting.getSnapshot().status, "signed-out");
	await awaited({ storage }, op, machine);
	globalThis.window = other;
	const key = `countersign:${issuer}:shop:session`;
	other.storageChanged({ key, newValue: machine.shared.get(key) });
	await until(() => waiting.session !== null);
	assert.deepEqual(told, ["restored"]);
	assert.equal(waiting.session.claims.sub, "user-1");
	// Where each tab has a session of its own, nothing of that happens.
	const apart = machine.tab(home);
	const alone = loginAt(op);
	alone.on("restored", () => assert.fail());
	apart.storageChanged({ key, newValue: "1" });
	await new Promise((resolve) => setTimeout(resolve, 20));
	assert.equal(alone.session, null);
});

test("snapshots stay the same object until something changes", async () => {
	const machine = browser();
	const op = server();
	const first = machine.tab(home);
	const before = loginAt(op);
	assert.deepEqual(before.getSnapshot(), { status: "pending", session: null });
	assert.equal(await before.finish(), null);
	assert.equal(before.getSnapshot().status, "pending", "an address without an answer says nothing");
	let calls = 0;
	const stop = before.subscribe(() => calls++);
	const { getSnapshot, restore } = before;
	await restore();
	assert.deepEqual(getSnapshot(), { status: "signed-out", session: null });
	assert.equal(getSnapshot(), getSnapshot());
	await restore();
	assert.equal(calls, 1);
	stop();
	await before.start();
	machine.tab(op.agree(first.left).href, first.sessionStorage);
	const login = loginAt(op);
	const seen = [];
	login.subscribe(() => seen.push(login.getSnapshot()));
	await login.finish();
	assert.deepEqual(seen, [{ status: "signed-in", session: login.session }]);
	op.state.now += 280;
	await login.accessToken();
	assert.equal(seen.length, 2);
	assert.notEqual(seen[1], seen[0]);
	await login.logout({ global: false });
	assert.deepEqual(seen[2], { status: "signed-out", session: null });
	assert.equal(seen.length, 3);
});

test("a login that fails leaves nobody pending, and a server's page always is", async () => {
	const machine = browser();
	const op = server();
	const first = machine.tab(home);
	await loginAt(op).start();
	machine.tab(op.deny(first.left, "access_denied").href, first.sessionStorage);
	const login = loginAt(op);
	assert.equal(await refusal(() => login.finish()), "access_denied");
	assert.equal(login.getSnapshot().status, "signed-out");
	delete globalThis.window;
	const onServer = loginAt(op);
	assert.equal(await onServer.restore(), null);
	assert.equal(onServer.getSnapshot().status, "pending");
});

test("who listens to what does not exist hears of it", () => {
	browser().tab(home);
	const login = createLogin({ issuer, clientId: "shop", redirectUri });
	assert.throws(() => login.on("renew", () => {}), {
		name: "TypeError",
		message: "event: unknown event; did you mean renewed?",
	});
	assert.throws(() => login.on("toString", () => {}), { message: /^event: unknown event; known here: signed-in, / });
	for (const listen of [login.onChange, login.subscribe, (listener) => login.on("renewed", listener)]) {
		for (const listener of [undefined, null, {}, "f"]) {
			assert.throws(() => listen(listener), { name: "TypeError", message: "listener: expected a function" });
		}
	}
});

test("a listener that throws ends no login, and one that has stopped hears nothing", async (t) => {
	const thrown = thrownByListeners(t);
	const machine = browser();
	const op = server();
	const first = machine.tab(home);
	await loginAt(op).start();
	machine.tab(op.agree(first.left).href, first.sessionStorage);
	const login = loginAt(op);
	login.on("signed-in", () => {
		throw new Error("mine");
	});
	login.on("signed-in", () => assert.fail("stopped"))();
	await login.finish();
	assert.ok(login.session);
	assert.deepEqual(thrown, ["mine"]);
});

test("a page is left as the option says", async () => {
	const went = [];
	const navigate = (url, how) => went.push([new URL(url).pathname, how]);
	const { op, machine, login } = await loggedIn({ options: {} });
	const page = machine.tab(home);
	const other = loginAt(op, { navigate });
	await other.start();
	assert.equal(page.left, undefined);
	assert.deepEqual(went.splice(0), [["/authorize", "assign"]]);
	const silent = loginAt(op, { navigate, silentTimeout: 1 });
	assert.equal(await silent.restore(), null);
	assert.deepEqual(went.splice(0), [["/authorize", "replace"]]);
	await silent.logout();
	assert.deepEqual(went.splice(0), [["/logout", "assign"]]);
	assert.ok(login.session);
	assert.throws(() => loginAt(op, { navigate: "assign" }), { message: "navigate: expected a function" });
});
