// A request that meets several guards, and guards that are made of what the platform hands over.

import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { test } from "node:test";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from "jose";
import { audience, countersign, edge, issuer, refusal, signer, start } from "./helpers.mjs";

const { guard, memoryReplay, protect } = edge;
const key = signer("k1");
const base = { issuer, audience, keys: key.jwk, now: () => start };
const typ = "at+jwt";
const bearer = (claims = {}, init = {}) => {
	const authorization = `Bearer ${key.token({ client_id: "shop", scope: "a", ...claims }, { typ })}`;
	return new Request(audience, { ...init, headers: { authorization, ...init.headers } });
};

const { privateKey, publicKey } = await generateKeyPair("ES256");
const jwk = await exportJWK(publicKey);
const cnf = { jkt: await calculateJwkThumbprint(jwk) };

/** Makes requests by one proof. */
async function proven(claims = {}) {
	const token = key.token({ client_id: "shop", scope: "a", cnf, ...claims }, { typ });
	const ath = createHash("sha256").update(token).digest("base64url");
	const dpop = await new SignJWT({ jti: randomUUID(), htm: "GET", htu: `${audience}/`, iat: start, ath })
		.setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk })
		.sign(privateKey);
	return () => new Request(audience, { headers: { authorization: `DPoP ${token}`, dpop } });
}

/** A store by either of the two options, and how often it was asked. */
function stores() {
	const known = new Map();
	let asked = 0;
	const isFirst = (name) => {
		asked++;
		return known.size < known.set(name, true).size;
	};
	return [
		[{ replay: { use: isFirst } }, () => asked],
		[{ seen: (jti) => !isFirst(jti) }, () => asked],
	];
}

test("a request that a site's guard and a route's check has used its proof once, and another request has not", async () => {
	for (const at of [0, 1]) {
		const [dpop, asked] = stores()[at];
		const site = guard({ ...base, dpop });
		const route = site.with({ scope: "a" });
		const make = await proven();
		const request = make();
		for (const one of [site, route, site]) assert.equal(await refusal(() => one.check(request)), "accepted");
		assert.equal(asked(), 1);
		assert.equal(await refusal(() => route.check(make())), "dpop_replayed");
		assert.equal(asked(), 2);
	}
});

test("a verdict that hangs on a proof is not kept: the same token needs one each time", async () => {
	const api = guard({ ...base, dpop: { replay: memoryReplay() }, verdictCache: { maxEntries: 10 } });
	const make = await proven();
	const authorization = make().headers.get("authorization");
	await api.check(make());
	assert.equal(await refusal(() => api.check(new Request(audience, { headers: { authorization } }))), "dpop_invalid");
	const error = await api.check(make()).catch((caught) => caught);
	assert.equal(error.code, "dpop_replayed");
	assert.match(error.challenge, /^DPoP error="invalid_dpop_proof"/);
});

test("what the caller's own check refuses is challenged by the scheme that the request used", async () => {
	const api = guard({ ...base, dpop: { replay: memoryReplay() }, check: () => "not you" });
	const challenge = (request) => api.check(request).catch((error) => error.challenge);
	assert.match(await challenge(bearer()), /^Bearer error="invalid_token"/);
	assert.match(await challenge((await proven())()), /^DPoP error="invalid_token"/);
});

test("another store is asked for itself, and a use that was not the first is none", async () => {
	const make = await proven();
	const [one, other] = [0, 1].map(() => {
		const replay = memoryReplay({ now: () => start });
		return guard({ ...base, dpop: { replay } });
	});
	const request = make();
	assert.equal(await refusal(() => one.check(request)), "accepted");
	assert.equal(await refusal(() => other.check(request)), "accepted");
	const again = make();
	for (const api of [one, one, other]) assert.equal(await refusal(() => api.check(again)), "dpop_replayed");
});

test("a request with another proof in the same headers object is another use", async () => {
	const [first, second] = [await proven(), await proven()];
	let asked = 0;
	const api = guard({ ...base, dpop: { replay: { use: () => ++asked > 0 } } });
	const request = { method: "GET", url: `${audience}/`, headers: first().headers };
	await api.check(request);
	await api.check(request);
	assert.equal(asked, 1);
	request.headers = second().headers;
	await api.check(request);
	assert.equal(asked, 2);
});

test("what a store says is taken by its word: true or false, and nothing like it", async () => {
	const make = await proven();
	for (const [said, code] of [
		[true, "accepted"],
		[false, "dpop_replayed"],
		[1, "store_unavailable"],
		["true", "store_unavailable"],
		[{}, "store_unavailable"],
		[null, "store_unavailable"],
	]) {
		const api = guard({ ...base, dpop: { replay: { use: async () => said } } });
		assert.equal(await refusal(() => api.check(make())), code, String(said));
	}
});

test("options from env: once for an object, once for all that is none", async () => {
	const made = [];
	const handler = protect(
		(env) => {
			made.push(env);
			return base;
		},
		() => new Response("through"),
	);
	const one = { a: 1 };
	for (const env of [undefined, null, "x", 5, one, one, { ...one }]) {
		assert.equal((await handler(bearer(), env)).status, 200);
	}
	assert.deepEqual(made, [undefined, one, one]);
	const shared = protect(
		() => ({ ...base, cors: { origin: "*" } }),
		() => new Response(),
	);
	const asked = await shared(bearer({}, { headers: { origin: "https://shop.example.com" } }));
	assert.equal(asked.headers.get("access-control-allow-origin"), "*", "what stands before a handler");
	assert.throws(() => protect(base), { name: "TypeError", message: "handler: must be a function" });
	assert.throws(() => protect({ audience }, () => {}), /^TypeError: issuer/);
});

