// login.userinfo: claims about the user who is logged in, and about nobody else.

import assert from "node:assert/strict";
import { test } from "node:test";
import { issuer, json, refusal } from "./helpers.mjs";
import { loggedIn, server } from "./login-kit.mjs";

const url = `${issuer}/userinfo`;

/** A user who is logged in at a server whose userinfo endpoint answers like this. */
async function user(answer, { metadata = { userinfo_endpoint: url }, ...options } = {}) {
	const op = server(Object.assign(Object.create(null), { metadata }));
	const asked = [];
	const fetch = (input, init) => {
		if (String(input) !== url) return op.fetch(input, init);
		asked.push(init);
		return answer(op, asked.length);
	};
	const { login } = await loggedIn({ op, options: { fetch, ...options } });
	return { op, login, asked };
}

test("the claims of the user who is logged in", async () => {
	const claims = { sub: "user-1", email: "ada@example.com", address: { country: "GB" } };
	const { login, asked } = await user(() => json(claims));
	assert.deepEqual(await login.userinfo(), claims);
	assert.equal(asked.length, 1);
	assert.equal(asked[0].headers.authorization, `Bearer ${await login.accessToken()}`);
	assert.equal(asked[0].redirect, "manual");
});

test("of somebody else, or of nobody, there are none", async () => {
	for (const [answer, code] of [
		[() => json({ sub: "user-2", email: "eve@example.com" }), "subject_mismatch"],
		[() => json({ email: "eve@example.com" }), "token_response_invalid"],
		[() => new Response("<html>"), "token_response_invalid"],
		[() => new Response("a.b.c", { headers: { "content-type": "application/jwt" } }), "token_response_invalid"],
		[() => json({}, { status: 503 }), "token_request_failed"],
		[() => new Response("", { status: 302, headers: { location: "https://evil.example/" } }), "token_request_failed"],
		[() => Promise.reject(new TypeError("fetch failed")), "token_request_failed"],
	]) {
		const { login } = await user(answer);
		assert.equal(await refusal(() => login.userinfo()), code);
		assert.ok(login.session, "that ends no session");
	}
});

test("a refused token is renewed once", async () => {
	const refused = { status: 401, headers: { "www-authenticate": 'Bearer error="invalid_token"' } };
	const { op, login, asked } = await user((_op, times) =>
		times === 1 ? new Response("", refused) : json({ sub: "user-1" }),
	);
	assert.deepEqual(await login.userinfo(), { sub: "user-1" });
	assert.deepEqual([asked.length, op.state.used], [2, 1]);
	assert.notEqual(asked[0].headers.authorization, asked[1].headers.authorization);
	const stubborn = await user(() => new Response("", refused));
	assert.equal(await refusal(() => stubborn.login.userinfo()), "token_request_failed");
	assert.equal(stubborn.asked.length, 2);
});

test("a server without a userinfo endpoint that can be trusted is none to ask", async () => {
	for (const metadata of [{}, { userinfo_endpoint: "http://op.example/userinfo" }, { userinfo_endpoint: 7 }]) {
		const { login, asked } = await user(() => assert.fail(), { metadata });
		await assert.rejects(login.userinfo(), { name: "TypeError", message: /has no userinfo_endpoint/ });
		assert.equal(asked.length, 0);
	}
});
