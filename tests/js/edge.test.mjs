// The guard of an API: what passes, what each refusal is answered with, and what other origins may see.

import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { test } from "node:test";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from "jose";
import { audience, countersign, edge, issuer, json, network, signer, start } from "./helpers.mjs";

const { guard, protect } = edge;
const key = signer("k1");
const url = `${audience}/purchases`;
const accessToken = (claims = {}, header = {}) =>
	key.token({ client_id: "shop", scope: "purchases:read profile", ...claims }, { typ: "at+jwt", ...header });
const base = { issuer, audience, keys: key.jwk, now: () => start };

const ask = (handler, token, { headers = {}, ...init } = {}) =>
	handler(new Request(url, { ...init, headers: { ...(token && { authorization: `Bearer ${token}` }), ...headers } }));
const greet = (_request, { claims }) => Response.json({ hello: claims.sub });

test("a valid access token passes, with its claims, header, env and context", async () => {
	const told = [];
	const handler = protect(base, (request, auth, env, ctx) => {
		told.push({ request, auth, env, ctx });
		return new Response("through", { status: 207, headers: { "x-own": "1" } });
	});
	const token = accessToken();
	const request = new Request(url, { headers: { authorization: `bearer ${token}` } });
	const response = await handler(request, { A: 1 }, { waitUntil() {} });
	assert.deepEqual([response.status, response.headers.get("x-own"), await response.text()], [207, "1", "through"]);
	const [{ auth, env, ctx, ...rest }] = told;
	assert.equal(rest.request, request);
	assert.deepEqual([auth.claims.sub, auth.header.typ, auth.token, env.A], ["user-1", "at+jwt", token, 1]);
	assert.equal(typeof ctx.waitUntil, "function");
});

const REFUSED = {
	"no token": [undefined, 401, "token_missing", /^Bearer( realm|$)/],
	garbage: ["garbage", 401, "token_malformed"],
	expired: [accessToken({ exp: start }), 401, "token_expired"],
	"of another issuer": [accessToken({ iss: "https://evil.example.com" }), 401, "issuer_mismatch"],
	"for another API": [accessToken({ aud: "https://other.example.com" }), 401, "audience_mismatch"],
	"by another key": [signer("k1").token({ client_id: "shop" }, { typ: "at+jwt" }), 401, "signature_invalid"],
	"by an unknown key": [accessToken({}, { kid: "k2" }), 401, "key_not_found"],
	"an ID token": [key.token({ nonce: "n" }), 401, "typ_mismatch"],
	"without the scope": [accessToken({ scope: "profile" }), 403, "insufficient_scope"],
	"without any scope": [accessToken({ scope: undefined }), 403, "insufficient_scope"],
	unsigned: [`${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString("base64url")}.e30.`, 401, "alg_none"],
};
for (const [name, [token, status, code, challenge]] of Object.entries(REFUSED)) {
	test(`refused: ${name}`, async () => {
		let called = 0;
		const handler = protect({ ...base, scope: "purchases:read", realm: "shop" }, () => {
			called++;
			return new Response();
		});
		const response = await ask(handler, token);
		const body = await response.json();
		const header = response.headers.get("www-authenticate");
		assert.deepEqual([response.status, body.code, called], [status, code, 0]);
		assert.equal(response.headers.get("cache-control"), "no-store");
		assert.match(response.headers.get("content-type"), /^application\/json/);
		assert.match(header, challenge ?? (status === 403 ? /error="insufficient_scope"/ : /error="invalid_token"/));
		assert.match(header, /^Bearer .*realm="shop"/);
		// RFC 6750 §3: without credentials, no error is told.
		if (!token) assert.doesNotMatch(header, /error=/);
		if (status === 403) assert.match(header, /scope="purchases:read"/);
		if (token?.length > 40) assert.ok(!`${JSON.stringify(body)}${header}`.includes(token));
	});
}

