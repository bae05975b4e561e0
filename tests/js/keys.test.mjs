// Remote key sets: discovered, cached, renewed with care, and never a hang.

import assert from "node:assert/strict";
import { test } from "node:test";
import { audience, countersign, issuer, json, network, refusal, signer, start } from "./helpers.mjs";

const { createVerifier } = countersign;
const jwksUri = `${issuer}/jwks`;
const metadata = () => json({ issuer, jwks_uri: jwksUri });

function setting({ keys, headers = {}, routes = {}, ...options }) {
	const state = { now: start, keys, headers, down: false };
	const net = network({
		[`${issuer}/.well-known/openid-configuration`]: metadata,
		[jwksUri]: () =>
			state.down ? new Response("", { status: 503 }) : json({ keys: state.keys }, { headers: state.headers }),
		...routes,
	});
	const verifier = createVerifier({ issuer, audience, fetch: net.fetch, now: () => state.now, ...options });
	return { state, net, verifier };
}

test("discovery: RFC 8414 first, then OpenID Connect; once for many tokens", async () => {
	const key = signer("k1");
	const { net, verifier } = setting({ keys: [key.jwk] });
	const all = await Promise.all(Array.from({ length: 50 }, () => verifier.verify(key.token())));
	assert.equal(all[0].claims.sub, "user-1");
	assert.deepEqual(net.calls, [
		`${issuer}/.well-known/oauth-authorization-server`,
		`${issuer}/.well-known/openid-configuration`,
		jwksUri,
	]);
	await verifier.verify(key.token());
	assert.equal(net.calls.length, 3);
});

test("metadata of another issuer is not believed", async () => {
	const key = signer("k1");
	const routes = {
		[`${issuer}/.well-known/oauth-authorization-server`]: () =>
			json({ issuer: "https://evil.example", jwks_uri: jwksUri }),
	};
	routes[`${issuer}/.well-known/openid-configuration`] = routes[`${issuer}/.well-known/oauth-authorization-server`];
	const { net, verifier } = setting({ keys: [key.jwk], routes });
	assert.equal(await refusal(() => verifier.verify(key.token())), "keys_unavailable");
	assert.equal(net.count("/jwks"), 0);
});

test("a flood of unknown key ids costs one request; a rotated key works after the cooldown", async () => {
	const [old, next] = [signer("old"), signer("next")];
	const { state, net, verifier } = setting({ keys: [old.jwk], jwksUri });
	await verifier.verify(old.token());
	state.now += 31;
	for (let i = 0; i < 100; i++) {
		const outcome = i === 0 ? "key_not_found" : "keys_unavailable";
		assert.equal(await refusal(() => verifier.verify(old.token({}, { kid: `x${i}` }))), outcome);
	}
	assert.equal(net.calls.length, 2);
	state.keys = [next.jwk];
	assert.equal(await refusal(() => verifier.verify(next.token())), "keys_unavailable", "nobody knows yet");
	state.now += 31;
	await verifier.verify(next.token());
	assert.equal(net.calls.length, 3);
	assert.equal(await refusal(() => verifier.verify(old.token())), "key_not_found", "a removed key stops verifying");
});

test("max-age: a fresh set is kept, a stale one renewed, and used on while its server is down", async () => {
	const [key, other] = [signer("k1"), signer("k1")];
	const { state, net, verifier } = setting({
		keys: [key.jwk],
		jwksUri,
		headers: { "cache-control": "public, max-age=120" },
	});
	await verifier.verify(key.token());
	state.now += 100;
	await verifier.verify(key.token());
	assert.equal(net.calls.length, 1);
	state.down = true;
	state.now += 100;
	await verifier.verify(key.token());
	assert.equal(net.calls.length, 2, "tried, and the old keys served");
	state.down = false;
	state.keys = [other.jwk];
	state.now += 60;
	await verifier.verify(key.token()); // The keys are renewed behind it, while they are known not to be renewable.
	await new Promise(setImmediate);
	assert.equal(await refusal(() => verifier.verify(key.token())), "signature_invalid", "replaced under the same kid");
	await verifier.verify(other.token());
});

test("a key set too old to serve is refused when its server stays down", async () => {
	const key = signer("k1");
	const { state, verifier } = setting({ keys: [key.jwk], jwksUri });
	await verifier.verify(key.token());
	state.down = true;
	state.now += 3 * 86_400;
	assert.equal(await refusal(() => verifier.verify(key.token({ exp: state.now + 60 }))), "keys_unavailable");
});

test("without keys: the cause is told, and the next call tries again", async () => {
	const key = signer("k1");
	const { state, verifier } = setting({ keys: [key.jwk], jwksUri });
	state.down = true;
	await assert.rejects(verifier.verify(key.token()), (error) => {
		assert.equal(error.code, "keys_unavailable");
		assert.match(error.message, /503.*auth\.example\.com\/jwks/);
		assert.equal(error.status, 503);
		return true;
	});
	state.down = false;
	await verifier.verify(key.token());
});

test("verifySync: keys_not_loaded until loadKeys", async () => {
	const key = signer("k1");
	const { verifier } = setting({ keys: [key.jwk], jwksUri });
	assert.equal(await refusal(() => verifier.verifySync(key.token())), "keys_not_loaded");
	await verifier.loadKeys();
	assert.equal(verifier.verifySync(key.token()).claims.sub, "user-1");
});

