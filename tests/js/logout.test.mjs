// Back-channel logout: sent by a real oidc-provider over HTTP, received here, and asked for by guards.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { after, test } from "node:test";
import { importJWK, SignJWT } from "jose";
import Provider from "oidc-provider";
import { keyPair } from "../keys.mjs";
import { edge, network, refusal, signer } from "./helpers.mjs";

const { guard, logoutReceiver, memoryReplay, memorySessions } = edge;
const API = "https://api.shop.example.com";
const EVENT = "http://schemas.openid.net/event/backchannel-logout";

async function listen(handler) {
	const server = createServer(handler).listen(0, "127.0.0.1");
	await once(server, "listening");
	after(() => server.close());
	return `http://localhost:${server.address().port}`;
}

/** A real provider, and a receiver to which it sends. */
async function world() {
	const sessions = memorySessions();
	let provider;
	let receive;
	const issuer = await listen((request, response) => provider.callback()(request, response));
	const receiver = await listen(async (request, response) => {
		const { method, headers } = request;
		const answer = await receive(new Request(`${receiver}/logout`, { method, headers, body: await text(request) }));
		response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
	});
	const { privateKey } = keyPair("ec", { namedCurve: "P-256" });
	const jwk = { ...privateKey.export({ format: "jwk" }), kid: "k", alg: "ES256", use: "sig" };
	const client = (id, more) => ({
		client_id: id,
		client_secret: "secret",
		redirect_uris: ["https://shop.example.com/callback"],
		id_token_signed_response_alg: "ES256",
		backchannel_logout_uri: `${receiver}/logout`,
		...more,
	});
	provider = new Provider(issuer, {
		clients: [client("shop", { backchannel_logout_session_required: true }), client("by-user"), client("other")],
		jwks: { keys: [jwk] },
		cookies: { keys: ["logout"] },
		features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
		// The provider asks nothing at this very machine otherwise.
		fetch: (url, { dispatcher: _guarded, ...options }) => fetch(url, options),
	});
	receive = logoutReceiver({ issuer, audience: ["shop", "by-user"], sessions, replay: memoryReplay() });
	const key = await importJWK(jwk, "ES256");
	return {
		issuer,
		sessions,
		logout: async (id, sub, sid) => (await provider.Client.find(id)).backchannelLogout(sub, sid),
		/** An access token that was issued so many seconds ago. */
		token(claims, ago = 1) {
			const now = Math.floor(Date.now() / 1000) - ago;
			return new SignJWT({ client_id: "shop", ...claims })
				.setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid: "k" })
				.setIssuer(issuer)
				.setAudience(API)
				.setIssuedAt(now)
				.setExpirationTime(now + 300)
				.setJti(randomUUID())
				.sign(key);
		},
	};
}

const requestWith = (token) => new Request(`${API}/`, { headers: { authorization: `Bearer ${token}` } });

test("oidc-provider: a logout ends the session that it names, for the guards that ask the same store", async () => {
	const { issuer, sessions, logout, token } = await world();
	const api = guard({ issuer, audience: API, revoked: sessions });
	const code = async (claims, ago) => refusal(async () => api.check(requestWith(await token(claims, ago))));
	const before = [
		await token({ sub: "ada", sid: "s" }),
		await token({ sub: "ada", sid: "t" }),
		await token({ sub: "ada" }),
		await token({ sub: "bob", sid: "u" }),
	];
	const all = () => Promise.all(before.map((token) => refusal(() => api.check(requestWith(token)))));
	assert.deepEqual(await all(), ["accepted", "accepted", "accepted", "accepted"]);
	await logout("shop", "ada", "s"); // Rejects unless it is answered with 200.
	assert.deepEqual(await all(), ["token_revoked", "accepted", "token_revoked", "accepted"]);
	assert.equal(await code({ sub: "ada", sid: "v" }), "accepted", "another session");
	await logout("by-user", "ada");
	assert.deepEqual(await all(), ["token_revoked", "token_revoked", "token_revoked", "accepted"]);
	await new Promise((resolve) => setTimeout(resolve, 1_100));
	assert.equal(await code({ sub: "ada" }, 0), "accepted", "who logs in again has a new token");
	assert.equal(await code({ sub: "ada" }, 60), "token_revoked");
});

test("oidc-provider: a logout of a client that is not ours is refused", async () => {
	const { logout } = await world();
	await assert.rejects(logout("other", "ada"), /expected 200 OK .*got: 400/);
});

// From here on logout tokens of the test's own.

const issuer = "https://op.example.com";
const start = 1_800_000_000;
const key = signer("k1");
const claimsOf = (claims) => ({
	iss: issuer,
	aud: "shop",
	iat: start,
	exp: start + 120,
	jti: randomUUID(),
	sub: "ada",
	events: { [EVENT]: {} },
	...claims,
});
const tokenOf = (claims, header = { typ: "logout+jwt" }) => key.token(claimsOf(claims), header);
const form = (token, more = {}) =>
	new Request("https://shop.example.com/logout", {
		method: "POST",
		body: new URLSearchParams({ logout_token: token }),
		...more,
	});
