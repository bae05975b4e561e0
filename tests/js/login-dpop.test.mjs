// createLogin({ dpop: true }) at a real oidc-provider that requires DPoP with nonces, and at APIs that check the proofs: our
// guard, and oauth4webapi.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { decodeJwt, decodeProtectedHeader } from "jose";
import * as oauth from "oauth4webapi";
import { fakeIndexedDb, listen, startProvider } from "./dpop-kit.mjs";
import { createLogin, edge, refusal } from "./helpers.mjs";
import { browser } from "./login-kit.mjs";

const redirectUri = "https://shop.example.com/callback";
const home = "https://shop.example.com/";

/** A server, an API (`protects` makes its handler), and a browser with one key store. */
async function world(t, { protects, options = {}, ...provided } = {}) {
	const api = { requests: [], handler: undefined };
	const origin = await listen(t, async (request, response) => {
		const { method, headers, url } = request;
		const asked = new Request(`${origin}${url}`, { method, headers });
		api.requests.push(headers);
		const answer = await api.handler(asked);
		response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
	});
	const op = await startProvider(t, { redirectUri, api: `${origin}/`, ...provided });
	api.handler = protects ? protects({ issuer: op.issuer, audience: `${origin}/` }) : () => new Response("{}");
	const machine = browser();
	const indexedDB = fakeIndexedDb();
	const settings = {
		issuer: op.issuer,
		clientId: "shop",
		redirectUri,
		scope: "openid offline_access email read",
		resource: `${origin}/`,
		parameters: { prompt: "consent" },
		dpop: true,
		silent: "never",
		...options,
	};
	const open = (href = home, storage = undefined, more = {}) => {
		const page = Object.assign(machine.tab(href, storage), { indexedDB });
		return { page, login: createLogin({ ...settings, ...more }) };
	};
	const signIn = async (asked, more = {}) => {
		const out = open(home, undefined, more);
		await out.login.start(asked);
		const back = open(await op.follow(out.page.left), out.page.sessionStorage, more);
		return { ...back, out, finished: await back.login.finish() };
	};
	return { op, api, origin, indexedDB, open, signIn };
}

const proofs = ({ seen }, path) => seen.filter((one) => one.path === path && one.dpop);
const claimsOf = ({ dpop }) => decodeJwt(dpop);

/** The key of the login, as IndexedDB has it. */
const keyOf = ({ indexedDB }) => [...indexedDB.entries].find(([name]) => name.endsWith(":dpop-key"))?.[1];

test("tokens are bound to a key that nobody can export, by proofs with nonces that are asked for once", async (t) => {
	const { op, api, origin, indexedDB, signIn } = await world(t);
	const { login, finished, out } = await signIn();
	assert.equal(finished.session.claims.sub, "ada");
	assert.equal(finished.repeat, null);
	// The pushed request has learnt the nonce, and each answer brings the next one.
	const pushed = proofs(op, "/request");
	assert.deepEqual(
		pushed.map((one) => [one.status, claimsOf(one).nonce !== undefined]),
		[
			[400, false],
			[201, true],
		],
	);
	const [token, ...more] = proofs(op, "/token");
	// The page that came back has learnt none yet.
	assert.deepEqual([token.status, more.length, more[0].status], [400, 1, 200]);
	const key = keyOf({ indexedDB });
	await assert.rejects(crypto.subtle.exportKey("jwk", key.privateKey), { message: /not extractable/ });
	assert.deepEqual([key.privateKey.extractable, key.privateKey.usages], [false, ["sign"]]);
	// One key for all of it; its thumbprint is in the request, which went as it was pushed.
	const accessToken = await login.accessToken();
	const { cnf } = decodeJwt(accessToken);
	const jwks = [...pushed, token, ...more].map(({ dpop }) => decodeProtectedHeader(dpop).jwk);
	const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", key.publicKey);
	for (const jwk of jwks) assert.deepEqual(jwk, { kty, crv, x, y });
	const thumbprint = createHash("sha256").update(JSON.stringify({ crv, kty, x, y })).digest("base64url");
	assert.equal(cnf.jkt, thumbprint);
	assert.match(out.page.left, /request_uri=/);
	assert.equal((await login.fetch(`${origin}/orders?page=2#top`)).status, 200);
	const { authorization, dpop } = api.requests.at(-1);
	assert.equal(authorization, `DPoP ${accessToken}`);
	const { htm, htu, ath, iat, jti } = decodeJwt(dpop);
	assert.deepEqual([htm, htu], ["GET", `${origin}/orders`]);
	assert.equal(ath, createHash("sha256").update(accessToken).digest("base64url"));
	assert.ok(Math.abs(iat - Date.now() / 1000) < 10 && jti.length >= 16);
});

