// login.fetch with stepUp: an API that wants another login (RFC 9470), and the way there and back.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { audience, issuer, json, refusal } from "./helpers.mjs";
import { leaving, loggedIn, loginAt, server } from "./login-kit.mjs";
import { heldTimers, until } from "./shared-kit.mjs";
import { isPending, soon } from "./waiting-kit.mjs";

const orders = `${audience}/orders`;
const WANTS = 'Bearer error="insufficient_user_authentication", acr_values="myACR"';

/** Pages that were left wait for as long as an answer is awaited. */
const left = new Set();
after(() => {
	for (const page of left) page.happens("pageshow", { persisted: true });
});

/** A user who is logged in at an API that is content after so many logins. */
async function shopper({ logins = 2, challenge = WANTS } = {}) {
	const op = server();
	const asked = [];
	const fetch = (input, init) => {
		const request = new Request(input, init);
		if (!request.url.startsWith(orders)) return op.fetch(input, init);
		asked.push([request.method, request.headers.get("authorization")]);
		if (op.state.forms.filter((form) => form.has("code")).length >= logins) return json({ orders: [1] });
		return new Response("insufficient", { status: 401, headers: { "www-authenticate": challenge } });
	};
	const user = await loggedIn({ op, options: { fetch } });
	/** Asks the API, which makes the page go. */
	const sentAway = async (login, page, init) => {
		left.add(page);
		const answered = login
			.fetch(orders, { ...init, stepUp: true })
			.then(({ status }) => assert.fail(`status ${status}`));
		return new URL(await Promise.race([page.gone, answered])).searchParams;
	};
	/** The page that the server's answer comes to. */
	const back = (page, answer = op.agree(page.left)) => {
		const tab = user.machine.tab(answer.href, page.sessionStorage);
		return { page: tab, login: loginAt(op, { fetch }) };
	};
	return { ...user, fetch, asked, sentAway, back };
}

test("without stepUp the API's answer comes out", async () => {
	const { login, page } = await shopper();
	for (const init of [undefined, {}, { stepUp: false }, { stepUp: undefined }, Object.create({ stepUp: true })]) {
		const response = await login.fetch(orders, init);
		assert.deepEqual([response.status, await response.text()], [401, "insufficient"]);
	}
	for (const stepUp of [1, "yes", null]) {
		await assert.rejects(login.fetch(orders, { stepUp }), {
			name: "TypeError",
			message: /^stepUp: expected true or false/,
		});
	}
	assert.equal(page.left, undefined);
});

test("the user is sent to the server, and the page that comes back makes the request again", async () => {
	const { login, page, asked, sentAway, back } = await shopper();
	page.location.href = "https://shop.example.com/account?tab=2";
	const sent = await sentAway(login, page);
	assert.deepEqual([sent.get("acr_values"), sent.get("id_token_hint")], ["myACR", login.session.idToken]);
	const returned = back(page);
	const { repeat, returnTo } = await returned.login.finish();
	assert.deepEqual([repeat.url, returnTo], [orders, "https://shop.example.com/account?tab=2"]);
	assert.deepEqual(await (await repeat.send()).json(), { orders: [1] });
	assert.deepEqual(
		asked.map(([method]) => method),
		["GET", "GET"],
	);
	assert.notEqual(asked[1][1], asked[0][1], "with the new token");
	assert.equal(returned.page.left, undefined);
});

test("max_age binds the ID token: one that does not show it is refused", async () => {
	const challenge = 'DPoP error="insufficient_user_authentication", max_age="5"';
	const { login, page, sentAway, back } = await shopper({ challenge });
	assert.equal((await sentAway(login, page)).get("max_age"), "5");
	assert.equal(await refusal(() => back(page).login.finish()), "claim_missing");
});

test("never a cycle: what has just been asked for is not asked for again", async () => {
	const { login, page, op, asked, sentAway, back } = await shopper({ logins: 99 });
	await sentAway(login, page);
	const { login: later, page: returned } = back(page);
	const { repeat } = await later.finish();
	assert.equal((await repeat.send()).status, 401, "comes out");
	const before = asked.length;
	for (let times = 1; times <= 3; times++) {
		assert.equal((await later.fetch(orders, { stepUp: true })).status, 401, "comes out");
		assert.equal(asked.length, before + times, "and is asked for once");
	}
	assert.equal(returned.left, undefined);
	op.state.now += 60;
	await sentAway(later, returned);
});

test("an API that was content may ask again at once", async () => {
	const { login, page, op, sentAway, back } = await shopper();
	await sentAway(login, page);
	const { login: later, page: returned } = back(page);
	await later.finish();
	assert.equal((await later.fetch(orders, { stepUp: true })).status, 200);
	assert.deepEqual(
		[...returned.sessionStorage.keys()].filter((key) => key.endsWith(":step-up")),
		[],
	);
	// It forgets all logins.
	op.state.forms.length = 0;
	await sentAway(later, returned);
});

