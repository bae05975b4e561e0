// Renewals: when, how often, by which tab; who hears of the session; and how it ends.

import assert from "node:assert/strict";
import { test } from "node:test";
import { audience, issuer, refusal } from "./helpers.mjs";
import { browser, loggedIn, loginAt, server } from "./login-kit.mjs";
import { thrownByListeners } from "./login-page-kit.mjs";

const resource = `${audience}/purchases`;
const name = `countersign:${issuer}:shop`;

/** Puts `locks` in the place of the browser's until the test ends. */
/** As it is without any of these tests. */
const navigator = Object.getOwnPropertyDescriptor(globalThis, "navigator");

function withLocks(t, locks) {
	Object.defineProperty(globalThis, "navigator", { value: locks && { locks }, configurable: true });
	t.after(() => {
		if (navigator) Object.defineProperty(globalThis, "navigator", navigator);
		else delete globalThis.navigator;
	});
}

test("renewed with 30 seconds left, not with 31", async () => {
	const { op, login } = await loggedIn();
	op.state.now += 300 - 31;
	await login.accessToken();
	assert.equal(op.state.used, 0);
	op.state.now += 1;
	await login.accessToken();
	assert.equal(op.state.used, 1);
});

test("a token without an end is never renewed by itself", async () => {
	const { op, login } = await loggedIn({ op: server({ tamper: { response: { expires_in: undefined } } }) });
	assert.equal(login.session.expiresAt, null);
	op.state.now += 1e6;
	await login.accessToken();
	assert.equal(op.state.used, 0);
});

test("while the server fails, a token serves to its last second, and a session that has ended serves nobody", async () => {
	const { op, login } = await loggedIn();
	const token = await login.accessToken();
	op.state.refuse = { error: "temporarily_unavailable" };
	op.state.now += 299;
	assert.equal(await login.accessToken(), token);
	op.state.now += 1;
	assert.equal(await refusal(() => login.accessToken()), "token_request_failed");
	assert.notEqual(login.session, null);

	const other = await loggedIn();
	other.op.state.now += 299;
	other.op.state.refuse = { error: "invalid_grant" };
	assert.equal(await refusal(() => other.login.accessToken()), "session_ended");
});

test("without a refresh token: no request, and a login is asked for", async () => {
	const { op, login } = await loggedIn({ op: server({ tamper: { response: { refresh_token: undefined } } }) });
	op.state.access.clear();
	assert.equal((await login.fetch(resource)).status, 401);
	op.state.now += 400;
	await assert.rejects(login.accessToken(), ({ code, message }) => {
		assert.equal(code, "login_required");
		assert.match(message, /an expired access token and no refresh token/);
		return true;
	});
	assert.equal(op.count("/token"), 1);
	browser().tab("https://shop.example.com/");
	await assert.rejects(loginAt(op).accessToken(), ({ code, message }) => {
		assert.equal(code, "login_required");
		assert.match(message, /no session/);
		return true;
	});
});

test("a lock that another tab never gives up: a bounded wait, no second renewal beside it, and the session goes on", async (t) => {
	const { op, login } = await loggedIn({ options: { storage: "session" } });
	const { setTimeout: real } = globalThis;
	t.after(() => {
		globalThis.setTimeout = real;
	});
	const waits = [];
	globalThis.setTimeout = (work, milliseconds, ...args) => {
		if (milliseconds === 65_000) waits.push(work);
		return real(work, milliseconds, ...args);
	};
	let signal;
	withLocks(t, {
		request: (_name, options) => {
			signal = options.signal;
			return new Promise((_, reject) => {
				signal.addEventListener("abort", () => reject(signal.reason));
			});
		},
	});
	op.state.now += 290;
	const token = login.accessToken();
	await new Promise((resolve) => real(resolve, 20));
	assert.deepEqual([waits.length, signal.aborted, op.state.used], [1, false, 0]);
	waits[0]();
	assert.match(await token, /^at-/, "the one that has ten seconds left");
	assert.deepEqual([signal.aborted, op.state.used], [true, 0]);
	op.state.now += 10;
	const late = login.accessToken();
	await new Promise((resolve) => real(resolve, 20));
	waits[1]();
	assert.equal(await refusal(() => late), "token_request_failed");
	assert.notEqual(login.session, null);
	withLocks(t, undefined);
	op.state.now += 1;
	assert.match(await login.accessToken(), /^at-/);
});

