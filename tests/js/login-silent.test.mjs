// The session brought back without a word to the user: when the server is asked, how, and how that ends where it goes wrong.

import assert from "node:assert/strict";
import { test } from "node:test";
import { issuer } from "./helpers.mjs";
import { FakeStorage, leaving, loggedIn, loginAt, redirectUri } from "./login-kit.mjs";

const name = `countersign:${issuer}:shop`;
const mark = `${name}:session`;
const home = "https://shop.example.com/";
const orders = `${home}orders?page=2`;

/** A page of a browser whose user has a session; where it is sent to, and what comes of it. */
function asking({ op, machine }, { tab = new FakeStorage(), options, href = orders } = {}) {
	const page = machine.tab(href, tab);
	const login = loginAt(op, options);
	const restored = login.restore();
	return { page, login, restored, tab };
}

/** The callback page of a tab. */
async function back({ op, machine }, { tab }, address, options) {
	const page = machine.tab(address, tab);
	const login = loginAt(op, options);
	return { page, login, finished: await login.finish() };
}

test("by a redirect that leaves no entry in the history; the mark is taken before, and put back by the session", async () => {
	const world = await loggedIn();
	const { page, restored, tab } = asking(world);
	const url = await leaving(page, restored);
	assert.equal(page.how, "replace");
	assert.equal(new URL(url).searchParams.get("prompt"), "none");
	assert.match(world.machine.shared.get(mark), /^2 \d+$/);
	const { page: shown, finished } = await back(world, { tab }, world.op.agree(url).href);
	assert.equal(finished.session.claims.sub, "user-1");
	assert.equal(shown.location.href, orders, "the page that was asked for");
	assert.equal(world.machine.shared.get(mark), "1");
});

test("a server that answers with a page of its own is asked once: later visits see the shop", async () => {
	const world = await loggedIn();
	const { page, restored, tab } = asking(world);
	await leaving(page, restored);
	// Nobody comes back. The visitor returns by hand, in this tab and in others, at once and later.
	for (const later of [1, 20, 3600]) {
		world.op.state.now += later;
		assert.equal(await asking(world, { tab }).restored, null);
	}
	const visit = asking(world);
	assert.equal(await visit.restored, null);
	assert.equal(visit.page.left, undefined);
	// Signing in by hand puts all right.
	const again = world.machine.tab(home, tab);
	await loginAt(world.op).start();
	await back(world, { tab }, world.op.agree(again.left).href);
	assert.equal(world.machine.shared.get(mark), "1");
});

test("tabs that a browser opens together all ask", async () => {
	const world = await loggedIn();
	const one = asking(world);
	const first = await leaving(one.page, one.restored);
	const other = asking(world);
	const second = await leaving(other.page, other.restored);
	for (const [who, url] of [
		[one, first],
		[other, second],
	]) {
		assert.equal((await back(world, who, world.op.agree(url).href)).finished.session.claims.sub, "user-1");
	}
});

test("refused, in whatever way: null, the page that was asked for, and no more questions", async () => {
	for (const error of ["login_required", "consent_required", "server_error", "access_denied", "invalid_request", "x"]) {
		const world = await loggedIn();
		const { page, restored, tab } = asking(world);
		const url = await leaving(page, restored);
		const { page: shown, login, finished } = await back(world, { tab }, world.op.deny(url, error).href);
		assert.equal(finished, null, error);
		assert.equal(shown.location.href, orders);
		assert.equal(world.machine.shared.get(mark), "");
		assert.equal(await login.restore(), null);
		assert.equal(shown.left, undefined);
		assert.equal(await asking(world).restored, null);
	}
});

test("what fails on the way back shows the page that was asked for, too", async () => {
	const world = await loggedIn();
	const { page, restored, tab } = asking(world);
	const url = world.op.agree(await leaving(page, restored));
	url.searchParams.set("code", "stolen");
	const shown = world.machine.tab(url.href, tab);
	await assert.rejects(loginAt(world.op).finish(), { code: "token_request_failed", returnTo: orders });
	assert.equal(shown.location.href, orders);
});

