// What a login keeps in a browser, for how long, and what becomes of it when somebody else has written there.

import assert from "node:assert/strict";
import { test } from "node:test";
import { audience, issuer, refusal } from "./helpers.mjs";
import { browser, FakeStorage, leaving, loggedIn, loginAt, redirectUri, server } from "./login-kit.mjs";

const name = `countersign:${issuer}:shop`;
const home = "https://shop.example.com/";

const kept = (page) => JSON.parse(page.sessionStorage.get(`${name}:transactions`) ?? "[]");

test("the tab keeps at most eight requests, the latest, and each for one answer", async () => {
	const machine = browser();
	const op = server();
	const page = machine.tab(home);
	const answers = [];
	for (let times = 0; times < 10; times++) {
		await loginAt(op).start({ returnTo: `${home}${times}` });
		answers.push(op.agree(page.left).href);
	}
	const under = () => kept(page).filter(({ verifier }) => verifier !== undefined);
	assert.deepEqual(
		under().map(({ returnTo }) => returnTo.slice(home.length)),
		["2", "3", "4", "5", "6", "7", "8", "9"],
	);
	machine.tab(answers[1], page.sessionStorage);
	assert.equal(await refusal(() => loginAt(op).finish()), "state_mismatch");
	machine.tab(answers[2], page.sessionStorage);
	assert.equal((await loginAt(op).finish()).returnTo, `${home}2`);
	assert.equal(under().length, 7);
	machine.tab(answers[2], page.sessionStorage);
	assert.equal(await refusal(() => loginAt(op).finish()), "state_missing");
	for (const answer of answers.slice(3)) {
		machine.tab(answer, page.sessionStorage);
		await loginAt(op).finish();
	}
	assert.deepEqual(under(), []);
	assert.ok(kept(page).length <= 8);
	assert.deepEqual([...new Set(kept(page).flatMap(Object.keys))].sort(), ["createdAt", "returnTo", "state", "used"]);
});

test("requests that were kept in another form, or with another time, are none", async () => {
	const each = (change) => (kept) => JSON.stringify(JSON.parse(kept).map((one) => ({ ...one, ...change(one) })));
	for (const spoil of [
		() => "{",
		() => "null",
		() => "7",
		() => "[7]",
		() => "[[]]",
		each(() => ({ createdAt: undefined })),
		each(({ createdAt }) => ({ createdAt: Number(createdAt) })),
		each(({ createdAt }) => ({ createdAt: `${Number(createdAt) + 3600}` })),
		each(() => ({ verifier: undefined })),
		each(({ state }) => ({ state: [state] })),
	]) {
		const machine = browser();
		const op = server();
		const page = machine.tab(home);
		await loginAt(op).start();
		const entry = `${name}:transactions`;
		page.sessionStorage.set(entry, spoil(page.sessionStorage.get(entry)));
		machine.tab(op.agree(page.left).href, page.sessionStorage);
		assert.equal(await refusal(() => loginAt(op).finish()), "state_missing", String(spoil));
	}
});

test("a browser that blocks the tab's storage: said by name; one that blocks its own: a login all the same", async () => {
	const op = server();
	const blocked = (page, storage) =>
		Object.defineProperty(page, storage, {
			get() {
				throw new Error("blocked");
			},
		});
	blocked(browser().tab(home), "sessionStorage");
	await assert.rejects(loginAt(op).start(), (error) => {
		assert.equal(error.message, "login: this browser blocks sessionStorage; allow this site to store data");
		assert.equal(error.cause.message, "blocked");
		return true;
	});

	const machine = browser();
	const first = machine.tab(home);
	await loginAt(op).start();
	blocked(machine.tab(op.agree(first.left).href, first.sessionStorage), "localStorage");
	const login = loginAt(op);
	await login.finish();
	assert.equal(login.session.claims.sub, "user-1");
	assert.equal(await login.restore(), login.session);
	await login.logout({ global: false });
	assert.equal(await login.restore(), null);
});

test("no Web Locks, or a storage that throws: nobody is there, and start says why before the page is left", async (t) => {
	const own = Object.getOwnPropertyDescriptor(globalThis, "navigator");
	t.after(() => (own ? Object.defineProperty(globalThis, "navigator", own) : delete globalThis.navigator));
	Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
	const page = browser().tab(home);
	const shared = loginAt(server(), { storage: "shared" });
	assert.equal(await shared.restore(), null);
	await assert.rejects(shared.start(), /^TypeError: storage: "shared" needs Web Locks.*use "session"$/);
	assert.equal(page.left, undefined);

	const broken = {
		getItem() {
			throw new Error("broken");
		},
	};
	assert.equal(await loginAt(server(), { storage: { ...broken, setItem() {}, removeItem() {} } }).restore(), null);
});

