// Stores that fail, or have what nobody has put there, and what is kept where none is asked for.

import assert from "node:assert/strict";
import { test } from "node:test";
import { IDBObjectStore } from "fake-indexeddb";
import { createLogin, issuer, refusal } from "./helpers.mjs";
import { browser, FakeStorage, loggedIn, loginAt, redirectUri, server } from "./login-kit.mjs";
import { heldTimers, home, name, replace, sharedBrowser, sharedLogin, until } from "./shared-kit.mjs";

const isRenewal = (lock) => lock === `${name}:refresh`;

/** A store of one's own that writes down what it is asked. */
function ownStore() {
	const calls = [];
	const entries = new FakeStorage();
	const noted = (what) => (key, value) => {
		calls.push(what);
		return entries[what](key, value);
	};
	return { calls, entries, getItem: noted("getItem"), setItem: noted("setItem"), removeItem: noted("removeItem") };
}

test("localStorage is refused by name, also where another browser's storage of that name is blocked", (t) => {
	const page = browser().tab(home);
	assert.throws(() => createLogin({ issuer, clientId: "shop", redirectUri, storage: page.localStorage }), {
		name: "TypeError",
		message:
			'storage: localStorage shows another tab an older entry for a while, so that two tabs use one refresh token and lose the session; use "shared"',
	});
	Object.defineProperty(page, "localStorage", {
		get() {
			throw new Error("blocked");
		},
	});
	const { window } = globalThis;
	t.after(() => {
		globalThis.window = window;
	});
	for (const storage of ["memory", "session", "shared", new FakeStorage()]) {
		assert.equal(loginAt(server(), { storage }).session, null);
		// Nor is there one on a server.
		delete globalThis.window;
		assert.equal(loginAt(server(), { storage }).session, null);
		globalThis.window = page;
	}
});

test("by default nothing is kept, nothing locked, and nobody told", async (t) => {
	for (const options of [{}, { storage: "memory" }]) {
		const machine = sharedBrowser(t);
		const { op, login, page } = await loggedIn({ machine, options });
		op.state.now += 280;
		await login.accessToken();
		assert.equal(op.state.used, 1);
		assert.deepEqual([machine.messages(), machine.locks.asked.filter(isRenewal)], [[], []]);
		assert.equal(page.sessionStorage.has(`${name}:tokens`), false);
		assert.deepEqual(await machine.indexedDB.databases(), []);
		await login.logout({ global: false });
	}
});

test("for one tab: its login is told to no other, and another's begins nothing here", async (t) => {
	const options = { storage: "session" };
	const machine = sharedBrowser(t);
	const { op } = await loggedIn({ machine, options });
	const { page, login } = machine.open(op, options);
	page.storageChanged({ key: `${name}:session`, newValue: "1" });
	assert.equal(await refusal(() => login.accessToken()), "login_required");
	assert.deepEqual([machine.messages(), machine.locks.asked.filter(isRenewal)], [[], []]);
});

test("a visitor who does something on a page leaves nothing in its storage", () => {
	const page = browser().tab(home);
	loginAt(server());
	page.happens("pointerdown", { isTrusted: true });
	assert.deepEqual([page.sessionStorage.size, page.localStorage.size], [0, 0]);
});

test("what is left in a store after a logout elsewhere is forgotten and revoked, not used", async () => {
	const storage = ownStore();
	const { op, machine, page } = await loggedIn({ options: { storage } });
	const [token] = op.state.refreshTokens;
	machine.shared.delete(`${name}:session`);
	machine.tab(home, page.sessionStorage);
	assert.equal(await loginAt(op, { storage }).restore(), null);
	assert.deepEqual([storage.entries.size, op.state.revoked, op.state.used], [0, [token], 0]);
});

test("a logout empties a store that cannot be read, and leaves alone one that has nothing", async () => {
	for (const [spoil, calls] of [
		[
			(storage) => {
				storage.getItem = () => Promise.reject(new Error("cannot be read"));
			},
			["removeItem"],
		],
		[(storage) => storage.entries.clear(), ["getItem"]],
	]) {
		const storage = ownStore();
		const { login } = await loggedIn({ options: { storage } });
		spoil(storage);
		storage.calls.length = 0;
		await login.logout({ global: false });
		assert.deepEqual(storage.calls, calls);
	}
});

test("an entry of IndexedDB that is no text is none", async (t) => {
	const machine = sharedBrowser(t);
	machine.shared.set(`${name}:session`, "1");
	for (const entry of [7, true, {}, ["x"], new Uint8Array(4), new Date(0)]) {
		await machine.entries((entries) => entries.put(entry, `${name}:tokens`));
		const failures = [];
		const { login } = machine.open(server(), { silent: "never" });
		login.on("renewal-failed", ({ error }) => failures.push(error));
		assert.equal(await login.restore(), null, String(entry));
		assert.deepEqual(failures, []);
	}
});

/** IndexedDB that fails: to be opened, or to keep what it is given. */
const FAILURES = {
	"cannot be opened": (_t, machine) => machine.indexedDB.open("countersign", 2),
	"is full": (t) => {
		const { put } = IDBObjectStore.prototype;
		replace(t, IDBObjectStore.prototype, "put", function (...args) {
			const request = put.apply(this, args);
			request.addEventListener("success", () => this.transaction._abort("QuotaExceededError"));
			return request;
		});
	},
};

for (const [what, fails] of Object.entries(FAILURES)) {
	test(`IndexedDB that ${what}: the session lives as long as the page, and nobody waits for a clock`, async (t) => {
		const machine = sharedBrowser(t);
		fails(t, machine);
		const timers = heldTimers(t);
		const { op, login } = await sharedLogin(t, { machine });
		assert.equal(login.session.claims.sub, "user-1");
		assert.equal(timers.of(3_000).includes("running"), false);
		await login.logout({ global: false });
		assert.equal(op.state.revoked.length, 1);
	});

	test(`IndexedDB that ${what}: no login with dpop, and the browser's reason is its cause`, async (t) => {
		const machine = sharedBrowser(t);
		fails(t, machine);
		heldTimers(t);
		const { login } = machine.open(server(), { dpop: true, storage: "session" });
		await assert.rejects(login.start(), (error) => {
			const cause = error.cause ?? error;
			assert.match(cause.name, /^(VersionError|QuotaExceededError)$/);
			return true;
		});
	});
}

test("two logins of one page ask in silence each for itself, and know each by itself what their user does", async (t) => {
	const timers = heldTimers(t);
	const { op, machine } = await loggedIn();
	const names = ["shop", "staff"].map((clientId) => `countersign:${issuer}:${clientId}`);
	for (const one of names) machine.shared.set(`${one}:session`, "1");
	const tab = machine.tab(home);
	const went = [];
	const options = { navigate: (url) => went.push(url), silentTimeout: 1 };
	const logins = ["shop", "staff"].map((clientId) => loginAt(op, { ...options, clientId }));
	const restored = Promise.all(logins.map(({ restore }) => restore()));
	await until(() => went.length === 2);
	tab.happens("keydown", { isTrusted: true });
	const kept = [...tab.sessionStorage.keys()].filter((key) => !/:(metadata|transactions)$/.test(key)).sort();
	assert.deepEqual(
		kept,
		names.flatMap((one) => [`${one}:acted`, `${one}:attempts`]),
	);
	timers.strike(1_000);
	assert.deepEqual(await restored, [null, null]);
});