const receiverOf = (options = {}) =>
	logoutReceiver({
		issuer,
		audience: "shop",
		keys: key.jwk,
		now: () => start,
		sessions: memorySessions({ now: () => start }),
		...options,
	});

const REFUSED = {
	expired: [tokenOf({ exp: start }), "token_expired"],
	"of another issuer": [tokenOf({ iss: "https://evil.example" }), "issuer_mismatch"],
	"for another client": [tokenOf({ aud: "other" }), "audience_mismatch"],
	"with a nonce, as ID tokens have one": [tokenOf({ nonce: "n" }), "claim_forbidden"],
	"without events": [tokenOf({ events: undefined }), "claim_missing"],
	"with another event": [tokenOf({ events: { "http://example.com/event": {} } }), "claim_invalid"],
	"with an event that is no object": [tokenOf({ events: { [EVENT]: true } }), "claim_invalid"],
	"about nobody": [tokenOf({ sub: undefined }), "claim_missing"],
	"without jti": [tokenOf({ jti: undefined }), "claim_missing"],
	"without iat": [tokenOf({ iat: undefined }), "claim_missing"],
	"without exp": [tokenOf({ exp: undefined }), "claim_missing"],
	"of another type": [tokenOf({}, { typ: "at+jwt" }), "typ_mismatch"],
	"by another key": [signer("k1").token(claimsOf({}), { typ: "logout+jwt" }), "signature_invalid"],
	garbage: ["garbage", "token_malformed"],
};
for (const [what, [token, code]] of Object.entries(REFUSED)) {
	test(`a logout token ${what}: ${code}, and no session ends`, async () => {
		const sessions = { end: () => assert.fail("ended"), ended: () => null };
		const answer = await receiverOf({ sessions })(form(token));
		const body = await answer.json();
		assert.deepEqual([answer.status, body.error], [400, "invalid_request"]);
		assert.ok(body.error_description.startsWith(`${code}: `), body.error_description);
		assert.equal(answer.headers.get("cache-control"), "no-store");
		assert.match(answer.headers.get("content-type"), /^application\/json/);
		assert.ok(token === "garbage" || !body.error_description.includes(token));
	});
}

test("requests that carry no logout token", async () => {
	for (const request of [
		new Request("https://shop.example.com/logout"),
		new Request("https://shop.example.com/logout", { method: "POST" }),
		new Request("https://shop.example.com/logout", { method: "POST", body: "logout_token=a" }),
		form("a", {
			body: new URLSearchParams([
				["logout_token", "a"],
				["logout_token", "b"],
			]),
		}),
		form("a", { body: new URLSearchParams({ token: "a" }) }),
		form("a".repeat(2_000_000)),
	]) {
		const answer = await receiverOf()(request);
		assert.deepEqual([answer.status, (await answer.json()).error], [400, "invalid_request"]);
	}
});

test("what the stores are told", async () => {
	const told = [];
	const sessions = { end: (...all) => void told.push(all), ended: () => null };
	const replay = { use: (...all) => told.push(all) > 0 };
	const receive = receiverOf({ sessions, replay, keepFor: 600 });
	const answer = await receive(form(tokenOf({ sid: "s" })));
	assert.deepEqual([answer.status, await answer.text(), answer.headers.get("cache-control")], [200, "", "no-store"]);
	assert.equal(answer.headers.get("content-type"), null);
	const [[ended, at, until], [used, usedUntil]] = told;
	assert.deepEqual([ended.length, at, until, usedUntil], [2, start, start + 600, start + 120 + 600]);
	for (const digest of [...ended, used]) assert.match(digest, /^[\w-]{43}$/);
});

test("without now, a session has ended by the platform's clock", async () => {
	const told = [];
	const sessions = { end: (...all) => void told.push(all), ended: () => null };
	const before = Date.now() / 1000;
	const token = tokenOf({ iat: Math.floor(before), exp: Math.floor(before) + 120 });
	const answer = await receiverOf({ now: undefined, sessions, keepFor: 600 })(form(token));
	assert.equal(answer.status, 200);
	const [[, , until]] = told;
	assert.ok(until >= before + 600 && until <= Date.now() / 1000 + 600, `${until - before}`);
});

test("a clock that fails is no answer to the provider: the handler rejects with what it threw", async () => {
	const broken = new RangeError("no clock");
	const now = () => {
		throw broken;
	};
	await assert.rejects(receiverOf({ now })(form(tokenOf({}))), (error) => error === broken);
});

test("a logout token counts once, and what it ended stays as it was", async () => {
	const token = tokenOf({});
	const receive = receiverOf({ replay: memoryReplay({ now: () => start }) });
	assert.equal((await receive(form(token))).status, 200);
	const again = await receive(form(token));
	assert.deepEqual([again.status, (await again.json()).error_description.split(":")[0]], [400, "token_replayed"]);
	const without = receiverOf();
	assert.deepEqual([(await without(form(token))).status, (await without(form(token))).status], [200, 200]);
});