test("a refusal in a new tab signs no other tab out", async () => {
	const world = await loggedIn();
	const { login } = world;
	const changes = [];
	login.onChange((session) => changes.push(session));
	const before = new Map(world.machine.shared);
	const { page, restored, tab } = asking(world);
	const url = await leaving(page, restored);
	await back(world, { tab }, world.op.deny(url, "login_required").href);
	// What the browser tells the working tab.
	world.page.storageChanged({
		key: mark,
		oldValue: before.get(mark),
		newValue: world.machine.shared.get(mark) ?? null,
	});
	assert.deepEqual([login.session?.claims.sub, changes], ["user-1", []]);
	world.op.state.now += 280;
	await login.accessToken();
	assert.equal(world.machine.shared.get(mark), "1", "the working tab has a session");
});

test("a refusal leaves the mark of a session that another tab has begun meanwhile", async () => {
	const world = await loggedIn();
	const { page, restored, tab } = asking(world);
	const url = await leaving(page, restored);
	const other = world.machine.tab(home);
	await loginAt(world.op).start();
	await back(world, { tab: other.sessionStorage }, world.op.agree(other.left).href);
	await back(world, { tab }, world.op.deny(url, "login_required").href);
	assert.equal(world.machine.shared.get(mark), "1");
});

test("no cycle: a callback page that loads its target again ends after three rounds; the user's hand begins anew", async () => {
	const world = await loggedIn();
	const tab = new FakeStorage();
	let rounds = 0;
	const round = async () => {
		const { page, restored } = asking(world, { tab });
		const url = await Promise.race([page.gone, restored]);
		if (url === null) return false;
		rounds++;
		world.op.state.now += 2;
		await back(world, { tab }, world.op.agree(url).href);
		return true;
	};
	while (await round()) assert.ok(rounds < 10, "a cycle");
	assert.equal(rounds, 3);
	const page = world.machine.tab(orders, tab);
	loginAt(world.op);
	page.happens("pointerdown", { isTrusted: false });
	assert.equal(await round(), false, "a script's click is none");
	page.happens("keydown", { isTrusted: true });
	assert.equal(await round(), true);
	world.op.state.now += 60;
	assert.equal(await round(), true, "a minute later");
});

test("no cycle where a host adds a slash and the page starts over", async () => {
	const world = await loggedIn();
	const { page, restored, tab } = asking(world);
	const url = await leaving(page, restored);
	const answer = world.op.deny(url, "login_required").href.replace("/callback?", "/callback/?");
	const { login, finished, page: shown } = await back(world, { tab }, answer);
	assert.deepEqual([finished, await login.restore(), shown.left], [null, null, undefined]);
});

test("silent: never asks nobody, and loads nothing; parameters and the known ID token go with the question", async () => {
	const world = await loggedIn();
	const never = asking(world, { options: { silent: "never" } });
	assert.deepEqual([await never.restored, never.page.left], [null, undefined]);
	assert.equal(world.machine.shared.get(mark), "1");

	const options = { parameters: { audience: "https://api", prompt: "login" }, acrValues: "mfa" };
	const asked = asking(world, { options });
	const parameters = new URL(await leaving(asked.page, asked.restored)).searchParams;
	assert.deepEqual(
		["audience", "acr_values", "prompt", "id_token_hint"].map((one) => parameters.get(one)),
		["https://api", "mfa", "none", null],
	);
});

test("a server that cannot be reached is not visited, and the mark stays", async () => {
	const world = await loggedIn();
	const down = { ...world.op, fetch: async () => new Response("<html>", { status: 503 }) };
	const visit = asking({ ...world, op: down });
	await assert.rejects(visit.restored, { code: "metadata_unavailable" });
	assert.equal(visit.page.left, undefined);
	assert.equal(world.machine.shared.get(mark), "1");
});

