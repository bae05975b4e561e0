// countersign/testing as an authorization server: what its answers hold, by the members that RFC 6749 and OpenID Connect name.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { countersign, start, testing } from "./helpers.mjs";
import { redirectUri } from "./login-kit.mjs";

const { decodeUnverified } = countersign;
// The pair of RFC 7636, appendix B.
const code_challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const code_verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/** An issuer, and what a client asks it. */
async function server(options) {
	const kit = await testing.createTestIssuer({ now: start, ...options });
	const { fetch, metadata } = kit;
	const ask = (parameters) => fetch(metadata.token_endpoint, { method: "POST", body: new URLSearchParams(parameters) });
	/** Where a request for a code is sent back to. */
	const authorize = async (parameters) => {
		const all = { response_type: "code", redirect_uri: redirectUri, client_id: "shop", ...parameters };
		const query = new URLSearchParams(Object.entries(all).filter(([, value]) => value !== undefined));
		const response = await fetch(`${metadata.authorization_endpoint}?${query}`);
		assert.equal(response.status, 302);
		return new URL(response.headers.get("location"));
	};
	const codeFor = async (parameters) => (await authorize(parameters)).searchParams.get("code");
	const redeem = async (code, more) =>
		ask({ grant_type: "authorization_code", code, redirect_uri: redirectUri, client_id: "shop", ...more });
	const logIn = async (parameters) => (await redeem(await codeFor(parameters))).json();
	const refusedWith = async (response) => {
		const { status } = await response;
		const { error, error_description, ...more } = await (await response).json();
		assert.deepEqual(
			[status, more, typeof error_description, error_description.length > 10],
			[400, {}, "string", true],
		);
		return error;
	};
	return { kit, ask, authorize, codeFor, redeem, logIn, refusedWith };
}

test("the redirect has code, state and issuer beside what the client's address has, and nothing else", async () => {
	const { authorize } = await server({ issuer: "https://id.example/shop" });
	const back = await authorize({ redirect_uri: "https://shop.example/back?page=1", state: "s&t", nonce: "n" });
	const { code, ...more } = Object.fromEntries(back.searchParams);
	assert.deepEqual(
		[back.origin + back.pathname, more],
		["https://shop.example/back", { page: "1", state: "s&t", iss: "https://id.example/shop" }],
	);
	assert.match(code, /^[\w-]{22}$/);
	const plain = await authorize({});
	assert.deepEqual([...plain.searchParams.keys()].sort(), ["code", "iss"]);
	assert.notEqual(plain.searchParams.get("code"), code);
});

test("without an address to go back to, nobody is sent there", async () => {
	const { kit, refusedWith } = await server();
	for (const query of ["", "?redirect_uri=", "?redirect_uri=shop"]) {
		const response = kit.fetch(`${kit.metadata.authorization_endpoint}${query}`);
		assert.equal(await refusedWith(response), "invalid_request");
	}
});

test("a code is redeemed for tokens of the user who was hinted at, for the client and the nonce of the request", async () => {
	const { kit, codeFor, redeem } = await server({ lifetime: 120 });
	const code = await codeFor({
		scope: "profile openid",
		login_hint: "ada",
		nonce: "n",
		resource: "https://api.example/a",
	});
	const response = await redeem(code);
	assert.deepEqual(
		[response.status, response.headers.get("content-type"), response.headers.get("cache-control")],
		[200, "application/json", "no-store"],
	);
	const { access_token, refresh_token, id_token, ...more } = await response.json();
	assert.deepEqual(more, { token_type: "Bearer", expires_in: 120, scope: "profile openid" });
	assert.match(refresh_token, /^[\w-]{22}$/);
	const { jti, ...access } = decodeUnverified(access_token).claims;
	const both = { iss: kit.issuer, sub: "ada", iat: start, exp: start + 120 };
	assert.deepEqual(access, { ...both, aud: "https://api.example/a", client_id: "shop", scope: "profile openid" });
	const id = decodeUnverified(id_token).claims;
	assert.deepEqual(id, { ...both, aud: "shop", nonce: "n", auth_time: start });
});

test("what was not asked for is not in the tokens", async () => {
	const { logIn } = await server();
	const plain = await logIn({});
	assert.deepEqual(Object.keys(plain).sort(), ["access_token", "expires_in", "refresh_token", "token_type"]);
	const { claims } = decodeUnverified(plain.access_token);
	assert.deepEqual(["scope" in claims, claims.sub, claims.aud], [false, "user-1", "https://api.example"]);
	const id = decodeUnverified((await logIn({ scope: "openid" })).id_token).claims;
	assert.deepEqual(["nonce" in id, id.sub], [false, "user-1"]);
	assert.equal("id_token" in (await logIn({ scope: "openidx profile" })), false);
	const nameless = await logIn({ client_id: undefined, scope: "openid" });
	assert.equal(decodeUnverified(nameless.id_token).claims.aud, "");
});

test("an ID token is for the client that logged in, whatever API was asked for", async () => {
	for (const provider of ["apple", "entra", "keycloak"]) {
		const { logIn } = await server({ provider, alg: "ES256" });
		const { id_token } = await logIn({ scope: "openid", audience: "orders" });
		assert.equal(decodeUnverified(id_token).claims.aud, "shop", provider);
	}
});