test("dpop_jkt goes with a request that is not pushed", async (t) => {
	const { op, open, indexedDB } = await world(t, { features: { pushedAuthorizationRequests: { enabled: false } } });
	const { page, login } = open();
	await login.start();
	const sent = new URL(page.left).searchParams.get("dpop_jkt");
	const back = open(await op.follow(page.left), page.sessionStorage);
	await back.login.finish();
	const { jwk } = decodeProtectedHeader(proofs(op, "/token").at(-1).dpop);
	assert.equal(
		sent,
		createHash("sha256")
			.update(JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y }))
			.digest("base64url"),
	);
	assert.ok(keyOf({ indexedDB }));
});

test("a renewal uses the same key, also after a reload", async (t) => {
	const { op, signIn, open } = await world(t, { options: { storage: "session" } });
	const { page } = await signIn();
	const [first] = proofs(op, "/token").slice(-1);
	const reloaded = open(home, page.sessionStorage);
	assert.equal((await reloaded.login.restore()).claims.sub, "ada");
	const last = proofs(op, "/token").at(-1);
	assert.notEqual(last, first);
	assert.deepEqual(decodeProtectedHeader(last.dpop).jwk, decodeProtectedHeader(first.dpop).jwk);
	const { cnf } = decodeJwt(await reloaded.login.accessToken());
	assert.ok(cnf.jkt);
});

test("a session whose key is gone ends, and needs a login: no loop, no request", async (t) => {
	for (const replaced of [false, true]) {
		const { op, signIn, open, indexedDB } = await world(t, { options: { storage: "session" } });
		const { page } = await signIn();
		indexedDB.entries.clear();
		const other = replaced && open();
		if (replaced) await other.login.start();
		const asked = proofs(op, "/token").length;
		const reloaded = open(home, page.sessionStorage);
		assert.equal(await reloaded.login.restore(), null);
		assert.equal(await refusal(() => reloaded.login.accessToken()), "login_required");
		assert.equal(await open(home, page.sessionStorage).login.restore(), null);
		assert.equal(proofs(op, "/token").length, asked, "nobody was asked");
		assert.equal([...page.sessionStorage.keys()].filter((name) => name.endsWith(":tokens")).length, 0);
	}
});

test("a login that comes back to another key is refused with the way on", async (t) => {
	const { op, open, indexedDB } = await world(t);
	const out = open();
	await out.login.start();
	indexedDB.entries.clear();
	const back = open(await op.follow(out.page.left), out.page.sessionStorage);
	const error = await back.login.finish().catch((error) => error);
	assert.equal(error.code, "dpop_key_missing");
	assert.equal(error.returnTo, home);
	assert.equal(proofs(op, "/token").length, 0);
});

test("a logout deletes the key", async (t) => {
	const { signIn, indexedDB } = await world(t);
	const { login } = await signIn();
	assert.ok(keyOf({ indexedDB }));
	await login.logout({ global: false });
	await new Promise((resolve) => setTimeout(resolve, 50));
	assert.equal(keyOf({ indexedDB }), undefined);
});

test("two tabs that make a key at once end with the same", async (t) => {
	const { op, open, indexedDB } = await world(t);
	const tabs = [open(), open(), open()];
	await Promise.all(tabs.map(({ login }) => login.start()));
	const keys = proofs(op, "/request").map(({ dpop }) => decodeProtectedHeader(dpop).jwk.x);
	const { x } = await crypto.subtle.exportKey("jwk", keyOf({ indexedDB }).publicKey);
	assert.ok(keys.length >= 3);
	assert.deepEqual(new Set(keys), new Set([x]));
});

test("a bearer token in place of a bound one is refused", async (t) => {
	const { op, open } = await world(t, { client: { dpop_bound_access_tokens: false } });
	const bearer = async (input, init) => {
		const answer = await fetch(input, init);
		if (!String(input).endsWith("/token") || answer.status !== 200) return answer;
		return Response.json({ ...(await answer.json()), token_type: "Bearer" }, { headers: answer.headers });
	};
	const out = open();
	await out.login.start();
	const back = open(await op.follow(out.page.left), out.page.sessionStorage, { fetch: bearer });
	const error = await back.login.finish().catch((error) => error);
	assert.equal(error.code, "token_response_invalid");
	assert.match(error.message, /token_type.*Bearer.*DPoP/);
	assert.equal(back.login.session, null);
});

