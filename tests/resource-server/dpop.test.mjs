// DPoP over real HTTP: what RFC 9449 refuses, by name and challenge; and nonces, with oauth4webapi as the client.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as oauth from "oauth4webapi";
import { edge } from "../js/helpers.mjs";
import { accessToken, base, holder } from "./material.mjs";
import { serve } from "./server.mjs";

const { memoryReplay, protect } = edge;
const greet = (_request, auth) => new Response(`hello ${auth?.claims.sub}`);
const secret = "0123456789abcdef0123456789abcdef";
const page = "https://shop.example";
const seconds = () => Math.floor(Date.now() / 1000);

const [one, other] = [await holder(), await holder()];
const bound = await accessToken({ cnf: one.cnf });
const plain = await accessToken();

async function ask(url, headers, method = "GET") {
	const response = await fetch(url, { method, headers });
	const body = await response.text();
	return {
		status: response.status,
		code: body.startsWith("{") ? JSON.parse(body).code : body,
		challenge: response.headers.get("www-authenticate"),
		nonce: response.headers.get("dpop-nonce"),
		exposed: response.headers.get("access-control-expose-headers"),
	};
}

/** RFC 9449 §4.3, its checks in order; §7.1 and §7.2: which error, by which scheme. */
test("what RFC 9449 refuses", async () => {
	const origin = await serve(protect({ ...base, dpop: { replay: memoryReplay() } }, greet));
	const url = `${origin}/purchases`;
	const send = (token, proof, scheme = "DPoP") =>
		ask(`${url}?page=2`, { authorization: `${scheme} ${token}`, ...(proof && { dpop: proof }) });
	const good = await one.proof(bound, url);
	assert.deepEqual(await send(bound, good), {
		status: 200,
		code: "hello user-1",
		challenge: null,
		nonce: null,
		exposed: null,
	});
	const table = {
		"no proof": ["dpop_invalid", bound, undefined],
		"no JWT": ["token_malformed", bound, "x"],
		"two proofs": ["dpop_invalid", bound, `${await one.proof(bound, url)}, ${await one.proof(bound, url)}`],
		"no jti": ["claim_missing", bound, await one.proof(bound, url, { jti: undefined })],
		"a long jti": ["dpop_invalid", bound, await one.proof(bound, url, { jti: "j".repeat(257) })],
		"another method": ["dpop_method_mismatch", bound, await one.proof(bound, url, { htm: "POST" })],
		"another path": ["dpop_url_mismatch", bound, await one.proof(bound, `${url}/1`)],
		"another origin": ["dpop_url_mismatch", bound, await one.proof(bound, "https://evil.example/purchases")],
		"too old": ["dpop_expired", bound, await one.proof(bound, url, { iat: seconds() - 62 })],
		"too new": ["dpop_expired", bound, await one.proof(bound, url, { iat: seconds() + 65 })],
		"another token's": ["dpop_token_mismatch", bound, await one.proof(plain, url)],
		"no ath": ["claim_missing", bound, await one.proof(bound, url, { ath: undefined })],
		"another key": ["dpop_key_mismatch", bound, await other.proof(bound, url)],
		"a token bound to no key": ["dpop_key_mismatch", plain, await one.proof(plain, url)],
		"a proof again": ["dpop_replayed", bound, good],
	};
	for (const [what, [code, token, proof]] of Object.entries(table)) {
		const answer = await send(token, proof);
		assert.deepEqual([answer.status, answer.code], [401, code], what);
		assert.match(answer.challenge, /^DPoP error="invalid_dpop_proof", .*algs="[^"]*ES256/, what);
		assert.equal(answer.nonce, null, `${what}: nobody asks for a nonce`);
	}
	const stolen = await send(bound, undefined, "Bearer");
	assert.deepEqual([stolen.status, stolen.code], [401, "token_bound"]);
	assert.match(stolen.challenge, /^DPoP error="invalid_token"/);
	const missing = await ask(url, {});
	assert.match(missing.challenge, /^Bearer\b.*, DPoP algs="/);
});

test("addresses that mean the same pass, also behind a proxy", async () => {
	const origin = await serve(protect({ ...base, dpop: "allowed" }, greet));
	const { port } = new URL(origin);
	for (const htu of [`${origin}/purchases#x`, `${origin}/a/../purchases`, `HTTP://127.0.0.1:${port}/%70urchases?b`]) {
		const headers = { authorization: `DPoP ${bound}`, dpop: await one.proof(bound, htu) };
		assert.equal((await ask(`${origin}/purchases`, headers)).status, 200, htu);
	}
	const publicOrigin = "https://api.example.com";
	const behind = await serve(protect({ ...base, publicOrigin, dpop: "allowed" }, greet));
	for (const [htu, status] of [
		["https://api.example.com/purchases", 200],
		["https://api.example.com:/purchases", 200],
		["https://API.example.com:443/purchases", 200],
		[`${behind}/purchases`, 401],
	]) {
		const headers = { authorization: `DPoP ${bound}`, dpop: await one.proof(bound, htu) };
		assert.equal((await ask(`${behind}/purchases`, headers)).status, status, htu);
	}
});