test("the token is taken from the Authorization header alone, and from one that is well-formed", async () => {
	const handler = protect(base, greet);
	const token = accessToken();
	const inAddress = await handler(new Request(`${url}?access_token=${token}`));
	assert.equal(inAddress.status, 401);
	const init = { method: "POST", body: new URLSearchParams({ access_token: token }) };
	assert.equal((await handler(new Request(url, init))).status, 401);
	for (const authorization of [
		`Basic ${token}`,
		"Bearer",
		"Bearer ",
		`Bearer  ${token} x`,
		`Bearer ${token}, Bearer ${token}`,
		token,
	]) {
		const { status } = await handler(new Request(url, { headers: { authorization } }));
		assert.ok([400, 401].includes(status), `${authorization.slice(0, 20)}: ${status}`);
	}
});

test("several scopes: each must be there", async () => {
	const both = protect({ ...base, scope: "purchases:read purchases:write" }, greet);
	assert.equal((await ask(both, accessToken())).status, 403);
	const answer = await ask(both, accessToken({ scope: "purchases:write x purchases:read" }));
	assert.deepEqual([answer.status, await answer.json()], [200, { hello: "user-1" }]);
	assert.equal((await ask(protect({ ...base, scope: ["purchases:read"] }, greet), accessToken())).status, 200);
	assert.equal((await ask(protect({ ...base, scope: "purchases" }, greet), accessToken())).status, 403, "no prefix");
});

test("keys that cannot be fetched are the server's fault: 503, and later a verdict", async () => {
	let down = true;
	const net = network({
		[`${issuer}/jwks`]: () => (down ? new Response("", { status: 500 }) : json({ keys: [key.jwk] })),
	});
	const options = { ...base, keys: undefined, jwksUri: `${issuer}/jwks`, fetch: net.fetch };
	const handler = protect(options, greet);
	const refused = await ask(handler, accessToken());
	assert.deepEqual([refused.status, (await refused.json()).code], [503, "keys_unavailable"]);
	assert.ok(refused.headers.get("retry-after"));
	assert.equal(refused.headers.get("www-authenticate"), null);
	down = false;
	assert.equal((await ask(handler, accessToken())).status, 200);
});

