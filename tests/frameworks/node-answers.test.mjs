// What countersign/node does with a request of Node.js: who gets it next, what is answered, and which headers stay.

import assert from "node:assert/strict";
import { IncomingMessage, ServerResponse } from "node:http";
import { test } from "node:test";
import { koa, protect } from "countersign/node";
import { issuer, optionsOf, page } from "./shop.mjs";

const place = "/.well-known/oauth-protected-resource";
const good = await issuer.mint();
const broken = new Error("the shop's own");
const options = { ...optionsOf(), dpop: undefined };
/** Options by which judging a request throws what is no verdict. */
const throwing = {
	...options,
	token: () => {
		throw broken;
	},
};
const anonymous = { ...options, required: false };

/** A request as Node.js makes it, and its response, which keeps what is sent. */
function exchange({ token, url = "/purchases", headers = {} } = {}) {
	const request = new IncomingMessage(null);
	const named = { host: "api.example", ...(token && { authorization: `Bearer ${token}` }), ...headers };
	Object.assign(request, { method: "GET", url, rawHeaders: Object.entries(named).flat() });
	const response = new ServerResponse(request);
	const sent = [];
	response.end = (body) => sent.push(body);
	return { request, response, sent };
}

/** What `next` was called with, or what was sent in its place. */
const passed = (middleware, { request, response }) =>
	new Promise((resolve) => {
		response.end = (body) => resolve({ status: response.statusCode, body });
		middleware(request, response, (...args) => resolve({ next: args }));
	});

test("a middleware calls next once and with nothing, for whom it lets pass", async () => {
	const asked = exchange({ token: good });
	assert.deepEqual(await passed(protect(options), asked), { next: [] });
	assert.equal(asked.request.auth.claims.sub, "user-1");
	assert.deepEqual(asked.sent, []);
});

test("a middleware answers what it refuses, and calls nobody", async () => {
	const asked = exchange();
	let calls = 0;
	const answer = await new Promise((resolve) => {
		asked.response.end = resolve;
		protect(options)(asked.request, asked.response, () => calls++);
	});
	await new Promise(setImmediate);
	assert.equal(calls, 0);
	assert.equal(JSON.parse(answer).code, "token_missing");
	assert.equal(asked.response.statusCode, 401);
	assert.match(asked.response.getHeader("www-authenticate"), /^Bearer realm="shop"/);
	assert.ok(!("auth" in asked.request));
});

test("what an option of the application throws goes to next", async () => {
	assert.deepEqual(await passed(protect(throwing), exchange({ token: good })), { next: [broken] });
});

test("nobody called, where no token is required: auth is null", async () => {
	const asked = exchange();
	await passed(protect(anonymous), asked);
	assert.equal(asked.request.auth, null);
});

test("the middleware for the metadata serves it, and leaves all else as it is", async () => {
	const { metadata } = protect(options);
	const served = await passed(metadata, exchange({ url: place }));
	assert.equal(served.status, 200);
	assert.equal(JSON.parse(served.body).resource, options.audience);
	const asked = exchange({ token: "garbage", headers: { origin: page } });
	asked.request.auth = "of somebody else";
	assert.deepEqual(await passed(metadata, asked), { next: [] });
	assert.equal(asked.request.auth, "of somebody else");
	assert.deepEqual(asked.response.getHeaderNames(), []);
});

test("headers of others stay: lists are continued, the rest is replaced", async () => {
	for (const [before, after] of [
		[{ vary: "Accept" }, "Accept, Origin"],
		[{ vary: ["Accept", "Cookie"] }, "Accept, Cookie, Origin"],
		[{}, "Origin"],
	]) {
		const asked = exchange({ token: good, headers: { origin: page } });
		const { response } = asked;
		response.setHeader("access-control-allow-origin", "https://other.example");
		response.setHeader("x-own", "1");
		for (const [name, value] of Object.entries(before)) response.setHeader(name, value);
		assert.deepEqual(await passed(protect(options), asked), { next: [] });
		assert.equal(response.getHeader("vary"), after);
		assert.equal(response.getHeader("access-control-allow-origin"), page);
		assert.equal(response.getHeader("access-control-expose-headers"), "WWW-Authenticate, DPoP-Nonce");
		assert.equal(response.getHeader("x-own"), "1");
	}
});

