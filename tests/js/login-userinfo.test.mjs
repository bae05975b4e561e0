// login.userinfo: claims about the user who is logged in, and about nobody else.

import assert from "node:assert/strict";
import { test } from "node:test";
import { issuer, json, refusal, signer, start } from "./helpers.mjs";
import { key, loggedIn, loginAt, server } from "./login-kit.mjs";

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
		[() => new Response("a.b.c.d.e", { headers: { "content-type": "application/jwt" } }), "token_response_invalid"],
		[() => json({}, { status: 503 }), "token_request_failed"],
		[() => new Response("", { status: 302, headers: { location: "https://evil.example/" } }), "token_request_failed"],
		[() => Promise.reject(new TypeError("fetch failed")), "token_request_failed"],
	]) {
		const { login } = await user(answer);
		assert.equal(await refusal(() => login.userinfo()), code);
		assert.ok(login.session, "that ends no session");
	}
});

/** OpenID Connect Core §5.3.2: signed, with `iss` and `aud`; it need not expire. */
const signed = (claims, by = key) => {
	const jwt = by.token({ aud: "shop", exp: undefined, jti: undefined, email: "ada@example.com", ...claims });
	return () => new Response(jwt, { headers: { "content-type": "application/jwt; charset=utf-8" } });
};

test("a signed answer is checked like an ID token", async () => {
	for (const claims of [{}, { aud: ["other", "shop"] }, { exp: start + 60 }]) {
		const { login } = await user(signed(claims));
		assert.equal((await login.userinfo()).email, "ada@example.com");
	}
	for (const [answer, code] of [
		[signed({ sub: "user-2" }), "subject_mismatch"],
		[signed({ sub: undefined }), "claim_missing"],
		[signed({ aud: "other" }), "audience_mismatch"],
		[signed({ aud: undefined }), "claim_missing"],
		[signed({ iss: "https://evil.example" }), "issuer_mismatch"],
		[signed({ iss: undefined }), "claim_missing"],
		[signed({ exp: start - 1 }), "token_expired"],
		[signed({}, signer("k1")), "signature_invalid"],
		[() => new Response("{}", { headers: { "content-type": "application/jwt" } }), "token_malformed"],
	]) {
		const { login } = await user(answer);
		assert.equal(await refusal(() => login.userinfo()), code);
		assert.ok(login.session, "that ends no session");
	}
});

test("userinfo: true adds its claims to the session's, and the ID token comes first", async () => {
	const claims = { sub: "user-1", email: "ada@example.com", aud: "evil", acr: "mfa", nonce: "evil" };
	const answer = () => json(JSON.parse(`${JSON.stringify(claims).slice(0, -1)},"__proto__":{"x":1}}`));
	const { login, asked, op } = await user(answer, { userinfo: true });
	const { session } = login;
	assert.deepEqual(
		[session.claims.email, session.claims.aud, session.claims.acr],
		["ada@example.com", "shop", undefined],
	);
	assert.equal(session.claims.x, undefined);
	assert.notEqual(session.claims.nonce, "evil");
	// A renewal keeps them and asks nobody.
	op.state.now += 290;
	await login.accessToken();
	assert.notEqual(login.session, session);
	assert.equal(login.session.claims.email, "ada@example.com");
	assert.equal(asked.length, 1);
	await login.logout({ global: false });
	assert.equal(login.session, null);
});

test("userinfo: true at a server that does not answer: the session goes on without, and an event tells why", async () => {
	for (const answer of [() => json({}, { status: 503 }), () => json({ sub: "user-2", email: "eve@example.com" })]) {
		const op = server(Object.assign(Object.create(null), { metadata: { userinfo_endpoint: url } }));
		const fetch = (input, init) => (String(input) === url ? answer() : op.fetch(input, init));
		const { page, machine } = await loggedIn({ op, options: { fetch } });
		const login = loginAt(op, { fetch, userinfo: true });
		const failures = [];
		login.on("userinfo-failed", ({ error, session }) => failures.push([error.code, session.claims.email]));
		await login.start();
		machine.tab(op.agree(page.left).href, page.sessionStorage);
		const { session } = await login.finish();
		assert.equal(session.claims.email, undefined);
		assert.equal(failures.length, 1);
		assert.ok(["token_request_failed", "subject_mismatch"].includes(failures[0][0]));
	}
	await assert.rejects(loginAt(server(), { userinfo: true, scope: "read" }).start(), {
		name: "TypeError",
		message: /^userinfo: has no effect without openid in scope/,
	});
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
