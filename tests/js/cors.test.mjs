// Which pages of other origins may call an API, to the letter: WHATWG Fetch §3.2.

import assert from "node:assert/strict";
import { test } from "node:test";
import { edge, testing } from "./helpers.mjs";

const { issuer, audience, jwks: keys, now, mint } = await testing.createTestIssuer();
const page = "https://shop.example.com";
const token = await mint();
const handlerWith = (origin, handle = () => new Response("hello", { status: 207, headers: { "x-own": "1" } })) =>
	edge.protect({ issuer, audience, keys, now, ...(origin && { cors: { origin } }) }, handle);
const ask = (handler, { method, ...headers } = {}) =>
	handler(new Request(`${audience}/x`, { method, headers: { authorization: `Bearer ${token}`, ...headers } }));
const shown = (response) => Object.fromEntries(response.headers);

test("one origin is compared as a whole word: neither a beginning of it nor a longer one is it", async () => {
	for (const named of [page, [page]]) {
		const handler = handlerWith(named);
		assert.equal((await ask(handler, { origin: page })).headers.get("access-control-allow-origin"), page);
		for (const origin of [
			"https://shop.example.co",
			"https://shop.example",
			"https://s",
			"https:",
			`${page}.evil.example`,
			`${page}:8443`,
			"null",
		]) {
			const response = await ask(handler, { origin });
			assert.deepEqual([response.status, response.headers.get("access-control-allow-origin")], [207, null], origin);
			assert.equal(response.headers.get("access-control-expose-headers"), null);
			assert.equal(response.headers.get("vary"), "Origin");
		}
	}
});

test("the answer of the handler stays as it is, beside what the page may read", async () => {
	const handle = () => new Response("hello", { status: 207, headers: { vary: "Accept", "x-own": "1" } });
	const response = await ask(handlerWith(page, handle), { origin: page });
	assert.deepEqual([response.status, await response.text()], [207, "hello"]);
	assert.deepEqual(shown(response), {
		"content-type": "text/plain;charset=UTF-8",
		"x-own": "1",
		vary: "Accept, Origin",
		"access-control-allow-origin": page,
		"access-control-expose-headers": "WWW-Authenticate, DPoP-Nonce",
	});
});

test("the handler's lists are continued, and what else it says of itself is replaced", async () => {
	const headers = {
		vary: "Accept",
		"access-control-expose-headers": "X-Total",
		"access-control-allow-origin": "https://other.example.com",
	};
	const response = await ask(
		handlerWith(page, () => new Response("hello", { headers })),
		{ origin: page },
	);
	assert.equal(response.headers.get("vary"), "Accept, Origin");
	assert.equal(response.headers.get("access-control-expose-headers"), "X-Total, WWW-Authenticate, DPoP-Nonce");
	assert.equal(response.headers.get("access-control-allow-origin"), page);
});

test("a request of no page is answered as without the option", async () => {
	const answer = new Response("hello");
	for (const handler of [handlerWith(page, () => answer), handlerWith("*", () => answer)]) {
		assert.equal(await ask(handler), answer);
	}
	assert.equal(
		await ask(
			handlerWith(undefined, () => answer),
			{ origin: page },
		),
		answer,
	);
});

test("a preflight: which methods and headers, for how long; nothing for other pages", async () => {
	const handler = handlerWith(page);
	const asked = { method: "OPTIONS", "access-control-request-method": "PUT" };
	const allowed = {
		"access-control-allow-origin": page,
		"access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
		"access-control-allow-headers": "authorization, content-type, dpop",
		"access-control-max-age": "600",
		vary: "Origin, Access-Control-Request-Headers",
	};
	const plain = await ask(handler, { ...asked, origin: page });
	assert.deepEqual([plain.status, shown(plain)], [204, allowed]);
	const named = await ask(handler, { ...asked, origin: page, "access-control-request-headers": "x-one, x-two" });
	assert.deepEqual(shown(named), { ...allowed, "access-control-allow-headers": "x-one, x-two" });
	const other = await ask(handler, { ...asked, origin: "https://evil.example" });
	assert.deepEqual([other.status, shown(other)], [204, { vary: allowed.vary }]);
	// Without an origin it is nobody's, unless everybody may.
	assert.deepEqual(shown(await ask(handler, asked)), { vary: allowed.vary });
	assert.deepEqual(shown(await ask(handlerWith("*"), asked)), { ...allowed, "access-control-allow-origin": "*" });
});

test("what only looks like a preflight has to pass the guard", async () => {
	let called = 0;
	const handler = handlerWith(page, () => {
		called++;
		return new Response("");
	});
	assert.equal((await ask(handler, { method: "OPTIONS", origin: page })).status, 200);
	assert.equal((await ask(handler, { origin: page, "access-control-request-method": "PUT" })).status, 200);
	assert.equal(called, 2);
	assert.equal((await ask(handler, { method: "OPTIONS", origin: page, authorization: "" })).status, 401);
	const preflight = { method: "OPTIONS", origin: page, "access-control-request-method": "PUT" };
	assert.equal(
		(await ask(handlerWith(undefined), preflight)).status,
		207,
		"without the option, a request like any other",
	);
});