test("where there is no page: loaded, and refused by name", async (t) => {
	const { window } = globalThis;
	t.after(() => {
		globalThis.window = window;
	});
	delete globalThis.window;
	const login = loginAt(server());
	assert.equal(login.session, null);
	await assert.rejects(login.start(), { name: "TypeError", message: "login: works in a browser's page only" });
	await assert.rejects(login.accessToken(), { name: "TokenError", code: "login_required" });
});

test("metadata is kept for this tab for ten minutes, and judged again", async (t) => {
	const { now } = Date;
	let time = now();
	Date.now = () => time;
	t.after(() => {
		Date.now = now;
	});
	const later = (milliseconds) => {
		time += milliseconds;
	};
	const op = server();
	const asked = async (change) => {
		const storage = new FakeStorage();
		browser().tab(home, storage);
		await loginAt(op).start();
		const entry = `${name}:metadata`;
		const kept = JSON.parse(storage.get(entry));
		const text = change?.(kept) ?? JSON.stringify(kept);
		storage.set(entry, text);
		const before = op.count("/.well-known/");
		const page = browser().tab(home, storage);
		await loginAt(op).start();
		assert.ok(page.left.startsWith(`${issuer}/authorize?`), page.left);
		return op.count("/.well-known/") - before;
	};
	assert.equal(await asked(), 0);
	assert.equal(await asked(() => later(599_999)), 0);
	assert.equal(await asked(() => later(600_000)), 1);
	assert.equal(await asked(() => later(-600_000)), 1);
	assert.equal(await asked((kept) => JSON.stringify({ text: kept.text })), 1);
	assert.equal(await asked(() => "{"), 1);
	assert.equal(await asked(() => ""), 1);
	for (const evil of [
		{ issuer: "https://evil.example" },
		{ authorization_endpoint: "javascript:alert(1)" },
		{ token_endpoint: "http://evil.example/token" },
	]) {
		const tamper = ({ text, at }) => JSON.stringify({ text: JSON.stringify({ ...JSON.parse(text), ...evil }), at });
		assert.equal(await asked(tamper), 1, JSON.stringify(evil));
	}
});

test("a store of one's own gets the refresh token and never the access token; what is no session in it is none", async () => {
	const kept = new Map();
	const storage = {
		getItem: async (key) => kept.get(key) ?? null,
		setItem: async (key, value) => void kept.set(key, value),
		removeItem: async (key) => void kept.delete(key),
	};
	const { op, machine, login } = await loggedIn({ options: { storage } });
	const [[key, text]] = kept;
	assert.equal(key, `${name}:tokens`);
	const { lineage, nonce, ...entry } = JSON.parse(text);
	assert.match(lineage, /^[\w-]{43}$/);
	assert.equal(nonce, login.session.claims.nonce);
	assert.deepEqual(entry, {
		refreshToken: [...op.state.refreshTokens][0],
		idToken: login.session.idToken,
		scope: "openid purchases:read",
		subject: "user-1",
		checkedAt: op.state.now,
		generation: 0,
	});
	machine.shared.clear();
	for (const spoilt of ["", "{", "null", "7", "[]", "{}", '{"__proto__":{"refreshToken":"x"}}', '{"refreshToken":7}']) {
		kept.set(key, spoilt);
		machine.tab(home);
		assert.equal(await loginAt(op, { storage }).restore(), null, spoilt);
	}
	assert.equal(op.state.used, 0);
	machine.shared.set(`${name}:session`, "1");
	kept.set(key, text);
	machine.tab(home);
	const again = loginAt(op, { storage });
	assert.equal((await again.restore()).claims.sub, "user-1");
	await again.logout({ global: false });
	assert.equal(kept.size, 0);
});

test("what another tab has renewed meanwhile is what is renewed next", async () => {
	const { op, machine, page, login } = await loggedIn({ options: { storage: "session" } });
	machine.tab(home, page.sessionStorage);
	await loginAt(op, { storage: "session" }).restore();
	op.state.now += 280;
	await login.accessToken();
	assert.equal(op.state.used, 2);
	assert.equal(op.state.refreshTokens.size, 1);
});