test("what the handler throws is not a refusal", async () => {
	const handler = protect(base, () => {
		throw new Error("the API's own");
	});
	await assert.rejects(ask(handler, accessToken()), /the API's own/);
});

test("options from env: once for each env, wrong ones told at the first request", async () => {
	const made = [];
	const handler = protect((env) => {
		made.push(env);
		return { ...base, audience: env.AUDIENCE };
	}, greet);
	const request = () => new Request(url, { headers: { authorization: `Bearer ${accessToken()}` } });
	const [one, two] = [{ AUDIENCE: audience }, { AUDIENCE: "https://other.example.com" }];
	const statuses = [];
	for (const env of [one, two, one, two, one]) statuses.push((await handler(request(), env)).status);
	assert.deepEqual(statuses, [200, 401, 200, 401, 200]);
	assert.equal(made.length, 2);
	await assert.rejects(protect(() => ({ audience }), greet)(request(), {}), /^TypeError: issuer/);
});

test("RFC 9728: the document is served, and challenges point to it", async () => {
	const handler = protect({ ...base, scope: "purchases:read", resourceMetadata: true }, greet);
	const place = `${audience}/.well-known/oauth-protected-resource`;
	const document = await handler(new Request(place));
	assert.equal(document.status, 200);
	assert.deepEqual(await document.json(), {
		resource: audience,
		authorization_servers: [issuer],
		scopes_supported: ["purchases:read"],
		bearer_methods_supported: ["header"],
	});
	const header = (await ask(handler)).headers.get("www-authenticate");
	assert.ok(header.includes(`resource_metadata="${place}"`), header);
	const elsewhere = protect({ ...base, resourceMetadata: "https://docs.example.com/meta" }, greet);
	assert.match(
		(await ask(elsewhere)).headers.get("www-authenticate"),
		/resource_metadata="https:\/\/docs\.example\.com\/meta"/,
	);
	assert.equal((await elsewhere(new Request(place))).status, 401, "served elsewhere");
	assert.equal((await protect(base, greet)(new Request(place))).status, 401);
});

const page = "https://shop.example.com";
const preflight = (origin) =>
	new Request(url, {
		method: "OPTIONS",
		headers: {
			origin,
			"access-control-request-method": "GET",
			"access-control-request-headers": "authorization",
		},
	});

test("CORS: preflights are answered, answers and refusals can be read, by the pages named", async () => {
	const handler = protect({ ...base, cors: { origin: [page, "https://admin.example.com"] } }, greet);
	const allowed = await handler(preflight(page));
	assert.equal(allowed.status, 204);
	assert.equal(allowed.headers.get("access-control-allow-origin"), page);
	assert.match(allowed.headers.get("access-control-allow-headers"), /authorization/i);
	assert.match(allowed.headers.get("vary"), /Origin/);
	for (const token of [accessToken(), "garbage", undefined]) {
		const response = await ask(handler, token, { headers: { origin: page } });
		assert.equal(response.headers.get("access-control-allow-origin"), page);
		assert.match(response.headers.get("access-control-expose-headers"), /WWW-Authenticate/);
		assert.match(response.headers.get("vary"), /Origin/);
		assert.equal(response.headers.get("access-control-allow-credentials"), null);
	}
	for (const origin of [
		"https://evil.example.com",
		`${page}.evil.example`,
		"http://shop.example.com",
		"null",
		`${page}:8443`,
	]) {
		assert.equal((await handler(preflight(origin))).headers.get("access-control-allow-origin"), null, origin);
		const response = await ask(handler, accessToken(), { headers: { origin } });
		assert.deepEqual([response.status, response.headers.get("access-control-allow-origin")], [200, null], origin);
	}
	const any = protect({ ...base, cors: { origin: "*" } }, greet);
	assert.equal(
		(await ask(any, undefined, { headers: { origin: page } })).headers.get("access-control-allow-origin"),
		"*",
	);
	// Without the option a preflight is a request like any other.
	assert.equal((await protect(base, greet)(preflight(page))).status, 401);
	// OPTIONS that is no preflight does not get past the guard.
	assert.equal((await handler(new Request(url, { method: "OPTIONS" }))).status, 401);
});

test("onVerdict is told once of each verdict: the checks, or why there was nothing to check", async () => {
	const told = [];
	const handler = protect(
		{ ...base, scope: "purchases:read", onVerdict: (verdict, request) => told.push([verdict, request.url]) },
		greet,
	);
	assert.equal((await ask(handler, accessToken())).status, 200);
	assert.equal((await ask(handler, accessToken({ exp: start }))).status, 401);
	assert.equal((await ask(handler, accessToken({ scope: "x" }))).status, 403);
	assert.equal((await ask(handler)).status, 401);
	assert.deepEqual(
		told.map(([{ valid, code }]) => [valid, code]),
		[
			[true, null],
			[false, "token_expired"],
			[false, "insufficient_scope"],
			[undefined, "token_missing"],
		],
	);
	assert.ok(told.every(([, where]) => where === url));
	assert.ok(told[0][0].checks.length > 10);
	assert.ok(told[3][0] instanceof countersign.TokenError);
});

test("guard: check and refuse, for those who write the rest themselves", async () => {
	const doorman = guard({ ...base, scope: "purchases:read" });
	const request = new Request(url, { headers: { authorization: `Bearer ${accessToken()}` } });
	assert.equal((await doorman.check(request)).claims.sub, "user-1");
	// Whatever has a method, an address and headers will do.
	const like = { method: "GET", url, headers: new Headers({ authorization: `Bearer ${accessToken({ scope: "x" })}` }) };
	const refusal = await doorman.check(like).catch((error) => error);
	assert.ok(refusal instanceof countersign.TokenError);
	assert.deepEqual([refusal.code, refusal.status], ["insufficient_scope", 403]);
	const response = doorman.refuse(refusal);
	assert.deepEqual([response.status, response.headers.get("www-authenticate")], [403, refusal.challenge]);
	assert.deepEqual((await response.json()).error, "insufficient_scope");
});

test("an RFC 9068 token passes only where its issuer and audience are exactly those of the policy", async () => {
	const handler = protect(base, greet);
	for (const claims of [
		{ iss: `${issuer}/` },
		{ aud: `${audience}/` },
		{ aud: [] },
		{ sub: undefined },
		{ client_id: undefined },
		{ jti: undefined },
		{ iat: undefined },
	]) {
		assert.equal((await ask(handler, accessToken(claims))).status, 401, JSON.stringify(claims));
	}
	assert.equal((await ask(handler, accessToken({ aud: [audience, "x"] }))).status, 200);
	assert.equal((await ask(handler, accessToken({}, { typ: "application/at+jwt" }))).status, 200);
});

/** The holder of a key that tokens are bound to, as jose makes its proofs. */
async function holder() {
	const { privateKey, publicKey } = await generateKeyPair("ES256");
	const jwk = await exportJWK(publicKey);
	const proof = (token, claims = {}) =>
		new SignJWT({
			jti: randomUUID(),
			htm: "GET",
			htu: url,
			iat: start,
			ath: createHash("sha256").update(token).digest("base64url"),
			...claims,
		})
			.setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk })
			.sign(privateKey);
	return { proof, cnf: { jkt: await calculateJwkThumbprint(jwk) } };
}

