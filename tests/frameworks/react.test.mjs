// countersign/react in React itself, at a place that has no more than React needs of one: what the login is asked, and what
// components are shown.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { LoginProvider, useLogin } from "countersign/react";
import { act, createElement as h } from "react";
import { renderToString } from "react-dom/server";

const replaced = ["window", "IS_REACT_ACT_ENVIRONMENT"].map((name) => [name, globalThis[name]]);
after(() => Object.assign(globalThis, Object.fromEntries(replaced)));
const bar = [];
const history = { state: { kept: 1 }, replaceState: (...args) => bar.push(args) };
Object.assign(globalThis, { window: { history, HTMLIFrameElement: class {} }, IS_REACT_ACT_ENVIRONMENT: true });
const { createRoot } = await import("react-dom/client");

const listening = { addEventListener() {}, removeEventListener() {} };
const element = { nodeType: 1, tagName: "DIV", nodeName: "DIV", namespaceURI: "http://www.w3.org/1999/xhtml" };
const returnTo = "https://shop.example.com/orders";
const finished = { session: {}, returnTo, appState: null };
const signedOut = { status: "signed-out", session: null };
const signedIn = { status: "signed-in", session: { claims: { sub: "user-1" } } };

/** A login that does as it is told; `asked` has what it was asked, in order. */
function loginOf({ finish = async () => undefined, restore = async () => {} } = {}) {
	const asked = [];
	const listeners = new Set();
	let snapshot = signedOut;
	return {
		asked,
		listeners,
		becomes(next) {
			snapshot = next;
			for (const listener of listeners) listener();
		},
		finish: () => {
			asked.push("finish");
			return finish();
		},
		restore: () => {
			asked.push("restore");
			return restore();
		},
		subscribe: (listener) => {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		getSnapshot: () => snapshot,
	};
}

/** A page in React: `shown` has what its component was given, the same twice only once. */
function page(t) {
	const shown = [];
	const root = createRoot({ ...element, ...listening, ownerDocument: { nodeType: 9, ...listening } });
	function Page() {
		const { login, ...rest } = useLogin();
		shown.push({ ...rest, login });
		return null;
	}
	const leave = () => act(async () => root.unmount());
	t.after(leave);
	return {
		shown,
		leave,
		show: (login, props) => act(async () => root.render(h(LoginProvider, { login, ...props }, h(Page)))),
	};
}

/** Something to wait for, and what ends it. */
function promised() {
	const all = {};
	all.promise = new Promise((resolve, reject) => Object.assign(all, { resolve, reject }));
	return all;
}

test("a page that no login comes back to restores the session, once", async (t) => {
	const { shown, show } = page(t);
	const login = loginOf();
	await show(login);
	assert.deepEqual(login.asked, ["finish", "restore"]);
	assert.deepEqual(shown.at(-1), { ...signedOut, error: null, login });
	await show(login, { onFinished: () => {} });
	assert.deepEqual(login.asked, ["finish", "restore"]);
	assert.deepEqual(bar, []);
});

test("components are shown what becomes of the session, as long as they are there", async (t) => {
	const { shown, show, leave } = page(t);
	const login = loginOf();
	await show(login);
	await act(async () => login.becomes(signedIn));
	assert.deepEqual(shown.at(-1), { ...signedIn, error: null, login });
	await leave();
	assert.equal(login.listeners.size, 0);
});

test("a login that comes back: the address bar shows where the user wanted to be, and nothing is restored", async (t) => {
	bar.length = 0;
	const login = loginOf({ finish: async () => finished });
	await page(t).show(login);
	assert.deepEqual(login.asked, ["finish"]);
	assert.deepEqual(bar, [[history.state, "", returnTo]]);
});

test("a login that comes back: onFinished is told in its place", async (t) => {
	bar.length = 0;
	const told = [];
	await page(t).show(loginOf({ finish: async () => finished }), { onFinished: (given) => told.push(given) });
	assert.deepEqual(told, [finished]);
	assert.deepEqual(bar, []);
});

test("what the way back, restore or onFinished fails with is the component's error", async (t) => {
	const broken = new Error("broken");
	const fails = async () => {
		throw broken;
	};
	const throws = () => {
		throw broken;
	};
	for (const [behaviour, props] of [
		[{ finish: fails }],
		[{ restore: fails }],
		[{ finish: async () => finished }, { onFinished: throws }],
	]) {
		const { shown, show } = page(t);
		const login = loginOf(behaviour);
		await show(login, props);
		assert.deepEqual(shown.at(-1), { ...signedOut, error: broken, login });
	}
});

test("a page that is left meanwhile is told nothing", async (t) => {
	const told = [];
	for (const end of ["resolve", "reject"]) {
		const { shown, show, leave } = page(t);
		const way = promised();
		await show(loginOf({ finish: () => way.promise }), { onFinished: (given) => told.push(given) });
		await leave();
		const before = shown.length;
		await act(async () => way[end](finished));
		assert.equal(shown.length, before);
	}
	assert.deepEqual(told, []);
});

test("another login is asked for itself, and an answer to the first is no longer its error", async (t) => {
	const { shown, show } = page(t);
	const way = promised();
	const [first, second] = [loginOf({ finish: () => way.promise }), loginOf()];
	await show(first);
	await show(second);
	assert.deepEqual(second.asked, ["finish", "restore"]);
	await act(async () => way.reject(new Error("late")));
	assert.deepEqual(shown.at(-1), { ...signedOut, error: null, login: second });
	assert.equal(first.listeners.size, 0);
});

test("components keep what they were given while nothing changes", async (t) => {
	const { shown, show } = page(t);
	const login = loginOf();
	const child = { login, onFinished: undefined };
	await show(login, child);
	const times = shown.length;
	await act(async () => login.becomes(signedOut));
	assert.equal(shown.length, times);
});

test("on a server nobody knows, and nothing is asked", () => {
	const login = loginOf();
	login.becomes(signedIn);
	const Page = () => JSON.stringify({ ...useLogin(), login: undefined }).replaceAll('"', "");
	assert.equal(renderToString(h(LoginProvider, { login }, h(Page))), "{status:pending,session:null,error:null}");
	assert.deepEqual(login.asked, []);
});

test("without a provider the hook says what is missing", () => {
	const Page = () => h("p", null, useLogin().status);
	assert.throws(() => renderToString(h(Page)), {
		name: "TypeError",
		message: /^useLogin: there is no LoginProvider/,
	});
});