test("a clock that is off: the proof is made again with the server's time", async (t) => {
	for (const off of [-3_600, 3_600]) {
		// A server without nonces, which refuses the proof itself.
		const { op, signIn } = await world(t, { features: { dPoP: { enabled: true } } });
		const now = () => Math.floor(Date.now() / 1000) + off;
		const { finished } = await signIn(undefined, { now });
		assert.equal(finished.session.claims.sub, "ada");
		for (const [path, status] of [
			["/request", 201],
			["/token", 200],
		]) {
			const [first, last, ...more] = proofs(op, path);
			assert.deepEqual([first.status, last.status, more.length], [400, status, 0]);
			assert.ok(Math.abs(claimsOf(first).iat - off - Date.now() / 1000) < 30);
			assert.ok(Math.abs(claimsOf(last).iat - Date.now() / 1000) < 30);
		}
	}
});

test("our guard takes the requests, and no others", async (t) => {
	const protects = ({ issuer, audience }) =>
		edge.protect({ issuer, audience, allowHttp: true, dpop: { seen: () => false } }, (_request, { claims }) =>
			Response.json({ sub: claims.sub }),
		);
	const { signIn, origin } = await world(t, { protects });
	const { login } = await signIn();
	for (const init of [undefined, { method: "POST", body: "x=1" }]) {
		const response = await login.fetch(`${origin}/orders?x`, init);
		assert.deepEqual([response.status, await response.json()], [200, { sub: "ada" }]);
	}
	const stolen = { headers: { authorization: `Bearer ${await login.accessToken()}` } };
	assert.equal((await fetch(`${origin}/orders`, stolen)).status, 401);
});

test("an API that asks for nonces is asked again once, and remembered", async (t) => {
	let nonces = 0;
	const protects = ({ issuer, audience }) => {
		let current;
		return async (request) => {
			const proof = request.headers.get("dpop");
			const { nonce } = decodeJwt(proof);
			const isCurrent = nonce !== undefined && nonce === current;
			nonces += 1;
			current = `n${nonces}`;
			const headers = { "dpop-nonce": current };
			if (!isCurrent) {
				const challenge =
					'DPoP error="use_dpop_nonce", error_description="Resource server requires nonce in DPoP proof"';
				return new Response("", { status: 401, headers: { ...headers, "www-authenticate": challenge } });
			}
			const as = { issuer, jwks_uri: `${issuer}jwks` };
			const given = { requireDPoP: true, [oauth.allowInsecureRequests]: true };
			const { sub } = await oauth.validateJwtAccessToken(as, request, audience, given);
			return Response.json({ sub }, { headers });
		};
	};
	const { signIn, api, origin } = await world(t, { protects });
	const { login } = await signIn();
	for (const [body, requests] of [
		[undefined, 2],
		["x=1", 1],
		[undefined, 1],
	]) {
		const before = api.requests.length;
		const response = await login.fetch(`${origin}/a`, { method: body ? "POST" : "GET", body });
		assert.deepEqual([response.status, await response.json()], [200, { sub: "ada" }]);
		assert.equal(api.requests.length - before, requests);
	}
	// A server that is never content is asked twice, and its answer comes out.
	api.handler = () => {
		nonces += 1;
		const headers = { "dpop-nonce": `n${nonces}`, "www-authenticate": 'DPoP error="use_dpop_nonce"' };
		return new Response("", { status: 401, headers });
	};
	const before = api.requests.length;
	assert.equal((await login.fetch(`${origin}/a`)).status, 401);
	assert.equal(api.requests.length - before, 2);
});

test("userinfo by a proof, as JSON and signed; userinfo: true puts it into the session", async (t) => {
	for (const alg of [undefined, "ES256"]) {
		const client = alg ? { userinfo_signed_response_alg: alg } : {};
		const { op, signIn, origin } = await world(t, {
			client,
			features: { resourceIndicators: { enabled: false } },
			options: { resource: undefined, origins: ["http://localhost"], userinfo: true },
		});
		assert.ok(origin);
		const { login, finished } = await signIn();
		const asked = proofs(op, "/me");
		assert.deepEqual(
			asked.map(({ status }) => status),
			[200],
			String(alg),
		);
		assert.equal(finished.session.claims.email, "ada@example.com");
		assert.equal(finished.session.claims.acr, undefined, "what is about the login comes from the ID token alone");
		assert.equal(finished.session.claims.aud, "shop");
		assert.equal((await login.userinfo()).sub, "ada");
	}
});

test("without WebCrypto or IndexedDB: a TypeError that says so, before the page is left", async (t) => {
	const { open } = await world(t);
	const { page, login } = open();
	page.indexedDB = undefined;
	await assert.rejects(login.start(), { name: "TypeError", message: /^dpop: needs WebCrypto and IndexedDB/ });
	assert.equal(page.left, undefined);
});
