// What the adapters of Next.js, Hono, Fastify and Express hand to handlers, and do for what is no request of the shop.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as forExpress from "countersign/express";
import * as forFastify from "countersign/fastify";
import * as forHono from "countersign/hono";
import * as forNext from "countersign/next";
import fastify from "fastify";
import { Hono } from "hono";
import { api, issuer, optionsOf, page } from "./shop.mjs";

const place = "/.well-known/oauth-protected-resource";
const good = await issuer.mint();
const authorization = `Bearer ${good}`;
const options = { ...optionsOf(), dpop: undefined };
const anonymous = { ...options, required: false };
const sharing = {
	"access-control-allow-origin": page,
	"access-control-expose-headers": "WWW-Authenticate, DPoP-Nonce",
};
/** What a handler says that is to be continued or replaced for a page that may read it. */
const own = { vary: "Accept", "access-control-allow-origin": "https://other.example", "x-own": "1" };
const continued = { ...sharing, vary: "Accept, Origin", "x-own": "1" };

const ask = (path, headers = {}, init = {}) => new Request(api + path, { ...init, headers });
const shown = (headers, names) => Object.fromEntries(Object.keys(names).map((name) => [name, headers[name] ?? null]));
const ofHeaders = (response) => Object.fromEntries(response.headers);

/** Options whose keys come from the network, which a platform keeps alive behind the answer. */
const remote = () => ({ issuer: issuer.issuer, audience: api, fetch: (...args) => issuer.fetch(...args) });
/** A platform's context, and how often it was told of work. */
function platform() {
	const context = { calls: 0, waitUntil: () => void context.calls++ };
	return context;
}

test("Next.js: a route's handler gets the request, who called, and the context with the parameters", async () => {
	const context = { params: Promise.resolve({ id: "7" }) };
	const given = [];
	const handler = (...args) => {
		given.push(...args);
		return Response.json("made", { status: 201, headers: own });
	};
	const request = ask("/purchases", { authorization, origin: page });
	const answer = await forNext.protect(options).route(handler)(request, context);
	assert.equal(given[0], request);
	assert.equal(given[1].claims.sub, "user-1");
	assert.equal(given[2], context);
	assert.deepEqual([answer.status, await answer.json()], [201, "made"]);
	assert.deepEqual(shown(ofHeaders(answer), continued), continued);
	assert.equal(
		(await forNext.protect(anonymous).route((_, auth) => Response.json(auth))(ask("/a"))).headers.get("vary"),
		null,
	);
});

test("Next.js: what is refused reaches no handler", async () => {
	const route = forNext.protect(options).route(() => assert.fail("called"));
	const answer = await route(ask("/purchases", { origin: page }));
	assert.deepEqual([answer.status, (await answer.json()).code], [401, "token_missing"]);
	assert.deepEqual(shown(ofHeaders(answer), sharing), sharing);
});

test("Next.js: a handler is a function", () => {
	for (const handler of [null, {}, "x"])
		assert.throws(() => forNext.protect(options).route(handler), {
			name: "TypeError",
			message: "handler: must be a function",
		});
});

test("Next.js: the route of the metadata serves it, and nothing else is there", async () => {
	const route = forNext.protect(options).metadata.route();
	const served = await route(ask(place));
	assert.deepEqual([served.status, (await served.json()).resource], [200, api]);
	const other = await route(ask("/purchases", { authorization }));
	assert.deepEqual([other.status, await other.text()], [404, ""]);
});

test("Next.js: the proxy answers what is refused, else Next.js goes on", async () => {
	const proxy = forNext.protect(options);
	assert.equal((await proxy(ask("/purchases"))).status, 401);
	assert.equal(await proxy(ask("/purchases", { authorization })), undefined);
	// As NextResponse.next({ headers }) has it.
	const passed = await proxy(ask("/purchases", { authorization, origin: page }));
	assert.deepEqual([passed.status, passed.body], [200, null]);
	assert.deepEqual(ofHeaders(passed), { ...sharing, vary: "Origin", "x-middleware-next": "1" });
});

test("Next.js: the proxy's event outlives the answer", async () => {
	const event = platform();
	assert.equal(await forNext.protect(remote())(ask("/", { authorization }), event), undefined);
	assert.ok(event.calls > 0);
});

/** An application of Hono whose one route says who is known to it. */
const honoApp = (...middleware) =>
	new Hono()
		.use(...middleware)
		.get("*", (c) =>
			c.json({ sub: c.var.auth === undefined ? "unasked" : (c.var.auth?.claims.sub ?? null) }, 200, own),
		);

test("Hono: a handler learns who called, and its answer is continued", async () => {
	const app = honoApp(forHono.protect(options));
	const answer = await app.request(ask("/purchases", { authorization, origin: page }));
	assert.deepEqual(await answer.json(), { sub: "user-1" });
	assert.deepEqual(shown(ofHeaders(answer), continued), continued);
	const refused = await app.request(ask("/purchases", { origin: page }));
	assert.deepEqual([refused.status, (await refused.json()).code], [401, "token_missing"]);
	const nobody = await honoApp(forHono.protect(anonymous)).request(ask("/purchases"));
	assert.deepEqual(await nobody.json(), { sub: null });
});

