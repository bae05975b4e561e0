// What tabs say to each other, spoken by the test: questions and answers, a logout, and what is none of it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { refusal } from "./helpers.mjs";
import { FakeStorage, loggedIn, server } from "./login-kit.mjs";
import { heldTimers, name, sharedBrowser, sharedLogin, until } from "./shared-kit.mjs";
import { gate, isPending } from "./waiting-kit.mjs";

/** What a tab says that has renewed once: its token is good for another five minutes. */
const tokensOf = ({ idToken, ...kept }, now) => ({
	...kept,
	type: "tokens",
	idToken,
	generation: kept.generation + 1,
	accessToken: "at-of-another-tab",
	obtainedAt: now,
	expiresAt: now + 300,
});

/** A session whose only tab is the test: it holds the lock, and answers when it likes. */
async function aloneWithTest(t) {
	const { op, machine } = await sharedLogin(t);
	const entry = await machine.kept();
	machine.quit();
	const world = sharedBrowser(t);
	await world.keep(entry);
	world.shared.set(`${name}:session`, "1");
	await world.locks.hold(`${name}:${entry.lineage}`, "shared");
	const channel = world.channel();
	const asked = new Promise((resolve) => {
		channel.onmessage = ({ data }) => resolve(JSON.parse(data));
	});
	const timers = heldTimers(t);
	const { login } = world.open(op);
	const say = (message) => channel.postMessage(typeof message === "object" ? JSON.stringify(message) : message);
	return { op, world, entry, asked, say, timers, channel, login, restored: login.restore() };
}

test("who asks waits for the one answer that is meant, and not for the clock", async (t) => {
	const { op, entry, asked, say, channel, login, restored, timers } = await aloneWithTest(t);
	assert.deepEqual(await asked, { type: "ask", lineage: entry.lineage, generation: 0 });
	// The page's own code may use a channel of this name for what it likes.
	for (const odd of [7, null, ["text"], tokensOf(entry, op.state.now)]) channel.postMessage(odd);
	say({ ...tokensOf(entry, op.state.now), lineage: "another sign-in" });
	say({ type: "ask", lineage: entry.lineage, generation: 0 });
	say("no JSON");
	assert.ok(await isPending(restored));
	say(tokensOf(entry, op.state.now));
	assert.equal((await restored).claims.sub, "user-1");
	assert.equal(await login.accessToken(), "at-of-another-tab");
	assert.deepEqual([op.state.used, timers.of(500)], [0, ["cleared"]]);
});

test("where no tab answers within half a second, the new one renews", async (t) => {
	const { op, asked, restored, timers } = await aloneWithTest(t);
	await asked;
	assert.deepEqual([await isPending(restored), timers.of(500)], [true, ["running"]]);
	timers.strike(500);
	assert.equal((await restored).claims.sub, "user-1");
	assert.equal(op.state.used, 1);
});

test("a logout elsewhere ends the question: nothing comes back, whatever is said then", async (t) => {
	const { op, world, entry, asked, say, login, restored } = await aloneWithTest(t);
	await asked;
	world.shared.delete(`${name}:session`);
	say({ type: "ended" });
	say(tokensOf(entry, op.state.now));
	await restored.catch(() => {});
	assert.deepEqual([login.session, op.state.used], [null, 0]);
});

test("what is no text on the channel is not for the login", async (t) => {
	const { op, machine, login } = await sharedLogin(t);
	const channel = machine.channel();
	for (const message of [
		null,
		undefined,
		7,
		true,
		{},
		{ type: "ended" },
		[JSON.stringify({ type: "ended" })],
		new Uint8Array(8),
	]) {
		channel.postMessage(message);
	}
	// Whoever has heard this has heard all before it.
	const { lineage } = await machine.kept();
	channel.postMessage(JSON.stringify({ type: "ask", lineage, generation: 0 }));
	await until(() => machine.messages().filter(({ type }) => type === "tokens").length === 2);
	assert.equal(op.state.access.has(await login.accessToken()), true);
});

test("what other tabs say meanwhile changes nothing about why there is no token", async (t) => {
	const { op, machine, login } = await sharedLogin(t);
	op.state.now += 300;
	op.state.refuse = { error: "temporarily_unavailable" };
	for (let times = 0; times < 2; times++)
		assert.equal(await refusal(() => login.accessToken()), "token_request_failed");
	const asked = op.count("/token");
	const echo = machine.channel();
	const heard = new Promise((resolve) => {
		echo.onmessage = resolve;
	});
	machine.channel().postMessage(JSON.stringify({ type: "ask", lineage: "another sign-in", generation: 0 }));
	await heard;
	await new Promise((resolve) => setImmediate(resolve));
	assert.equal(await refusal(() => login.accessToken()), "token_request_failed");
	assert.equal(op.count("/token"), asked, "the server rests");
});

test("a logout in another tab ends the session at once, and what this tab has kept of it", async (t) => {
	const machine = sharedBrowser(t);
	const { login, page, op } = await loggedIn({ machine, options: { storage: "session" } });
	assert.equal(page.sessionStorage.has(`${name}:tokens`), true);
	const causes = [];
	login.on("signed-out", ({ cause }) => causes.push(cause));
	machine.channel().postMessage(JSON.stringify({ type: "ended" }));
	await until(() => op.state.revoked.length === 1);
	assert.deepEqual([login.session, causes], [null, ["signed-out-elsewhere"]]);
	assert.equal(page.sessionStorage.has(`${name}:tokens`), false);
});

test("a login in another tab is one here, without a reload", async (t) => {
	const machine = sharedBrowser(t);
	const op = server();
	const { login: waiting } = machine.open(op);
	assert.equal(await refusal(() => waiting.accessToken()), "login_required");
	const { login } = await sharedLogin(t, { machine, op });
	await until(() => waiting.session !== null);
	assert.equal(waiting.session.idToken, login.session.idToken);
	assert.equal(await waiting.accessToken(), await login.accessToken());
});

test("without Web Locks nobody knows who else there is: a copied tab asks, and is answered", async (t) => {
	const machine = sharedBrowser(t, { hasLocks: false });
	const options = { storage: "session" };
	const { op, page, login } = await loggedIn({ machine, options });
	heldTimers(t);
	const copy = new FakeStorage(page.sessionStorage);
	const { login: other } = machine.open(op, options, copy);
	await other.restore();
	assert.equal(await other.accessToken(), await login.accessToken());
	assert.equal(op.state.used, 0);
});

test("another user's login elsewhere, and a logout while that is looked into: nothing fails unheard", async (t) => {
	const unheard = [];
	const hear = (error) => unheard.push(error);
	process.on("unhandledRejection", hear);
	t.after(() => process.off("unhandledRejection", hear));
	const machine = sharedBrowser(t);
	const entries = new FakeStorage();
	const storage = { getItem: entries.getItem, setItem: entries.setItem, removeItem: entries.removeItem };
	const { op, login } = await sharedLogin(t, { machine, options: { storage } });
	const entry = JSON.parse(entries.get(`${name}:tokens`));
	const { opened, open } = gate();
	const asked = new Promise((resolve) => {
		storage.getItem = async (key) => {
			resolve();
			await opened;
			return entries.getItem(key);
		};
	});
	const foreign = { ...tokensOf(entry, op.state.now), lineage: "another sign-in", subject: "user-2" };
	machine.channel().postMessage(JSON.stringify(foreign));
	await asked;
	const loggedOut = login.logout({ global: false });
	await until(() => login.session === null);
	open();
	await loggedOut;
	await new Promise((resolve) => setImmediate(resolve));
	assert.deepEqual(unheard, []);
});