test("what is no context of a platform is none", async () => {
	for (const context of [undefined, null, 5, "x", {}, { waitUntil: 5 }, { waitUntil() {} }]) {
		const fetch = async () => Response.json({ keys: [key.jwk] });
		const remote = { ...base, keys: undefined, jwksUri: `${issuer}/jwks`, fetch };
		const handler = protect(remote, (_request, _auth, _env, context) => Response.json(typeof context));
		const response = await handler(bearer(), undefined, context);
		assert.deepEqual([response.status, await response.json()], [200, typeof context], String(context));
	}
});

test("who called is claims, header and token, and nothing else", async () => {
	const auth = await guard(base).check(bearer());
	assert.deepEqual(Object.keys(auth).sort(), ["claims", "header", "token"]);
});

test("loadKeys fetches the keys ahead of the first request", async () => {
	let calls = 0;
	const fetch = async () => {
		calls++;
		return Response.json({ keys: [key.jwk] });
	};
	const api = guard({ ...base, keys: undefined, jwksUri: `${issuer}/jwks`, fetch });
	await api.loadKeys();
	assert.equal(calls, 1);
	assert.deepEqual(
		api.status().map(({ issuer }) => issuer),
		[issuer],
	);
	assert.equal((await api.check(bearer())).claims.client_id, "shop");
	assert.equal(calls, 1);
});

test("a mistake of the caller's own is no refusal", async () => {
	const token = () => {
		throw new RangeError("of the caller");
	};
	const api = { ...base, token };
	await assert.rejects(guard(api).check(bearer()), { name: "RangeError", message: "of the caller" });
	await assert.rejects(protect(api, () => new Response())(bearer()), { name: "RangeError" });
	const heard = [];
	const listener = (what) => void heard.push(what);
	const listening = guard({ ...base, check: () => 5, onOutcome: listener, onVerdict: listener });
	await assert.rejects(listening.check(bearer()), /^TypeError: check: must return a reason/);
	assert.deepEqual(heard, [], "nor an outcome");
});

test("refuse answers what other verifiers refused as well, the same each time", async () => {
	const { refuse, check } = guard({ ...base, realm: "shop", scope: "b" });
	const verifier = countersign.createVerifier(base);
	const expired = key.token({ exp: start });
	const error = await verifier.verify(expired).catch((caught) => caught);
	for (let times = 0; times < 2; times++) {
		const answer = refuse(error);
		assert.deepEqual([answer.status, (await answer.json()).code], [401, "token_expired"]);
		assert.match(answer.headers.get("www-authenticate"), /^Bearer realm="shop", error="invalid_token"/);
		assert.equal(answer.headers.get("cache-control"), "no-store");
		assert.equal(answer.headers.get("content-type"), "application/json; charset=utf-8");
	}
	const own = await check(bearer()).catch((caught) => caught);
	await check(bearer({ exp: start })).catch(() => {});
	const answer = refuse(own);
	assert.deepEqual([answer.status, (await answer.json()).code], [403, "insufficient_scope"]);
	assert.match(answer.headers.get("www-authenticate"), /scope="b"/);
});

test("headers: the nonce that answers carry, and nothing without nonces", () => {
	assert.deepEqual(guard(base).headers(), {});
	assert.deepEqual(guard({ ...base, dpop: { nonce: "n" } }).headers(), { "dpop-nonce": "n" });
	const refused = (dpop) => guard({ ...base, dpop }).refuse(new countersign.TokenError({ code: "token_missing" }));
	assert.equal(refused({ nonce: "n" }).headers.get("dpop-nonce"), "n");
	assert.equal(refused({}).headers.has("dpop-nonce"), false);
	const headers = guard({ ...base, dpop: { nonces: { secret: "s".repeat(32) } } }).headers();
	assert.deepEqual(Object.keys(headers), ["dpop-nonce"]);
	assert.match(headers["dpop-nonce"], /^[\x21\x23-\x5b\x5d-\x7e]+$/, "RFC 9449 §8.1");
});

test("metadata: served by protect to pages that may call, and by a guard where it is asked", async () => {
	const page = "https://shop.example.com";
	const options = { ...base, resourceMetadata: true, cors: { origin: page } };
	const place = `${audience}/.well-known/oauth-protected-resource`;
	const handler = protect(options, () => assert.fail("reached"));
	const answer = await handler(new Request(place, { headers: { origin: page } }));
	assert.deepEqual([answer.status, answer.headers.get("access-control-allow-origin")], [200, page]);
	assert.match(answer.headers.get("vary"), /Origin/);
	const api = guard({ ...base, resourceMetadata: true });
	assert.equal((await api.metadata(new Request(place)).json()).resource, audience);
	assert.equal(api.metadata(new Request(`${audience}/orders`)), undefined);
	assert.equal(guard(base).metadata(new Request(place)), undefined);
	assert.equal(api.metadata({}), undefined);
});
