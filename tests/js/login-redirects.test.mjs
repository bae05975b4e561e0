// login.fetch: which answers of an API are redirects, which bodies are sent again, and answers without any body.

import assert from "node:assert/strict";
import { test } from "node:test";
import { audience } from "./helpers.mjs";
import { loggedIn, server } from "./login-kit.mjs";

const resource = `${audience}/orders`;
const location = "https://elsewhere.example/";

/** A user who is logged in, and an API; `answer` is told how often it was asked. */
async function shopper(answer) {
	const asked = [];
	const op = server();
	const fetch = (input, init) => {
		if (!String(input.url ?? input).startsWith(audience)) return op.fetch(input, init);
		asked.push(input);
		return answer(asked.length);
	};
	const { login } = await loggedIn({ op, options: { fetch } });
	return { op, login, asked };
}

test("a status of a redirect with an address to go to is one (RFC 9110 §15.4); all else comes out", async () => {
	let response;
	const { login } = await shopper(() => response);
	for (const status of [300, 301, 302, 303, 307, 308, 399]) {
		response = new Response(null, { status, headers: { location } });
		await assert.rejects(login.fetch(`${resource}?code=secret-code`), {
			name: "TypeError",
			message: `login.fetch: ${resource}?code=secret%E2%80%A6+%2811+characters%29 redirects, and the access token does not follow; ask the final address, or set redirect: "manual" to see the answer`,
		});
		response = new Response(null, { status, headers: { location } });
		assert.equal(await login.fetch(resource, { redirect: "manual" }), response);
	}
	for (const [status, headers] of [
		[200, { location }],
		[201, { location }],
		[299, { location }],
		[300, {}],
		[302, {}],
		[304, {}],
		[400, { location }],
		[404, { location }],
		[503, { location }],
	]) {
		response = new Response(null, { status, headers });
		assert.equal(await login.fetch(resource), response, String(status));
	}
});

test("of a redirect browsers show that it is one, and nothing else", async () => {
	const opaque = Object.defineProperties(new Response(null), {
		type: { value: "opaqueredirect" },
		status: { value: 0 },
	});
	const { login, asked } = await shopper(() => opaque);
	await assert.rejects(login.fetch(resource), { name: "TypeError", message: /redirects, and the access token/ });
	assert.equal(asked[0].redirect, "manual");
	assert.equal(await login.fetch(resource, { redirect: "manual" }), opaque);
});

test("a refusal without a body is followed by a new token all the same", async () => {
	const headers = { "www-authenticate": 'Bearer error="invalid_token"' };
	const { op, login } = await shopper((times) => new Response(null, { status: times === 1 ? 401 : 204, headers }));
	assert.equal((await login.fetch(resource)).status, 204);
	assert.equal(op.state.used, 1);
});

test("a request whose body is null has none, and is sent again", async () => {
	const headers = { "www-authenticate": 'Bearer error="invalid_token"' };
	const { login, asked } = await shopper((times) => new Response("", { status: times === 1 ? 401 : 200, headers }));
	assert.equal((await login.fetch(resource, { method: "POST", body: null })).status, 200);
	assert.equal(asked.length, 2);
});

test("a stream is sent once, also where streams have no iterator, as in Safari", async (t) => {
	const iterator = Object.getOwnPropertyDescriptor(ReadableStream.prototype, Symbol.asyncIterator);
	t.after(() => Object.defineProperty(ReadableStream.prototype, Symbol.asyncIterator, iterator));
	delete ReadableStream.prototype[Symbol.asyncIterator];
	const headers = { "www-authenticate": 'Bearer error="invalid_token"' };
	const { op, login, asked } = await shopper(() => new Response("", { status: 401, headers }));
	const body = new Blob(["stream"]).stream();
	assert.equal((await login.fetch(resource, { method: "POST", body, duplex: "half" })).status, 401);
	assert.deepEqual([op.state.used, asked.length, await asked[0].text()], [0, 1, "stream"]);
});
