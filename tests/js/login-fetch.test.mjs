// login.fetch against a real HTTP server: whom the token reaches, and what is sent twice.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { Readable } from "node:stream";
import { test } from "node:test";
import { halfHash } from "./helpers.mjs";
import { loggedIn, server } from "./login-kit.mjs";

const INVALID = { "www-authenticate": 'Bearer error="invalid_token"' };

/** A server on this machine; `answer` gives status and headers. It remembers what came. */
async function serve(t, answer) {
	const seen = [];
	const http = createServer(async (request, response) => {
		let body = "";
		for await (const chunk of request) body += chunk;
		const { authorization } = request.headers;
		seen.push({ method: request.method, url: request.url, authorization, body });
		const [status, headers] = answer(request, seen.length);
		response.writeHead(status, headers).end("{}");
	});
	t.after(() => {
		http.closeAllConnections();
		http.close();
	});
	http.listen(0, "127.0.0.1");
	await once(http, "listening");
	return { seen, origin: `http://127.0.0.1:${http.address().port}` };
}

async function login(resource, op = server()) {
	const fetch = (input, init) =>
		String(input.url ?? input).startsWith("http://127.") ? globalThis.fetch(input, init) : op.fetch(input, init);
	const { login } = await loggedIn({ op, options: { resource, fetch } });
	return { op, login };
}

test("a redirect is not followed, wherever it goes, and no other origin sees the token", async (t) => {
	const other = await serve(t, () => [200]);
	for (const status of [301, 302, 303, 307, 308]) {
		const api = await serve(t, ({ url }) => {
			const location = { "/away": `${other.origin}/`, "/here": "/there" }[url];
			return location ? [status, { location }] : [200];
		});
		const { login: user } = await login(api.origin);
		for (const path of ["/away", "/here"]) {
			await assert.rejects(user.fetch(`${api.origin}${path}`), {
				name: "TypeError",
				message: /redirects, and the access token does not follow/,
			});
			const shown = await user.fetch(`${api.origin}${path}`, { redirect: "manual" });
			assert.equal(shown.status, status);
			await assert.rejects(user.fetch(`${api.origin}${path}`, { redirect: "error" }), TypeError);
		}
		assert.deepEqual([...new Set(api.seen.map(({ url }) => url))], ["/away", "/here"]);
		assert.equal((await user.fetch(new Request(`${api.origin}/fine`))).status, 200);
	}
	assert.deepEqual(other.seen, []);
});

test("a refused token is renewed once, and the request repeated whole, with any body that can be", async (t) => {
	const form = new URLSearchParams({ a: "1" });
	for (const body of ["x=1", form, new Blob(["blob"]), new TextEncoder().encode("bytes")]) {
		const api = await serve(t, (_request, times) => (times === 1 ? [401, INVALID] : [200]));
		const { op, login: user } = await login(api.origin);
		const response = await user.fetch(`${api.origin}/`, { method: "PUT", body, headers: { "x-own": "1" } });
		assert.equal(response.status, 200);
		assert.equal(op.state.used, 1);
		assert.equal(api.seen.length, 2);
		const [first, second] = api.seen;
		assert.deepEqual({ ...second, authorization: "" }, { ...first, authorization: "" });
		assert.equal(first.body.length > 0, true);
		assert.notEqual(second.authorization, first.authorization);
	}
	// A server that refuses every token is asked twice, not for ever.
	const stubborn = await serve(t, () => [401, INVALID]);
	const { op, login: user } = await login(stubborn.origin);
	assert.equal((await user.fetch(`${stubborn.origin}/`)).status, 401);
	assert.deepEqual([op.state.used, stubborn.seen.length], [1, 2]);
	// What is wrong with the scope a new token does not mend.
	const scoped = await serve(t, () => [401, { "www-authenticate": 'Bearer error="insufficient_scope"' }]);
	const other = await login(scoped.origin);
	assert.equal((await other.login.fetch(`${scoped.origin}/`)).status, 401);
	assert.deepEqual([other.op.state.used, scoped.seen.length], [0, 1]);
});

test("a renewal that brings the refused token again: what the API says to it comes out, and the session stays", async (t) => {
	// JWTs of one second without a jti are the same; some servers give a token again for as long as it lasts.
	const access_token = "at-same";
	const op = server({ tamper: { response: { access_token }, claims: { at_hash: halfHash(access_token) } } });
	const api = await serve(t, () => [401, INVALID]);
	const { login: user } = await login(api.origin, op);
	assert.equal((await user.fetch(`${api.origin}/x`)).status, 401);
	assert.deepEqual([op.state.used, api.seen.length], [1, 2]);
	assert.notEqual(user.session, null);
	op.state.refuse = { error: "temporarily_unavailable" };
	await assert.rejects(user.fetch(`${api.origin}/x`), { code: "token_request_failed" });
});

test("a body that can be sent once is sent once: the answer is what it was", async (t) => {
	for (const body of [() => new Blob(["stream"]).stream(), () => Readable.from(["stream"])]) {
		const api = await serve(t, () => [401, INVALID]);
		const { op, login: user } = await login(api.origin);
		const response = await user.fetch(`${api.origin}/`, { method: "POST", body: body(), duplex: "half" });
		assert.equal(response.status, 401);
		assert.equal(await response.text(), "{}");
		assert.deepEqual(
			api.seen.map(({ body }) => body),
			["stream"],
		);
		assert.equal(op.state.used, 0);
	}
});
