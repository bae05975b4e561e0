// An answer that comes back: whose it is, what its refusal tells, what the tab keeps of it, and what finish and restore
// make of it on pages that are not quite the usual one.

import assert from "node:assert/strict";
import { test } from "node:test";
import { issuer } from "./helpers.mjs";
import { browser, FakeStorage, loggedIn, loginAt, redirectUri, server } from "./login-kit.mjs";
import { bent, blocked, home, rejection } from "./login-page-kit.mjs";

/** A login that was begun, and the answer that it gets. */
async function begun({ op = server(), options = {} } = {}) {
	const machine = browser();
	const page = machine.tab(`${home}cart`);
	await loginAt(op, options).start();
	return { op, machine, tab: page.sessionStorage, answer: op.agree(page.left).href };
}

test("an answer without a state of ours is ours at the redirect address alone, and so is its origin", async () => {
	const named = `?code=x&iss=${encodeURIComponent(issuer)}`;
	for (const [address, expected] of [
		[`${redirectUri}${named}`, "state_missing"],
		[`${redirectUri}${named}&state=${"s".repeat(43)}`, "state_missing"],
		[`https://www.shop.example.com/callback${named}`, null],
		[`http://shop.example.com/callback${named}`, null],
		[`https://shop.example.com:8443/callback${named}`, null],
	]) {
		const page = browser().tab(address);
		const finished = await loginAt(server())
			.finish()
			.catch(({ code }) => code);
		assert.equal(finished, expected, address);
		assert.equal(page.location.href, expected ? redirectUri : address);
	}
});

test("error.returnTo is there for whoever prints an error, and only where it is known", async () => {
	const { op, machine, tab, answer } = await begun();
	machine.tab(answer.replace(/code=[^&]*/, "error=access_denied"), tab);
	const denied = await rejection(loginAt(op).finish());
	assert.equal(denied.returnTo, `${home}cart`);
	assert.ok(Object.keys(denied).includes("returnTo"));
	// Another tab has not begun it.
	machine.tab(answer, new FakeStorage());
	const missing = await rejection(loginAt(op).finish());
	assert.equal(missing.code, "state_missing");
	assert.equal("returnTo" in missing, false);
});

test("what is no refusal is left as it is", async () => {
	const options = { fetch: () => assert.fail("nobody is asked") };
	const metadata = {
		issuer,
		authorization_endpoint: `${issuer}/authorize`,
		token_endpoint: `${issuer}/token`,
		jwks_uri: `${issuer}/jwks`,
	};
	const { machine, tab, answer, op } = await begun({ options: { ...options, metadata } });
	machine.tab(answer, tab);
	// No IndexedDB for its key.
	const error = await rejection(loginAt(op, { ...options, metadata, dpop: true }).finish());
	assert.equal(error.name, "TypeError");
	assert.equal("returnTo" in error, false);
});

test("where nothing was begun, nothing is kept of an answer", async () => {
	const { op, machine, answer } = await begun();
	const page = machine.tab(answer, new FakeStorage());
	assert.equal((await rejection(loginAt(op).finish())).code, "state_missing");
	assert.deepEqual([...page.sessionStorage.keys()], []);
});

test("finish with the address of this page cleans it", async () => {
	const { op, machine, tab, answer } = await begun();
	const page = machine.tab(answer, tab);
	assert.equal((await loginAt(op).finish(answer)).session.claims.sub, "user-1");
	assert.equal(page.location.href, redirectUri);
});

test("finish with an answer, where there is no page, says what it needs", async (t) => {
	const { op, answer } = await begun();
	const { window } = globalThis;
	t.after(() => {
		globalThis.window = window;
	});
	delete globalThis.window;
	const error = await rejection(loginAt(op).finish(answer));
	assert.equal(`${error.name}: ${error.message}`, "TypeError: login: works in a browser's page only");
});

test("what was finished is over with its session", async () => {
	const { op, login, page } = await loggedIn();
	assert.equal((await login.finish()).session, login.session);
	op.state.now += 400;
	op.state.refuse = { error: "invalid_grant" };
	assert.equal((await rejection(login.accessToken())).code, "session_ended");
	assert.equal(await login.finish(), null);
	assert.equal(page.location.href, redirectUri);
});

test("restore alone on the redirect address, in a browser that blocks its storage", async () => {
	const { op, machine, tab, answer } = await begun();
	const page = blocked(machine.tab(answer, tab), "localStorage");
	const login = loginAt(op);
	assert.equal((await login.restore()).claims.sub, "user-1");
	assert.equal(login.getSnapshot().status, "signed-in");
	assert.equal(page.left, undefined);
});

test("restore where somebody is logged in: the session, and nothing else that the address may hold", async () => {
	const { op, machine, login } = await loggedIn();
	const other = machine.tab(home);
	await loginAt(op).start();
	const page = machine.tab(op.agree(other.left).href, other.sessionStorage);
	assert.equal(await login.restore(), login.session);
	assert.match(page.location.href, /code=/);
});

test("restore where there is no page: nothing is read", async (t) => {
	const { window } = globalThis;
	t.after(() => {
		globalThis.window = window;
	});
	delete globalThis.window;
	let read = 0;
	const getItem = () => {
		read++;
		return null;
	};
	const storage = { getItem, setItem() {}, removeItem() {} };
	assert.equal(await loginAt(server(), { storage }).restore(), null);
	assert.equal(read, 0);
});

test("a store of one's own restores a session in a browser that blocks its storage", async () => {
	const storage = new FakeStorage();
	const { op, machine } = await loggedIn({ options: { storage } });
	blocked(machine.tab(home), "localStorage");
	assert.equal((await loginAt(op, { storage }).restore()).claims.sub, "user-1");
	assert.equal(op.state.used, 1);
});

test("a nonce is a string (OpenID Connect Core §2); where no ID token was asked for, none of it is read", async () => {
	for (const [scope, outcome] of [
		["openid purchases:read", "claim_invalid"],
		["purchases:read", "signed in"],
	]) {
		const options = { scope };
		const { op, machine, tab, answer } = await begun({ op: server(bent({ claims: { nonce: 7 } })), options });
		machine.tab(answer, tab);
		const finished = loginAt(op, options).finish();
		const told = await finished.then(
			({ session }) => (session.idToken === null ? "signed in" : "read"),
			({ code }) => code,
		);
		assert.equal(told, outcome, scope);
	}
});
