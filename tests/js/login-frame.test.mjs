// silent: "iframe", from the page that asks to the callback page in its frame and back.

import assert from "node:assert/strict";
import { test } from "node:test";
import { loggedIn, loginAt, redirectUri } from "./login-kit.mjs";
import { home } from "./login-page-kit.mjs";

const options = { silent: "iframe", silentTimeout: 1 };
const origin = "https://shop.example.com";

/** A page that asks in a frame. `comesBack` is told of the page in it, which has handed its answer over a moment later. */
async function asking({ meanwhile = () => {} } = {}) {
	const { op, machine } = await loggedIn();
	const page = machine.tab(`${home}orders`);
	page.location.origin = origin;
	const listening = new Set();
	const { addEventListener, removeEventListener } = page;
	page.addEventListener = (name, listener) => {
		if (name === "message") listening.add(listener);
		addEventListener(name, listener);
	};
	page.removeEventListener = (name, listener) => {
		if (name === "message") listening.delete(listener);
		removeEventListener(name, listener);
	};
	const made = [];
	const attributes = new Map();
	page.document = {
		createElement: (tag) => {
			const frame = {
				contentWindow: {},
				getAttribute: (attribute) => attributes.get(attribute) ?? null,
				setAttribute: (attribute, value) => attributes.set(attribute, value),
				remove: () => made.splice(made.indexOf(frame), 1),
			};
			made.push(frame);
			assert.equal(tag, "iframe");
			return frame;
		},
		body: { append: (frame) => queueMicrotask(() => load(frame)) },
	};
	const load = (frame) => {
		assert.equal(frame.hidden, true);
		const inner = machine.tab(op.agree(frame.src).href, page.sessionStorage);
		inner.location.origin = origin;
		inner.frameElement = frame;
		const tell = (data, target) => {
			assert.equal(target, origin);
			setTimeout(() => page.happens("message", { source: frame.contentWindow, origin, data }), 20);
		};
		inner.parent = { postMessage: tell };
		loginAt(op, options).finish();
		globalThis.window = page;
		meanwhile(page);
	};
	const login = loginAt(op, options);
	return { op, machine, page, login, session: await login.restore(), made, listening, attributes };
}

test("the page in the frame hands its answer over, and nothing of it is left behind", async () => {
	const { page, login, session, made, listening, attributes } = await asking();
	assert.equal(session.claims.sub, "user-1");
	assert.equal(login.session, session);
	assert.equal(attributes.get("aria-hidden"), "true", "those who hear a page hear nothing of it");
	assert.deepEqual([made, [...listening]], [[], []]);
	assert.deepEqual([page.left, page.location.href], [undefined, `${home}orders`]);
});

test("a page that goes elsewhere while its frame asks stays there", async () => {
	const { session, page } = await asking({
		meanwhile: ({ location }) => {
			location.href = `${home}cart`;
		},
	});
	assert.equal(session.claims.sub, "user-1");
	assert.equal(page.location.href, `${home}cart`);
});

test("an address that is given to finish is judged here, also in a frame", async () => {
	const { op, machine } = await loggedIn();
	const first = machine.tab(home);
	await loginAt(op, options).start();
	const answer = op.agree(first.left).href;
	const page = machine.tab(redirectUri, first.sessionStorage);
	page.frameElement = { getAttribute: () => "countersign:https://auth.example.com:shop" };
	page.parent = { postMessage: () => assert.fail("handed over") };
	assert.equal((await loginAt(op, options).finish(answer)).session.claims.sub, "user-1");
});