test("required: no token passes without a proof, and DPoP alone is offered", async () => {
	for (const dpop of ["required", { mode: "required" }]) {
		const origin = await serve(
			protect({ ...base, dpop, resourceMetadata: true, resource: "https://api.example.com" }, greet),
		);
		for (const [code, headers, error] of [
			["token_unbound", { authorization: `Bearer ${plain}` }, 'error="invalid_token"'],
			["token_bound", { authorization: `Bearer ${bound}` }, 'error="invalid_token"'],
			["token_missing", {}, "resource_metadata="],
			["signature_missing", { authorization: `Bearer ${plain.replace(/[^.]*$/, "")}` }, 'error="invalid_token"'],
		]) {
			const answer = await ask(origin, headers);
			assert.deepEqual([answer.status, answer.code], [401, code]);
			assert.ok(answer.challenge.startsWith(`DPoP ${error}`), answer.challenge);
			assert.doesNotMatch(answer.challenge, /, Bearer\b/);
		}
		const headers = { authorization: `DPoP ${bound}`, dpop: await one.proof(bound, `${origin}/`) };
		assert.equal((await ask(origin, headers)).status, 200);
		const metadata = await (await fetch(`${origin}/.well-known/oauth-protected-resource`)).json();
		assert.equal(metadata.dpop_bound_access_tokens_required, true);
	}
});

test("nonces: oauth4webapi repeats its first request, and none after that", async () => {
	let now = Date.now() / 1000;
	const options = { ...base, now: () => now, cors: { origin: page }, dpop: { nonces: { secret, window: 20 } } };
	const origin = await serve(protect(options, greet));
	const keys = await oauth.generateKeyPair("ES256", { extractable: true });
	const handle = oauth.DPoP({ client_id: "shop" }, keys);
	const token = await accessToken({ cnf: { jkt: await handle.calculateThumbprint() } });
	const call = () =>
		oauth.protectedResourceRequest(token, "GET", new URL(`${origin}/purchases`), new Headers({ origin: page }), null, {
			DPoP: handle,
			[oauth.allowInsecureRequests]: true,
		});
	await assert.rejects(call(), (error) => {
		assert.ok(oauth.isDPoPNonceError(error));
		assert.match(error.response.headers.get("access-control-expose-headers"), /WWW-Authenticate, DPoP-Nonce/);
		return true;
	});
	const nonces = new Set();
	// Each answer has the nonce of its time: a client that calls often enough never repeats a request.
	for (let calls = 0; calls < 6; calls++) {
		const response = await call();
		assert.equal(response.status, 200);
		assert.match(response.headers.get("access-control-expose-headers"), /DPoP-Nonce/);
		nonces.add(response.headers.get("dpop-nonce"));
		now += 9;
	}
	assert.ok(nonces.size >= 3 && nonces.size <= 4, `${nonces.size} nonces in 45 seconds`);
});

test("nonces are this secret's, and of two windows", async () => {
	let now = 1_800_000_000;
	const start = now;
	const guarded = (secret) =>
		protect({ ...base, keys: base.keys, now: () => now, dpop: { nonces: { secret, window: 60 } } }, greet);
	const long = await accessToken({ cnf: one.cnf, iat: start, exp: start + 1000 });
	const [first, same, stranger] = [secret, new TextEncoder().encode(secret), `${secret.slice(1)}x`].map(guarded);
	const url = "https://api.example.com/";
	const send = async (handler, nonce) => {
		const dpop = await one.proof(long, url, { iat: now, ...(nonce && { nonce }) });
		const response = await handler(new Request(url, { headers: { authorization: `DPoP ${long}`, dpop } }));
		return [
			response.status,
			response.headers.get("www-authenticate")?.slice(0, 27),
			response.headers.get("dpop-nonce"),
		];
	};
	const [status, challenge, nonce] = await send(first);
	assert.deepEqual([status, challenge], [401, 'DPoP error="use_dpop_nonce"']);
	assert.deepEqual(await send(same, nonce), [200, undefined, nonce], "another process with the same secret");
	const [refused, again, theirs] = await send(stranger, nonce);
	assert.deepEqual([refused, again], [401, 'DPoP error="use_dpop_nonce"']);
	assert.notEqual(theirs, nonce);
	const end = start - (start % 60) + 120;
	now = end - 1;
	assert.equal((await send(first, nonce))[0], 200, "in the next window");
	now = end;
	assert.equal((await send(first, nonce))[0], 401, "in the one after");
	for (const [option, wrong] of [
		["secret", { secret: secret.slice(1) }],
		["secret", { secret: new Uint8Array(31) }],
		["secret", {}],
		["secret", { secret: 1 }],
		["window", { secret, window: 9 }],
		["window", { secret, window: 3601 }],
		["windows", { secret, windows: 1 }],
	]) {
		assert.throws(
			() => protect({ ...base, dpop: { nonces: wrong } }, greet),
			(error) => {
				assert.ok(error instanceof TypeError && error.message.startsWith(`dpop.nonces.${option}: `), error.message);
				assert.doesNotMatch(error.message, /0123456789/);
				return true;
			},
		);
	}
	assert.throws(
		() => protect({ ...base, dpop: { nonce: "n", nonces: { secret } } }, greet),
		/^TypeError: dpop\.nonce: /,
	);
	for (const dpop of ["", "require", { mode: "must" }]) {
		assert.throws(() => protect({ ...base, dpop }, greet), /^TypeError: dpop(\.mode)?: expected allowed or required/);
	}
});
