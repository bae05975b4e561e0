// What a login takes from its page: whether it was loaded again, what its user does, when it comes back from sleep.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, FakeStorage, loggedIn, loginAt, server } from "./login-kit.mjs";
import { home, replaceGlobal } from "./login-page-kit.mjs";

const entries = (...list) => ({ getEntriesByType: (type) => (type === "navigation" ? list : []) });

for (const [what, performance, rounds] of [
	["loaded again", entries({ type: "reload" }), 4],
	["gone back to", entries({ type: "back_forward" }), 4],
	["opened by a link", entries({ type: "navigate" }), 3],
	["of which nothing is known", entries(), 3],
	["of a browser that tells nothing of navigations", {}, 3],
	["of a browser that measures nothing", undefined, 3],
]) {
	test(`a page ${what} asks the server by itself ${rounds === 3 ? "three times in a row" : "more often"}`, async (t) => {
		const { op, machine } = await loggedIn();
		replaceGlobal(t, "performance", performance);
		const tab = new FakeStorage();
		let asked = 0;
		while (asked < 4) {
			const page = machine.tab(`${home}orders`, tab);
			const url = await Promise.race([page.gone, loginAt(op).restore()]);
			if (url === null) break;
			asked++;
			op.state.now += 2;
			machine.tab(op.agree(url).href, tab);
			await loginAt(op).finish();
		}
		assert.equal(asked, rounds);
	});
}

for (const action of ["pointerdown", "keydown"]) {
	test(`${action} keeps a session, whatever the page makes of the event, and holds no scrolling up`, async () => {
		const op = server();
		const machine = browser();
		const options = { idleTimeout: 600 };
		const first = machine.tab(home);
		await loginAt(op, options).start();
		const page = machine.tab(op.agree(first.left).href, first.sessionStorage);
		const how = new Map();
		const { addEventListener } = page;
		page.addEventListener = (name, listener, options) => {
			how.set(name, options);
			addEventListener(name, listener, options);
		};
		const login = loginAt(op, options);
		await login.finish();
		// Captured: also where the page stops it. Passive: the browser need not wait (DOM §2.7).
		assert.deepEqual(how.get(action), { capture: true, passive: true });
		op.state.now += 599;
		page.happens(action, { isTrusted: true });
		op.state.now += 599;
		page.happens("focus");
		assert.ok(login.session);
		op.state.now += 1;
		page.happens("focus");
		assert.equal(login.session, null);
	});
}

test("a key that is pressed before there is a session does no harm", async () => {
	const page = browser().tab(home);
	const login = loginAt(server(), { idleTimeout: 600 });
	await login.start();
	page.happens("keydown", { isTrusted: true });
	assert.equal(login.session, null);
});

for (const event of ["focus", "pageshow", "visibilitychange"]) {
	test(`${event}: a page that was asleep looks at its session, whose timers did not run`, async () => {
		const { op, page, login } = await loggedIn();
		const told = [];
		login.on("expiring", ({ type }) => told.push(type));
		op.state.now += 270;
		page.happens(event);
		assert.deepEqual(told, ["expiring"]);
	});
}

test("the address is cleaned, and the page's own state in the history stays", async () => {
	const op = server();
	const machine = browser();
	const first = machine.tab(home);
	await loginAt(op).start();
	const answer = op.agree(first.left);
	const page = machine.tab(answer.href, first.sessionStorage);
	const replaced = [];
	page.history = { state: { scroll: 7 }, replaceState: (...given) => replaced.push(given) };
	await loginAt(op).finish();
	// HTML §7.2.5: the second is unused, and only the empty string is safe for all time.
	assert.deepEqual(replaced, [[{ scroll: 7 }, "", `${answer.origin}${answer.pathname}`]]);
});