test("what fails under the lock has failed, and gives the lock back", async (t) => {
	const { op, login } = await loggedIn({ options: { storage: "session" } });
	const held = [];
	withLocks(t, {
		request: (name, _options, work) => {
			const done = work();
			held.push(done.then(() => name));
			return done;
		},
	});
	op.state.now += 400;
	op.state.refuse = { error: "temporarily_unavailable" };
	assert.equal(await refusal(() => login.accessToken()), "token_request_failed");
	assert.equal(op.count("/token"), 2);
	assert.deepEqual(await Promise.all(held), [`${name}:refresh`]);
	// Next time it is tried anew.
	op.state.refuse = undefined;
	assert.match(await login.accessToken(), /^at-/);
});

test("a browser without locks, and one without a navigator, renew all the same", async (t) => {
	for (const locks of [undefined, null]) {
		const { op, login } = await loggedIn();
		withLocks(t, locks);
		op.state.now += 400;
		assert.match(await login.accessToken(), /^at-/);
	}
	const { op, login } = await loggedIn();
	Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
	op.state.now += 400;
	assert.match(await login.accessToken(), /^at-/);
});

test("listeners hear of each change once; one that throws silences nobody; one that has left hears nothing", async (t) => {
	const { op, login } = await loggedIn();
	const { queueMicrotask: real } = globalThis;
	t.after(() => {
		globalThis.queueMicrotask = real;
	});
	const thrown = [];
	globalThis.queueMicrotask = (work) =>
		real(() => {
			try {
				work();
			} catch (error) {
				thrown.push(error.message);
			}
		});
	const heard = [];
	login.onChange(() => {
		throw new Error("the page's own");
	});
	const leave = login.onChange(() => heard.push("left"));
	login.onChange((session) => heard.push(session?.expiresAt ?? null));
	leave();
	op.state.now += 280;
	await login.accessToken();
	assert.deepEqual(heard, [op.state.now + 300]);
	assert.equal(login.session.expiresAt, op.state.now + 300);
	assert.deepEqual(thrown, ["the page's own"]);
	await login.logout({ global: false });
	await login.logout({ global: false });
	assert.deepEqual(heard.slice(1), [null]);
});

test("logout here alone revokes and stays on the page; a server that fails or has no such endpoint keeps nobody", async () => {
	const here = await loggedIn();
	const [token] = here.op.state.refreshTokens;
	await here.login.logout({ global: false });
	assert.deepEqual(here.op.state.revoked, [token]);
	assert.equal(here.page.left, undefined);
	assert.equal(here.machine.shared.size, 0);
	assert.equal(here.login.session, null);

	const without = { revocation_endpoint: undefined, end_session_endpoint: undefined };
	const { op, login, page } = await loggedIn({ op: server({ metadata: without }) });
	await login.logout();
	assert.deepEqual([op.state.revoked, page.left, login.session], [[], undefined, null]);

	const failing = await loggedIn({ op: server({ metadata: { revocation_endpoint: "https://down.example/revoke" } }) });
	await failing.login.logout();
	assert.ok(failing.page.left.startsWith(`${issuer}/logout?`));

	// Nobody was logged in: nothing to revoke, and no hint of who it was.
	const anonymous = server();
	const stranger = browser().tab("https://shop.example.com/");
	await loginAt(anonymous).logout();
	assert.equal(anonymous.state.revoked.length, 0);
	assert.equal(new URL(stranger.left).searchParams.has("id_token_hint"), false);
});

test("logout after a reload: the kept session is revoked, and its ID token is the hint", async () => {
	const options = { storage: "session" };
	const { op, machine, page, login } = await loggedIn({ options });
	const [token] = op.state.refreshTokens;
	const tab = machine.tab("https://shop.example.com/", page.sessionStorage);
	await loginAt(op, options).logout();
	assert.deepEqual(op.state.revoked, [token]);
	assert.equal(new URL(tab.left).searchParams.get("id_token_hint"), login.session.idToken);
});

test("after a logout the same page can log in again", async () => {
	const { op, machine, page, login } = await loggedIn();
	await login.logout({ global: false });
	assert.equal(await login.finish(), null);
	await login.start();
	const back = machine.tab(op.agree(page.left).href, page.sessionStorage);
	assert.equal((await login.finish()).session.claims.sub, "user-1");
	assert.equal(back.left, undefined);
});

test("fetch: a 401 that is not about the token renews nothing, and its answer is the caller's", async () => {
	for (const challenge of ['DPoP error="use_dpop_nonce"', 'Bearer error="insufficient_scope"']) {
		const op = server();
		const headers = { "www-authenticate": challenge };
		const fetch = async (input, init) => {
			const request = new Request(input, init);
			return request.url.startsWith(audience) ? new Response("no", { status: 401, headers }) : op.fetch(request);
		};
		const { login } = await loggedIn({ op: { ...op, fetch } });
		const response = await login.fetch(resource);
		assert.deepEqual([response.status, await response.text(), op.state.used], [401, "no", 0], challenge);
	}
});