test("answers without end and without size are given up", { timeout: 20_000 }, async () => {
	const key = signer("k1");
	const hangs = { [jwksUri]: () => new Promise(() => {}) };
	assert.equal(
		await refusal(() => setting({ jwksUri, routes: hangs }).verifier.verify(key.token())),
		"keys_unavailable",
	);
	const drips = { [jwksUri]: () => new Response(new ReadableStream({ pull: () => new Promise(() => {}) })) };
	assert.equal(
		await refusal(() => setting({ jwksUri, routes: drips }).verifier.verify(key.token())),
		"keys_unavailable",
	);
	const floods = {
		[jwksUri]: () =>
			new Response(new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(65_536).fill(32)) })),
	};
	assert.equal(
		await refusal(() => setting({ jwksUri, routes: floods }).verifier.verify(key.token())),
		"keys_unavailable",
	);
});

test("a cache of one's own spares the request, and its failures cost no verdict", async () => {
	const key = signer("k1");
	const kept = new Map();
	const cache = { get: async (url) => kept.get(url), set: async (url, entry) => void kept.set(url, entry) };
	const first = setting({ keys: [key.jwk], jwksUri, cache });
	await first.verifier.verify(key.token());
	const second = setting({ keys: [key.jwk], jwksUri, cache });
	await second.verifier.verify(key.token());
	assert.deepEqual([first.net.calls.length, second.net.calls.length], [1, 0]);
	const broken = { get: () => Promise.reject(new Error("down")), set: () => Promise.reject(new Error("down")) };
	await setting({ keys: [key.jwk], jwksUri, cache: broken }).verifier.verify(key.token());
});

test("several issuers: each with its own keys", async () => {
	const [one, two] = [signer("k"), signer("k")];
	const other = "https://other.example.com";
	const net = network({
		[`${issuer}/.well-known/oauth-authorization-server`]: metadata,
		[jwksUri]: () => json({ keys: [one.jwk] }),
		[`${other}/.well-known/oauth-authorization-server`]: () => json({ issuer: other, jwks_uri: `${other}/jwks` }),
		[`${other}/jwks`]: () => json({ keys: [two.jwk] }),
	});
	const verifier = createVerifier({ issuer: [issuer, other], audience, fetch: net.fetch, now: () => start });
	await verifier.verify(one.token());
	await verifier.verify(two.token({ iss: other }));
	assert.equal(await refusal(() => verifier.verify(one.token({ iss: other }))), "signature_invalid");
	assert.equal(await refusal(() => verifier.verify(one.token({ iss: "https://third.example" }))), "issuer_mismatch");
});

test("a token that names another issuer is worth no request", async () => {
	const [key, stranger] = [signer("k1"), signer("k2")];
	const { state, net, verifier } = setting({ keys: [key.jwk], jwksUri });
	await verifier.verify(key.token());
	state.now += 60;
	assert.equal(await refusal(() => verifier.verify(stranger.token({ iss: "https://evil.example" }))), "key_not_found");
	assert.equal(net.calls.length, 1);
	assert.equal(await refusal(() => verifier.verify(stranger.token())), "key_not_found");
	assert.equal(net.calls.length, 2);
});

test("a published key that is malformed: its token is told why, and so are status and explain", async () => {
	const [key, broken] = [signer("k1"), signer("k2")];
	const { verifier } = setting({ keys: [key.jwk, { ...broken.jwk, crv: "P-999" }], jwksUri });
	await assert.rejects(verifier.verify(broken.token()), ({ code, found }) => {
		assert.equal(code, "key_not_found");
		assert.match(found, /^key_invalid \(crv\) in the published key k2/);
		return true;
	});
	const { checks } = await verifier.explain(broken.token());
	assert.match(checks.find(({ status }) => status === "failed").found, /^key_invalid \(crv\) in the published key k2/);
	const [{ state, keys, dropped, lastError, nextAttempt }] = verifier.status();
	assert.deepEqual([state, keys, lastError], ["fresh", [{ kid: "k1", alg: "ES256" }], null]);
	assert.deepEqual([dropped[0].kid, dropped[0].reason.code, dropped[0].reason.claim], ["k2", "key_invalid", "crv"]);
	assert.ok(nextAttempt > 590 && nextAttempt <= 599.5, nextAttempt);
});

test("onKeys hears of each turn in the life of a key set", async () => {
	const told = [];
	const [one, two] = [signer("k1"), signer("k2")];
	const onKeys = (event) => {
		told.push([event.type, event.issuer, event.keys, event.error?.code]);
		throw new Error("by the listener");
	};
	const errors = [];
	const { error } = console;
	console.error = (...args) => errors.push(args);
	try {
		const { state, verifier } = setting({ keys: [one.jwk], jwksUri, onKeys });
		const token = () => one.token({ exp: state.now + 60, iat: state.now });
		await verifier.verify(token());
		state.now += 600;
		state.keys = [one.jwk, two.jwk];
		await verifier.verify(token());
		await new Promise(setImmediate);
		state.down = true;
		state.now += 1000;
		await verifier.verify(token());
		await new Promise(setImmediate);
		await verifier.verify(token());
		await new Promise(setImmediate);
		state.now += 86_400;
		assert.equal(await refusal(() => verifier.verify(token())), "keys_unavailable");
	} finally {
		console.error = error;
	}
	const types = told.map(([type]) => type);
	assert.deepEqual(types.slice(0, 3), ["fetched", "rotated", "failed"]);
	assert.ok(types.includes("stale") && types.includes("too-old"), types.join());
	assert.deepEqual(told[1], ["rotated", issuer, 2, undefined]);
	assert.equal(told[2][3], "keys_unavailable");
	assert.equal(errors.length, told.length);
});