test("Hono: the metadata alone, and all else as it is", async () => {
	const { metadata } = forHono.protect(options);
	const served = await honoApp(metadata).request(ask(place));
	assert.equal((await served.json()).resource, api);
	const rest = await honoApp(metadata).request(ask("/a"));
	assert.deepEqual(await rest.json(), { sub: "unasked" });
	assert.deepEqual(ofHeaders(rest), { ...own, "content-type": "application/json" });
	const both = await honoApp(forHono.protect(options), metadata).request(ask("/a", { authorization }));
	assert.deepEqual(await both.json(), { sub: "user-1" });
});

test("Hono: options of the platform's env, and its context, which outlives the answer", async () => {
	const app = honoApp(forHono.protect((env) => ({ ...remote(), audience: env.AUDIENCE })));
	const context = platform();
	assert.equal((await app.request(ask("/", { authorization }), {}, { AUDIENCE: api }, context)).status, 200);
	assert.ok(context.calls > 0);
	const other = await app.request(ask("/", { authorization }), {}, { AUDIENCE: "https://other.example" }, context);
	assert.equal((await other.json()).code, "audience_mismatch");
});

test("a guard and a route's own demands: known at once, or by the platform's env with the first request", async () => {
	for (const { protect } of [forHono, forFastify, forExpress, forNext]) {
		assert.equal(typeof protect(options).guard.loadKeys, "function");
		assert.throws(() => protect(options).with({ scop: "b" }), /^TypeError: scop: unknown option.*scope/);
	}
	const byEnv = forHono.protect(() => options);
	assert.equal(byEnv.guard, undefined);
	const answer = await honoApp(byEnv.with({ scope: "b" })).request(ask("/", { authorization }));
	assert.equal((await answer.json()).code, "insufficient_scope");
	const wrong = honoApp(byEnv.with({ scop: "b" })).onError((error) => new Response(String(error), { status: 500 }));
	assert.match(await (await wrong.request(ask("/", { authorization }))).text(), /^TypeError: scop/);
});

/** An application of Fastify whose one route says who is known to it. */
function fastifyApp(...hooks) {
	const app = fastify();
	for (const hook of hooks) app.addHook("onRequest", hook);
	app.get("/*", async (request, reply) => {
		reply.header("x-own", "1");
		return { sub: request.auth === undefined ? "unasked" : (request.auth?.claims.sub ?? null) };
	});
	return app;
}

test("Fastify: a handler learns who called, and headers that were set before are continued", async () => {
	const before = async (_request, reply) => {
		for (const [name, value] of Object.entries(own)) reply.header(name, value);
	};
	const app = fastifyApp(before, forFastify.protect(options));
	for (const [headers, status] of [
		[{ authorization, origin: page }, 200],
		[{ origin: page }, 401],
	]) {
		const answer = await app.inject({ url: "/purchases", headers });
		assert.equal(answer.statusCode, status);
		assert.deepEqual(shown(answer.headers, continued), continued);
		if (status === 200) assert.deepEqual(answer.json(), { sub: "user-1" });
		else assert.equal(answer.json().code, "token_missing");
	}
	assert.deepEqual((await fastifyApp(forFastify.protect(anonymous)).inject("/a")).json(), { sub: null });
});

test("Fastify: an answer without a body has no type", async () => {
	const answer = await fastifyApp(forFastify.protect(options)).inject({ method: "POST", url: place });
	assert.deepEqual([answer.statusCode, answer.body, answer.headers["content-type"]], [405, "", undefined]);
});

test("Fastify: the metadata alone, and all else as it is", async () => {
	const { metadata } = forFastify.protect(options);
	assert.equal((await fastifyApp(metadata).inject(place)).json().resource, api);
	assert.deepEqual((await fastifyApp(metadata).inject("/a")).json(), { sub: "unasked" });
	const both = await fastifyApp(forFastify.protect(options), metadata).inject({
		url: "/a",
		headers: { authorization },
	});
	assert.deepEqual(both.json(), { sub: "user-1" });
});

test("Fastify: an address that was rewritten is read as it came", async () => {
	const app = fastify({ rewriteUrl: () => "/elsewhere" });
	app.addHook("onRequest", forFastify.protect(options));
	assert.equal((await app.inject(place)).json().resource, api);
});

test("Fastify: auth(request) is who called, and a TypeError where nobody asked", () => {
	const { auth } = forFastify.protect(options);
	assert.equal(auth({ auth: null }), null);
	assert.equal(auth({ auth: "known" }), "known");
	assert.throws(() => auth({}), { name: "TypeError", message: /^request\.auth: not set/ });
});

test("Express: the same as countersign/node, checked at once", () => {
	assert.throws(() => forExpress.protect({ ...options, issuer: undefined }), /^TypeError: issuer/);
	const guarded = forExpress.protect(options);
	for (const name of ["handler", "with", "metadata"]) assert.equal(typeof guarded[name], "function", name);
});