test("stores that fail or hang: the logout failed, and no request passes", async () => {
	const failing = () => Promise.reject(new Error("disk full"));
	const hanging = () => new Promise(() => {});
	for (const store of [failing, hanging]) {
		const answer = await receiverOf({ sessions: { end: store, ended: store }, storeTimeout: 0.05 })(form(tokenOf({})));
		const body = await answer.json();
		assert.deepEqual(
			[answer.status, body],
			[400, { error: "temporarily_unavailable", error_description: "store_unavailable" }],
		);
		const api = guard({
			issuer,
			audience: API,
			keys: key.jwk,
			now: () => start,
			revoked: { ended: store },
			storeTimeout: 0.05,
		});
		const token = key.token({ iss: issuer, aud: API, client_id: "shop", sub: "ada" }, { typ: "at+jwt" });
		const began = performance.now();
		const error = await api.check(requestWith(token)).catch((error) => error);
		assert.deepEqual([error.code, api.refuse(error).status], ["store_unavailable", 503]);
		assert.ok(performance.now() - began < 2_000);
	}
	for (const said of [true, "yesterday", {}, Number.NaN, Number.POSITIVE_INFINITY]) {
		const api = guard({ issuer, audience: API, keys: key.jwk, now: () => start, revoked: { ended: () => said } });
		const token = key.token({ iss: issuer, aud: API, client_id: "shop", sub: "ada" }, { typ: "at+jwt" });
		assert.equal(await refusal(() => api.check(requestWith(token))), "store_unavailable", String(said));
	}
});

test("keys that cannot be had: the logout failed, and may be sent again", async () => {
	const net = network({});
	const answer = await receiverOf({ keys: undefined, jwksUri: `${issuer}/jwks`, fetch: net.fetch })(form(tokenOf({})));
	assert.deepEqual([answer.status, (await answer.json()).error_description], [400, "keys_unavailable"]);
});

test("memorySessions: the later moment counts, kept as long as it was told to, and nothing is forgotten for want of room", () => {
	let time = 0;
	const sessions = memorySessions({ now: () => time });
	sessions.end(["a"], 10, 100);
	sessions.end(["a"], 5, 50);
	assert.equal(sessions.ended(["a", "b"]), 10);
	assert.equal(sessions.ended(["b"]), undefined);
	time = 100;
	assert.equal(sessions.ended(["a"]), 10);
	time = 101;
	assert.equal(sessions.ended(["a"]), undefined);
	const names = Array.from({ length: 99_999 }, (_, at) => `s${at}`);
	sessions.end(names, 1, 200);
	sessions.end(["b"], 1, 200);
	assert.throws(() => sessions.end(["c"], 1, 200), /more than 100000 sessions have ended/);
	assert.equal(sessions.ended(["s0"]), 1);
	time = 201;
	sessions.end(["c"], 1, 300);
	assert.equal(sessions.ended(["c"]), 1);
	const one = memorySessions({ maxEntries: 1 });
	one.end(["a"], 1, Number.MAX_VALUE);
	one.end(["a"], 2, Number.MAX_VALUE);
	assert.throws(() => one.end(["b"], 1, 2), /more than 1 sessions/);
	assert.throws(() => memorySessions({ maxEntries: 0 }), /^TypeError: maxEntries: expected a whole number/);
	assert.throws(() => memorySessions({ clock: Date.now }), /^TypeError: clock: unknown option/);
	assert.throws(() => memorySessions(() => 1), TypeError);
});

const receiverError = (options) => {
	try {
		logoutReceiver({ issuer, audience: "shop", keys: key.jwk, sessions: memorySessions(), ...options });
		return "none";
	} catch (error) {
		return `${error.name}: ${error.message}`;
	}
};
for (const [options, message] of [
	[{ sessions: undefined }, "sessions: required: who keeps which sessions have ended"],
	[{ sessions: {} }, "sessions: expected an object with the function end(sessions, at, until)"],
	[{ replay: () => true }, "replay: expected an object with the function use(key, until)"],
	[{ keepFor: 59 }, "keepFor: expected 60 to 31622400 seconds, at least the life of an access token"],
	[{ storeTimeout: 31 }, "storeTimeout: expected seconds from 0.05 to 30"],
	[{ audience: undefined }, "audience: required; pass null to say that it is not checked"],
	[{ keepfor: 60 }, "keepfor: unknown option; did you mean keepFor?"],
]) {
	test(`TypeError: ${message}`, () => assert.equal(receiverError(options), `TypeError: ${message}`));
}

test("guard: revoked beside verdictCache, and what is no store", () => {
	const made = (options) => () => guard({ issuer, audience: API, keys: key.jwk, ...options });
	assert.throws(made({ revoked: memorySessions(), verdictCache: { maxEntries: 1 } }), {
		name: "TypeError",
		message: "verdictCache: has no effect beside revoked, which is asked about each request",
	});
	assert.throws(made({ revoked: {} }), {
		name: "TypeError",
		message: "revoked: expected an object with the function ended(sessions)",
	});
});
