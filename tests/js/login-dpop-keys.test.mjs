// Where the key of dpop: true lies, and for how long; what a login says where it cannot lie there.

import assert from "node:assert/strict";
import { test } from "node:test";
import { IDBFactory, IDBObjectStore } from "fake-indexeddb";
import { audience, json } from "./helpers.mjs";
import { browser, loginAt, server } from "./login-kit.mjs";
import { bent, home, name, rejection, until } from "./login-page-kit.mjs";

const dpopKey = `${name}:dpop-key`;

/** A server whose tokens are bound to keys, and an API. */
function world(tamper = {}, options = {}, metadata = {}) {
	const op = server(Object.assign(bent({ response: { token_type: "DPoP" }, ...tamper }), { metadata }));
	const asked = [];
	const fetch = async (input, init) => {
		const request = new Request(input, init);
		if (!request.url.startsWith(audience)) return op.fetch(input, init);
		asked.push(request.headers);
		return json({});
	};
	const machine = browser();
	const indexedDB = new IDBFactory();
	const open = (href = home, storage = undefined) => {
		const page = Object.assign(machine.tab(href, storage), { indexedDB });
		return { page, login: loginAt(op, { dpop: true, fetch, ...options }) };
	};
	const signIn = async () => {
		const out = open();
		await out.login.start();
		const back = open(op.agree(out.page.left).href, out.page.sessionStorage);
		await back.login.finish();
		return back;
	};
	return { op, asked, indexedDB, open, signIn };
}

const done = (request) =>
	new Promise((resolve, reject) => {
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(request.error);
	});

/** Works with the entries of the login as a browser has them. */
async function inEntries(indexedDB, work) {
	const database = await done(indexedDB.open("countersign"));
	const result = await done(work(database.transaction("sessions", "readwrite").objectStore("sessions")));
	database.close();
	return result;
}
const kept = ({ indexedDB }) => inEntries(indexedDB, (entries) => entries.get(dpopKey));

test("the key lies in IndexedDB from start until the user logs out", async () => {
	const shop = world();
	const { login } = await shop.signIn();
	const { privateKey } = await kept(shop);
	assert.equal(privateKey.extractable, false);
	await login.logout({ global: false });
	await until(async () => (await kept(shop)) === undefined);
});

test("a page goes on with the key that it has, though the browser has deleted it since", async () => {
	const shop = world();
	const { login } = await shop.signIn();
	await inEntries(shop.indexedDB, (entries) => entries.delete(dpopKey));
	assert.equal((await login.fetch(`${audience}/orders`)).status, 200);
	assert.equal(shop.asked[0].get("authorization"), `DPoP ${await login.accessToken()}`);
	assert.ok(shop.asked[0].has("dpop"));
	shop.op.state.now += 280;
	await login.accessToken();
	assert.equal(shop.op.state.used, 1);
});

test("a browser that keeps no key: a TypeError with its reason, before the page is left", async (t) => {
	t.mock.method(IDBObjectStore.prototype, "put", function put() {
		this.transaction.abort();
	});
	const { page, login } = world().open();
	const error = await rejection(login.start());
	assert.equal(error.name, "TypeError");
	assert.equal(error.message, "dpop: this browser keeps no key in IndexedDB, as some do not in private windows");
	assert.equal(error.cause.message, "IndexedDB: aborted");
	assert.equal(page.left, undefined);
});

test("an IndexedDB that hangs is waited for three seconds", async (t) => {
	const { setTimeout: real } = globalThis;
	const waited = [];
	t.mock.method(globalThis, "setTimeout", (work, milliseconds, ...more) => {
		waited.push(milliseconds);
		return real(work, milliseconds === 3_000 ? 5 : milliseconds, ...more);
	});
	const { page, login } = world().open();
	page.indexedDB = { open: () => ({}) };
	const error = await rejection(login.start());
	assert.equal(`${error.name}: ${error.message}`, "TypeError: dpop: IndexedDB did not answer in time");
	assert.ok(waited.includes(3_000));
	assert.equal(page.left, undefined);
});

test("a page without WebCrypto is told what it needs", async () => {
	const { page, login } = world().open();
	page.crypto = undefined;
	const error = await rejection(login.start());
	assert.match(
		`${error.name}: ${error.message}`,
		/^TypeError: dpop: needs WebCrypto and IndexedDB, which this browser/,
	);
});

test("a proof that is refused is not made again where the clock was put right by an answer before", async () => {
	const { op, signIn } = world({}, { now: () => op.state.now - 3_600 });
	const answered = op.fetch;
	op.fetch = async (input, init) => {
		const response = await answered(input, init);
		response.headers.set("date", new Date(op.state.now * 1000).toUTCString());
		return response;
	};
	const { login } = await signIn();
	const before = op.state.forms.length;
	op.state.now += 400;
	op.state.refuse = { error: "invalid_dpop_proof" };
	assert.equal((await rejection(login.accessToken())).code, "token_request_failed");
	assert.equal(op.state.forms.length - before, 1);
});

test("a request goes out with the token that it has got, though the session ends meanwhile", async () => {
	let ends = () => {};
	const op = server();
	const sent = [];
	const machine = browser();
	const options = {
		now: () => {
			ends();
			return op.state.now;
		},
		fetch: async (input, init) => {
			const request = new Request(input, init);
			if (!request.url.startsWith(audience)) return op.fetch(input, init);
			sent.push(request.headers.get("authorization"));
			return json({});
		},
	};
	const first = machine.tab(home);
	await loginAt(op, options).start();
	const page = machine.tab(op.agree(first.left).href, first.sessionStorage);
	const login = loginAt(op, options);
	await login.finish();
	const [token] = op.state.access;
	ends = () => {
		ends = () => {};
		// Behind the call that hands the token out.
		queueMicrotask(() => page.storageChanged({ key: `${name}:session`, newValue: null }));
	};
	assert.equal((await login.fetch(`${audience}/orders`)).status, 200);
	assert.equal(login.session, null);
	assert.deepEqual(sent, [`Bearer ${token}`]);
});

for (const [what, ask] of Object.entries({
	fetch: (login) => login.fetch(`${audience}/orders`),
	userinfo: (login) => assert.rejects(login.userinfo(), { message: /^login.userinfo: needs a session/ }),
})) {
	test(`${what}: a bound token goes out by its proof, though the session ends meanwhile`, async () => {
		let ends = () => {};
		const now = () => {
			ends();
			return shop.op.state.now;
		};
		const shop = world({}, { now }, { userinfo_endpoint: `${audience}/userinfo` });
		const { page, login } = await shop.signIn();
		const token = await login.accessToken();
		ends = () => {
			ends = () => {};
			// Behind the call that hands the token out.
			queueMicrotask(() => page.storageChanged({ key: `${name}:session`, newValue: null }));
		};
		await ask(login);
		assert.equal(login.session, null);
		const [sent] = shop.asked;
		assert.deepEqual([sent.get("authorization"), sent.has("dpop")], [`DPoP ${token}`, true]);
	});
}