test("what changes something is not made again by itself, nor what another user asked for", async () => {
	const post = await shopper();
	await post.sentAway(post.login, post.page, { method: "POST", body: "x" });
	assert.equal((await post.back(post.page).login.finish()).repeat, null);

	const claims = {};
	const op = server({ tamper: Object.assign(Object.create(null), { claims }) });
	const fetch = (input, init) =>
		String(input.url ?? input) === orders
			? new Response("", { status: 401, headers: { "www-authenticate": WANTS } })
			: op.fetch(input, init);
	const { login, page, machine } = await loggedIn({ op, options: { fetch } });
	left.add(page);
	login.fetch(orders, { stepUp: true }).catch(() => {});
	await page.gone;
	claims.sub = "user-2";
	machine.tab(op.agree(page.left).href, page.sessionStorage);
	const { session, repeat } = await loginAt(op, { fetch }).finish();
	assert.deepEqual([session.claims.sub, repeat], ["user-2", null]);
});

test("a body that can be sent only once is no reason to leave", async () => {
	const { login, page } = await shopper();
	const body = new Blob(["x"]).stream();
	assert.equal((await login.fetch(orders, { method: "POST", body, duplex: "half", stepUp: true })).status, 401);
	assert.equal(page.left, undefined);
});

test("where `navigate` keeps the page, the same promise goes on, with any method", async () => {
	for (const fails of [false, true]) {
		const { op, fetch, page } = await shopper({ logins: 3 });
		let finished;
		const navigate = (url) => {
			const answer = fails && finished ? op.deny(url, "access_denied") : op.agree(url);
			finished = login.finish(answer.href);
			finished.catch(() => {});
		};
		const login = loginAt(op, { fetch, navigate });
		await login.start();
		await finished;
		const answered = login.fetch(orders, { method: "POST", body: "x=1", stepUp: true });
		if (fails) {
			assert.equal(await refusal(() => answered), "access_denied");
			continue;
		}
		assert.deepEqual(await (await answered).json(), { orders: [1] });
		assert.equal((await finished).repeat, null, "who asked waits here");
		assert.equal(page.left, undefined);
	}
});

test("a page that is shown again from memory waits no more, and asks no more", async () => {
	const { login, page, asked } = await shopper();
	const left = new Set();
	const { removeEventListener } = page;
	page.removeEventListener = (event, listener) => {
		left.add(event);
		removeEventListener(event, listener);
	};
	const answered = login.fetch(orders, { stepUp: true });
	await page.gone;
	page.happens("pageshow", { persisted: false });
	assert.equal(await isPending(answered), true, "it was only loaded");
	page.happens("pageshow", { persisted: true });
	assert.equal((await answered).status, 401);
	assert.deepEqual([asked.length, [...left]], [1, ["pageshow"]]);
});

test("who waits on this page waits as long as an answer is awaited, an hour", async (t) => {
	const { login, page, asked } = await shopper();
	t.mock.timers.enable({ apis: ["setTimeout"] });
	const answered = login.fetch(orders, { stepUp: true });
	await page.gone;
	let status;
	answered.then((response) => {
		status = response.status;
	});
	t.mock.timers.tick(3_599_999);
	await new Promise((resolve) => setImmediate(resolve));
	assert.equal(status, undefined);
	t.mock.timers.tick(1);
	assert.equal((await answered).status, 401);
	assert.equal(asked.length, 1);
});

test("two requests that want the same send the user away once, and both go on", async (t) => {
	const timers = heldTimers(t);
	const { op, fetch, page } = await shopper({ logins: 3 });
	const went = [];
	const login = loginAt(op, { fetch, navigate: (url) => went.push(url) });
	await login.start();
	await login.finish(op.agree(went.pop()).href);
	const both = Promise.all([1, 2].map(() => login.fetch(orders, { stepUp: true })));
	await until(() => timers.of(3_600_000).length === 2);
	await until(() => went.length > 0);
	await new Promise((resolve) => setTimeout(resolve, 10));
	assert.equal(went.length, 1);
	assert.equal((await login.finish(op.agree(went[0]).href)).repeat, null, "who asked waits here");
	assert.deepEqual(
		(await both).map(({ status }) => status),
		[200, 200],
	);
	assert.deepEqual(timers.of(3_600_000), ["cleared", "cleared"]);
	assert.equal(page.left, undefined);
});

test("a page that cannot be left: whoever wanted the login hears why", async () => {
	const { op, fetch, page } = await shopper({ logins: 9 });
	const closed = new Error("the system's browser is closed");
	let login;
	const navigate = (url) => {
		if (login.session) throw closed;
		login.finish(op.agree(url).href);
	};
	login = loginAt(op, { fetch, navigate });
	const begun = new Promise((resolve) => login.on("signed-in", resolve));
	await login.start();
	await begun;
	await assert.rejects(soon(login.fetch(orders, { stepUp: true }), 10_000), closed);
	assert.equal(page.left, undefined);
});

test("a session that ends while its request is under way: the login is asked for without its hint", async () => {
	const { op, fetch, machine } = await shopper({ logins: 9 });
	let signOut = () => {};
	const ending = async (input, init) => {
		const answer = await fetch(input, init);
		signOut();
		return answer;
	};
	const first = machine.tab("https://shop.example.com/");
	await loginAt(op, { fetch }).start();
	const page = machine.tab(op.agree(first.left).href, first.sessionStorage);
	left.add(page);
	const login = loginAt(op, { fetch: ending });
	await login.finish();
	signOut = () => page.storageChanged({ key: `countersign:${issuer}:shop:session`, newValue: null });
	const answered = login.fetch(orders, { stepUp: true });
	const sent = new URL(await leaving(page, answered)).searchParams;
	assert.equal(login.session, null);
	assert.deepEqual([sent.get("acr_values"), sent.get("id_token_hint")], ["myACR", null]);
});