/** A page with a document that takes frames; `load` is told of each. */
function withFrames(page, load) {
	const frames = [];
	page.removeEventListener = () => {};
	page.location.origin = new URL(page.location.href).origin;
	page.document = {
		createElement: () => {
			const attributes = {};
			const frame = {
				attributes,
				contentWindow: {},
				setAttribute: (attribute, value) => {
					attributes[attribute] = value;
				},
				remove: () => {
					frame.removed = true;
				},
			};
			frames.push(frame);
			return frame;
		},
		body: { append: (frame) => queueMicrotask(() => load(frame)) },
	};
	return frames;
}

test("silent: iframe asks in a frame that nobody sees, and the page stays", async () => {
	const world = await loggedIn();
	const options = { silent: "iframe", silentTimeout: 1 };
	const visit = async (reply) => {
		world.machine.shared.set(mark, "1");
		const page = world.machine.tab(orders);
		const frames = withFrames(page, (frame) => reply(page, frame));
		const login = loginAt(world.op, options);
		const session = await login.restore();
		assert.deepEqual([page.left, page.location.href], [undefined, orders]);
		assert.deepEqual([frames.length, frames[0].removed, frames[0].hidden], [1, true, true]);
		assert.equal(frames[0].attributes.sandbox, "allow-scripts allow-same-origin allow-forms");
		return session;
	};
	const tell = (page, frame, answer, other = {}) =>
		page.happens("message", {
			source: frame.contentWindow,
			origin: page.location.origin,
			data: { login: name, answer },
			...other,
		});
	const granted = await visit((page, frame) => tell(page, frame, world.op.agree(frame.src).href));
	assert.equal(granted.claims.sub, "user-1");
	assert.equal(world.machine.shared.get(mark), "1");
	// As where the browser keeps the server's cookies from it.
	assert.equal(await visit((page, frame) => tell(page, frame, world.op.deny(frame.src, "login_required").href)), null);
	assert.equal(world.machine.shared.get(mark), "");
	// Nobody else is believed, and a server that shows a page of its own is waited for no longer than said.
	const deaf = await visit((page, frame) => {
		const answer = world.op.agree(frame.src).href;
		tell(page, frame, answer, { source: {} });
		tell(page, frame, answer, { origin: "https://evil.example" });
		tell(page, frame, answer, { data: { login: "another", answer } });
		tell(page, frame, 7);
		tell(page, frame, undefined, { data: null });
	});
	assert.equal(deaf, null);
	assert.equal(world.op.state.forms.filter((form) => form.get("grant_type") === "authorization_code").length, 2);
});

test("the callback page in that frame hands its answer over, and does nothing else", async () => {
	const world = await loggedIn();
	const posted = [];
	const inside = (href, frame) => {
		const page = world.machine.tab(href);
		page.location.origin = new URL(href).origin;
		page.parent = { postMessage: (...message) => posted.push(message) };
		Object.defineProperty(page, "frameElement", { get: frame });
		return loginAt(world.op, { silent: "iframe" });
	};
	const frame = () => ({ getAttribute: (attribute) => (attribute === "data-countersign" ? name : null) });
	const state = new URL(await startOf(world)).searchParams.get("state");
	const answer = `${redirectUri}?code=x&state=${state}`;
	for (const call of ["finish", "restore"]) {
		const login = inside(answer, frame);
		const ended = await Promise.race([login[call](), new Promise((resolve) => setTimeout(resolve, 50, "waits"))]);
		assert.equal(ended, "waits");
		assert.deepEqual(posted.splice(0), [[{ login: name, answer }, "https://shop.example.com"]]);
	}
	assert.equal(await inside(home, frame).restore(), null, "no frame in a frame");
	// A page of another site around it, or none of ours.
	for (const other of [
		() => {
			throw new DOMException("cross-origin", "SecurityError");
		},
		() => null,
		() => ({ getAttribute: () => null }),
	]) {
		await assert.rejects(inside(answer, other).finish(), { code: "state_missing" });
		assert.deepEqual(posted, []);
	}
});

async function startOf({ op, machine }) {
	const page = machine.tab(home);
	await loginAt(op).start();
	return page.left;
}