test("a listener is a function", () => {
	for (const handle of [undefined, null, {}, "x"])
		assert.throws(() => protect(options).handler(handle), {
			name: "TypeError",
			message: "handler: must be a function",
		});
});

test("a listener gets the request and its response, and next where there is one", async () => {
	const { request, response } = exchange({ token: good });
	const next = () => {};
	for (const more of [[], [next]]) {
		let given;
		const listener = protect(options).handler((...args) => {
			given = args;
		});
		await listener(request, response, ...more);
		assert.deepEqual(given, [request, response, more[0]]);
	}
});

test("a listener is not called for what is refused", async () => {
	const listener = protect(options).handler(() => assert.fail("called"));
	for (const more of [[], [() => assert.fail("next")]]) {
		const { request, response, sent } = exchange();
		await listener(request, response, ...more);
		assert.deepEqual([response.statusCode, JSON.parse(sent[0]).code], [401, "token_missing"]);
	}
});

test("what a listener throws or rejects with goes to next, or to whoever called it", async () => {
	for (const handle of [() => Promise.reject(broken), () => assert.fail(broken)]) {
		const listener = protect(options).handler(handle);
		const { request, response } = exchange({ token: good });
		await assert.rejects(listener(request, response), broken);
		const told = [];
		await listener(request, response, (error) => told.push(error));
		assert.deepEqual(told, [broken]);
	}
});

test("what an option throws in front of a listener: next hears of it, else the log, and the answer says nothing", async (t) => {
	const listener = protect(throwing).handler(() => assert.fail("called"));
	const log = t.mock.method(console, "error", () => {});
	const told = [];
	const first = exchange({ token: good });
	await listener(first.request, first.response, (error) => told.push(error));
	assert.deepEqual([told, first.sent, log.mock.callCount()], [[broken], [], 0]);

	const second = exchange({ token: good });
	await listener(second.request, second.response);
	assert.deepEqual([second.response.statusCode, second.sent], [500, [""]]);
	const [[said, error]] = log.mock.calls.map((call) => call.arguments);
	assert.match(said, /^countersign: /);
	assert.equal(error, broken);
});

/** Koa's context, as far as it is used; a body that is null makes the status 204, as in Koa. */
function context(asked, originalUrl = asked.request.url) {
	const ctx = { req: asked.request, res: asked.response, originalUrl, status: 404, state: {} };
	let body;
	return Object.defineProperty(ctx, "body", {
		get: () => body,
		set(given) {
			body = given;
			if (given === null) ctx.status = 204;
		},
	});
}

test("Koa: whom it lets pass goes on, with auth in the state, and is waited for", async () => {
	const ctx = context(exchange({ token: good, headers: { origin: page } }));
	let done = false;
	await koa(options)(ctx, async () => {
		await new Promise(setImmediate);
		assert.equal(ctx.res.getHeader("vary"), "Origin");
		done = true;
	});
	assert.deepEqual([done, ctx.state.auth.claims.sub, ctx.status], [true, "user-1", 404]);
	await assert.rejects(
		koa(options)(context(exchange({ token: good })), () => Promise.reject(broken)),
		broken,
	);
});

test("Koa: a refusal is the answer, with its type", async () => {
	const ctx = context(exchange());
	await koa(options)(ctx, () => assert.fail("next"));
	assert.equal(ctx.status, 401);
	assert.equal(JSON.parse(ctx.body).code, "token_missing");
	assert.match(ctx.res.getHeader("content-type"), /^application\/json/);
	assert.deepEqual(ctx.state, {});
});

test("Koa: an answer without a body has the status that it had", async () => {
	const asked = exchange({ url: place });
	asked.request.method = "POST";
	const ctx = context(asked);
	await koa(options)(ctx, () => assert.fail("next"));
	assert.deepEqual([ctx.status, ctx.body], [405, null]);
});

test("Koa: the metadata is found by the whole address, and leaves all else as it is", async () => {
	const { metadata } = koa(options);
	const ctx = context(exchange({ url: "/cut" }), place);
	await metadata(ctx, () => assert.fail("next"));
	assert.equal(ctx.status, 200);
	const other = context(exchange());
	other.state.auth = "of somebody else";
	let called = 0;
	await metadata(other, async () => called++);
	assert.deepEqual([called, other.state], [1, { auth: "of somebody else" }]);
});