test("fetch: the request is sent as it was, twice if need be, and the first answer is not left open", async () => {
	const seen = [];
	let cancelled = 0;
	const op = server();
	const fetch = async (input, init) => {
		const request = new Request(input, init);
		if (!request.url.startsWith("https://files.example")) return op.fetch(request);
		const text = await request.text();
		seen.push([request.method, request.headers.get("authorization"), request.headers.get("x-own"), text]);
		if (seen.length > 1) return new Response("done");
		const body = new ReadableStream({
			cancel: () => {
				cancelled++;
				throw new Error("not cancelled");
			},
		});
		return new Response(body, { status: 401, headers: { "www-authenticate": 'Bearer error="invalid_token"' } });
	};
	const { login } = await loggedIn({
		op: { ...op, fetch },
		options: { resource: ["urn:example:api", audience], origins: ["https://files.example"] },
	});
	const [first] = op.state.access;
	const init = { method: "PUT", body: "text", headers: { "x-own": "1", authorization: "mine" } };
	const response = await login.fetch("https://files.example/one", init);
	assert.equal(await response.text(), "done");
	const second = await login.accessToken();
	assert.notEqual(second, first);
	assert.deepEqual(seen, [
		["PUT", `Bearer ${first}`, "1", "text"],
		["PUT", `Bearer ${second}`, "1", "text"],
	]);
	assert.equal(cancelled, 1);
});

test("fetch: a token that another call has renewed meanwhile is taken, not renewed again", async () => {
	const { op, login } = await loggedIn();
	op.state.access.clear();
	const all = await Promise.all(Array.from({ length: 5 }, () => login.fetch(resource)));
	assert.deepEqual(
		all.map(({ status }) => status),
		[200, 200, 200, 200, 200],
	);
	assert.equal(op.state.used, 1);
});

test("fetch: without resource and origins no address may see the token", async () => {
	const { login } = await loggedIn({ options: { resource: undefined } });
	await assert.rejects(login.fetch(resource), {
		name: "TypeError",
		message: `login.fetch: ${audience} may not see the access token; name it in resource or origins if it should`,
	});
});

test("restore: who is logged in already is not asked again, nor is a page that is finishing", async () => {
	const { op, login, page } = await loggedIn();
	assert.equal(await login.restore(), login.session);
	assert.deepEqual([op.state.used, page.left], [0, undefined]);

	const machine = browser();
	const first = machine.tab("https://shop.example.com/");
	await loginAt(op).start();
	const back = machine.tab(op.agree(first.left).href, first.sessionStorage);
	const other = loginAt(op);
	const finished = other.finish();
	assert.equal((await other.restore()).claims.sub, "user-1");
	assert.equal((await finished).session, other.session);
	assert.equal(back.left, undefined);
});

test("a redirect that does not happen within 10 seconds leaves nobody logged in", async (t) => {
	const { op, machine, page } = await loggedIn();
	const { setTimeout: real } = globalThis;
	t.after(() => {
		globalThis.setTimeout = real;
	});
	const tab = machine.tab("https://shop.example.com/", page.sessionStorage);
	let waited = 0;
	globalThis.setTimeout = (work, milliseconds, ...args) => {
		if (milliseconds !== 10_000) return real(work, milliseconds, ...args);
		waited++;
		return real(work, 20);
	};
	assert.equal(await loginAt(op).restore(), null);
	assert.equal(waited, 1);
	assert.equal(new URL(tab.left).searchParams.get("prompt"), "none");
});

test("a listener that throws ends no renewal, and holds up none", async (t) => {
	thrownByListeners(t);
	const { op, login } = await loggedIn({
		options: {
			storage: "session",
			onStep({ name }) {
				if (name.startsWith("refresh")) throw new Error("the page's own fault");
			},
		},
	});
	op.state.now += 280;
	const token = await login.accessToken();
	assert.equal(op.state.access.has(token), true);
	assert.equal(login.session.expiresAt, op.state.now + 300);
	op.state.now += 290;
	op.state.refuse = { error: "temporarily_unavailable" };
	assert.equal(await login.accessToken(), token, "ten seconds are left");
	op.state.refuse = undefined;
	op.state.now += 5;
	assert.notEqual(await login.accessToken(), token);
});