test("a refresh token gives new tokens for the same user, client, scope and API, and is replaced", async () => {
	const { ask, logIn } = await server();
	const first = await logIn({ scope: "openid a", login_hint: "ada", audience: "orders" });
	const refresh = (refresh_token) => ask({ grant_type: "refresh_token", refresh_token });
	const second = await (await refresh(first.refresh_token)).json();
	const { claims } = decodeUnverified(second.access_token);
	assert.deepEqual([claims.sub, claims.client_id, claims.aud, claims.scope], ["ada", "shop", "orders", "openid a"]);
	assert.deepEqual([second.scope, decodeUnverified(second.id_token).claims.sub], ["openid a", "ada"]);
	assert.notEqual(second.refresh_token, first.refresh_token);
	assert.equal((await refresh(second.refresh_token)).status, 200);
});

test("codes, verifiers and refresh tokens that are not right are refused, and serve no more", async () => {
	const { kit, ask, codeFor, redeem, refusedWith } = await server();
	const wrong = async (code, more) => assert.equal(await refusedWith(redeem(await code, more)), "invalid_grant");
	await wrong("unknown");
	await wrong(codeFor(), { redirect_uri: "https://other.example" });
	await wrong(codeFor({ code_challenge }));
	await wrong(codeFor({ code_challenge }), { code_verifier: `${code_verifier}x` });
	await wrong(codeFor({ code_challenge }), { code_verifier: code_challenge });
	// Whatever the challenge is, it does not go without a verifier.
	for (const text of ["", "null", "undefined"]) {
		await wrong(codeFor({ code_challenge: createHash("sha256").update(text).digest("base64url") }));
	}
	const code = await codeFor({ code_challenge });
	await wrong(code, { code_verifier: "wrong" });
	await wrong(code, { code_verifier });
	assert.equal((await redeem(await codeFor({ code_challenge }), { code_verifier })).status, 200);
	assert.equal((await redeem(await codeFor(), { code_verifier })).status, 200);
	const { refresh_token } = await (await redeem(await codeFor())).json();
	for (const parameters of [{ code: refresh_token }, { redirect_uri: redirectUri }]) {
		assert.equal(await refusedWith(ask({ grant_type: "authorization_code", ...parameters })), "invalid_grant");
	}
	for (const parameters of [{}, { refresh_token: await codeFor() }]) {
		assert.equal(await refusedWith(ask({ grant_type: "refresh_token", ...parameters })), "invalid_grant");
	}
	for (const parameters of [{}, { grant_type: "" }, { grant_type: "password" }]) {
		assert.equal(await refusedWith(ask(parameters)), "unsupported_grant_type");
		const { error_description } = await (await ask(parameters)).json();
		for (const name of kit.metadata.grant_types_supported) assert.ok(error_description.includes(name), name);
	}
});

test("client credentials are for the client itself, and come without a refresh token", async () => {
	const { ask } = await server();
	const grant = async (parameters) =>
		(await ask([["grant_type", "client_credentials"], ...Object.entries(parameters)])).json();
	const { access_token, ...more } = await grant({ client_id: "back-end", scope: "a b" });
	assert.deepEqual(more, { token_type: "Bearer", expires_in: 300, scope: "a b" });
	const { sub, client_id, scope, aud } = decodeUnverified(access_token).claims;
	assert.deepEqual([sub, client_id, scope, aud], ["back-end", "back-end", "a b", "https://api.example"]);
	const several = await ask([
		["grant_type", "client_credentials"],
		...["orders", "stock"].map((api) => ["resource", `https://${api}.example`]),
		["audience", "third"],
	]);
	const audiences = ["https://orders.example", "https://stock.example", "third"];
	assert.deepEqual(decodeUnverified((await several.json()).access_token).claims.aud, audiences);
	const bare = await grant({ scope: "" });
	assert.deepEqual(Object.keys(bare).sort(), ["access_token", "expires_in", "token_type"]);
	const { claims } = decodeUnverified(bare.access_token);
	assert.deepEqual([claims.sub, claims.client_id, "scope" in claims], ["user-1", "client-1", false]);
});

test("a scope that nobody asked for leaves the provider's own as it is", async () => {
	const scopeOf = async (provider, more) => {
		const { ask } = await server({ provider, alg: "ES256" });
		const answer = await (await ask({ grant_type: "client_credentials", ...more })).json();
		const { scope, scp } = decodeUnverified(answer.access_token).claims;
		return scope ?? scp;
	};
	assert.equal(await scopeOf("auth0"), "openid profile email");
	assert.deepEqual(await scopeOf("okta"), ["openid", "profile", "email"]);
	assert.deepEqual(await scopeOf("okta", { scope: "a b" }), ["a", "b"]);
	assert.equal(await scopeOf("entra", { scope: "a b" }), "a b");
});

test("claims of every token are in granted ones, before what the grant says", async () => {
	const { logIn } = await server({ claims: { role: "buyer", sub: "bob", scope: undefined } });
	const { access_token } = await logIn({ login_hint: "ada", scope: "a" });
	const { role, sub, scope } = decodeUnverified(access_token).claims;
	assert.deepEqual([role, sub, scope], ["buyer", "ada", undefined]);
});