test("DPoP: a bound token passes with one proof by its key, and as no bearer token", async () => {
	const [one, other] = [await holder(), await holder()];
	const used = new Set();
	const seen = (jti) => used.size === used.add(jti).size;
	const handler = protect({ ...base, dpop: { seen } }, greet);
	const bound = accessToken({ cnf: one.cnf });
	const send = async (authorization, ...proofs) => {
		const headers = new Headers({ authorization });
		for (const proof of proofs) headers.append("dpop", proof);
		const response = await handler(new Request(`${url}?page=2`, { headers }));
		return [response.status, (await response.json()).code, response.headers.get("www-authenticate")];
	};
	const good = await one.proof(bound);
	assert.deepEqual(await send(`DPoP ${bound}`, good), [200, undefined, null]);
	assert.equal((await send(`DPoP ${bound}`, good))[1], "dpop_replayed");

	const [status, code, challenge] = await send(`Bearer ${bound}`, await one.proof(bound));
	assert.deepEqual([status, code], [401, "token_bound"]);
	assert.match(challenge, /^DPoP error="invalid_token", .*algs="[^"]*ES256/);

	for (const [expected, token, ...proofs] of [
		["dpop_invalid", bound],
		["dpop_invalid", bound, await one.proof(bound), await one.proof(bound)],
		["dpop_key_mismatch", bound, await other.proof(bound)],
		["dpop_token_mismatch", bound, await one.proof("another")],
		["dpop_method_mismatch", bound, await one.proof(bound, { htm: "POST" })],
		["dpop_url_mismatch", bound, await one.proof(bound, { htu: `${url}/1` })],
		["dpop_expired", bound, await one.proof(bound, { iat: start - 61 })],
		["dpop_key_mismatch", accessToken(), await one.proof(accessToken())],
		["token_expired", accessToken({ cnf: one.cnf, exp: start }), good],
	]) {
		const [status, code, challenge] = await send(`DPoP ${token}`, ...proofs);
		assert.deepEqual([status, code], [401, expected]);
		if (expected.startsWith("dpop_")) assert.match(challenge, /^DPoP error="invalid_dpop_proof"/);
	}
	const told = [];
	const telling = protect({ ...base, onVerdict: (verdict) => told.push(verdict.code) }, greet);
	assert.equal((await ask(telling, bound)).status, 401);
	assert.deepEqual(told, ["token_bound"]);
});