test("a session that was ended elsewhere and kept here: forgotten; any other failure is told, and ends nothing", async () => {
	const { op, machine, page } = await loggedIn({ options: { storage: "session" } });
	const reload = () => {
		const tab = machine.tab(`${home}orders`, page.sessionStorage);
		return [tab, loginAt(op, { storage: "session" })];
	};
	op.state.refuse = { error: "temporarily_unavailable" };
	const [, unlucky] = reload();
	assert.equal(await refusal(() => unlucky.restore()), "token_request_failed");
	op.state.refuse = { error: "invalid_grant" };
	const [tab, login] = reload();
	// At the server the session may go on: it is asked in silence.
	await leaving(tab, login.restore());
	assert.equal(new URL(tab.left).searchParams.get("prompt"), "none");
	assert.equal(page.sessionStorage.has(`${name}:tokens`), false);
});

test("other tabs: an entry of another name, or one that is not removed, ends nothing", async () => {
	const { login, page, machine } = await loggedIn({ options: { storage: "session" } });
	const [key] = machine.shared.keys();
	assert.equal(key, `${name}:session`);
	page.storageChanged({ key: "another", newValue: null });
	page.storageChanged({ key, newValue: "1" });
	assert.notEqual(login.session, null);
	assert.equal(page.sessionStorage.has(`${name}:tokens`), true);
	const heard = [];
	login.onChange((session) => heard.push(session));
	page.storageChanged({ key, newValue: null });
	assert.deepEqual([login.session, heard], [null, [null]]);
	await new Promise((resolve) => setImmediate(resolve));
	assert.equal(page.sessionStorage.has(`${name}:tokens`), false);
	page.storageChanged({ key, newValue: null });
	assert.equal(heard.length, 1);
});

test("a page's own parameters are left alone, and so is what else stands in the address of an answer", async () => {
	const op = server();
	const machine = browser();
	const page = machine.tab(home);
	await loginAt(op).start();
	const answer = op.agree(page.left);
	const foreign = `state=${"s".repeat(43)}`;
	for (const own of [
		"code=SUMMER",
		"error=404",
		"state=CA",
		`code=x&${foreign}`,
		`code=x&${foreign}&iss=https://x.example`,
	]) {
		const back = machine.tab(`${redirectUri}?${own}`, page.sessionStorage);
		assert.equal(await loginAt(op).finish(), null, own);
		assert.equal(back.location.href, `${redirectUri}?${own}`);
	}
	const elsewhere = machine.tab(`${home}?code=x&iss=${encodeURIComponent(issuer)}`, page.sessionStorage);
	assert.equal(await loginAt(op).finish(), null);
	assert.equal(elsewhere.left, undefined);

	answer.searchParams.append("tab", "orders");
	for (const gone of ["session_state", "error_description", "error_uri"]) answer.searchParams.append(gone, "x");
	answer.hash = "#part";
	const back = machine.tab(`${home}elsewhere`, page.sessionStorage);
	assert.equal((await loginAt(op).finish(answer.href)).session.claims.sub, "user-1");
	assert.equal(back.location.href, `${home}elsewhere`, "not the address of this page");
	const shown = machine.tab(answer.href, page.sessionStorage);
	await loginAt(op)
		.finish()
		.catch(() => {});
	assert.equal(shown.location.href, `${redirectUri}?tab=orders#part`);
});

test("an answer without a state of ours that names our issuer is refused, and cut away", async () => {
	const op = server();
	const machine = browser();
	for (const [awaited, code] of [
		[true, "state_mismatch"],
		[false, "state_missing"],
	]) {
		for (const answer of ["code=x", "error=access_denied", `code=x&state=${"s".repeat(43)}`]) {
			const page = machine.tab(home);
			if (awaited) await loginAt(op).start();
			const back = machine.tab(`${redirectUri}?${answer}&iss=${encodeURIComponent(issuer)}`, page.sessionStorage);
			assert.equal(await refusal(() => loginAt(op).finish()), code, answer);
			assert.equal(back.location.href, redirectUri);
		}
	}
});

test("one key request a page", async () => {
	const { op, login } = await loggedIn();
	op.state.now += 280;
	await login.accessToken();
	assert.equal(op.count(`${issuer}/jwks`), 1);
	assert.equal(op.count(`${audience}/`), 0);
});
