// Opaque tokens at the guard: the real server, crowds, hostile answers, and what becomes of answers in time.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { countersign, edge, json, network, refusal, signer } from "./helpers.mjs";
import { API, clientKey, SECRET, startIntrospectingServer } from "./introspection-kit.mjs";

const { guard, protect } = edge;
const server = await startIntrospectingServer();
after(() => server.close());

const requestWith = (token, scheme = "Bearer", headers = {}) =>
	new Request(`${API}/orders`, { headers: { authorization: `${scheme} ${token}`, ...headers } });
const clients = {
	"client_secret_basic, with characters that need encoding": { clientId: "orders:api", clientSecret: SECRET },
	client_secret_post: { clientId: "by-form", clientSecret: SECRET, clientAuthentication: "client_secret_post" },
	private_key_jwt: { clientId: "by-key", privateKey: clientKey },
	"signed answers": { clientId: "signed", clientSecret: SECRET, signedAnswers: true },
};
const own = clients["client_secret_basic, with characters that need encoding"];
const guardOf = (introspection, options = {}) =>
	guard({
		issuer: server.issuer,
		audience: API,
		tokens: "opaque",
		introspection: { ...own, ...introspection },
		...options,
	});

for (const [how, introspection] of Object.entries(clients)) {
	test(`oidc-provider, ${how}: a token passes with what the server says, and a revoked one does not`, async () => {
		const api = guard({
			issuer: server.issuer,
			audience: API,
			scope: "orders:read",
			tokens: "opaque",
			introspection: { ...introspection, cacheFor: 0 },
		});
		const token = await server.token();
		assert.doesNotMatch(token, /\./);
		const auth = await api.check(requestWith(token));
		assert.deepEqual([auth.claims.client_id, auth.claims.aud, auth.token], ["shop", API, token]);
		assert.deepEqual(auth.header, { alg: "" });
		assert.equal(await refusal(() => api.check(requestWith(`${token}x`))), "token_inactive");
		await server.revoke(token);
		assert.equal(await refusal(() => api.check(requestWith(token))), "token_inactive");
	});
}

test("oidc-provider: the same demands as of a JWT", async () => {
	const token = await server.token();
	for (const [options, code] of [
		[{ scope: "orders:write" }, "insufficient_scope"],
		[{ audience: "https://other.example.com" }, "audience_mismatch"],
		[{ subject: "ada" }, "claim_missing"],
		[{ requiredClaims: ["exp", "jti"] }, "claim_missing"],
		[{ authorizedParty: "till" }, "authorized_party_mismatch"],
		[{ claims: { client_id: "till" } }, "claim_refused"],
		[{ check: () => "not today" }, "claim_refused"],
		[{ authorizedParty: "shop", claims: { client_id: "shop" } }, "accepted"],
	]) {
		assert.equal(await refusal(() => guardOf({}, options).check(requestWith(token))), code, JSON.stringify(options));
	}
	const routes = guardOf({});
	assert.equal(
		await refusal(() => routes.with({ scope: "orders:write" }).check(requestWith(token))),
		"insufficient_scope",
	);
});

test("oidc-provider: wrong credentials of our own are told apart, and are no word about the token", async () => {
	const token = await server.token();
	for (const introspection of [
		{ ...own, clientSecret: "wrong" },
		{ ...own, clientId: "nobody" },
		{
			clientId: "by-key",
			privateKey: await exportJWK((await generateKeyPair("ES256", { extractable: true })).privateKey),
		},
	]) {
		const api = guard({ issuer: server.issuer, audience: API, tokens: "opaque", introspection });
		const error = await api.check(requestWith(token)).catch((error) => error);
		assert.equal(error.code, "introspection_unauthorized", error.message);
		const answer = api.refuse(error);
		const text = await answer.text();
		assert.deepEqual([answer.status, answer.headers.get("www-authenticate")], [503, null]);
		assert.ok(
			!text.includes("invalid_client") && !error.message.includes(token) && !error.message.includes(SECRET),
			text,
		);
	}
});

test("oidc-provider: 500 requests at once for one token, one call", async () => {
	const api = guardOf({});
	const routes = [api, api.with({ scope: "orders:read" })];
	const token = await server.token();
	const [calls, documents] = [server.count("/token/introspection"), server.count("/.well-known")];
	const came = await Promise.all(Array.from({ length: 500 }, (_, at) => routes[at % 2].check(requestWith(token))));
	assert.equal(came.length, 500);
	assert.equal(server.count("/token/introspection") - calls, 1);
	assert.ok(server.count("/.well-known") - documents <= 2);
	came[0].claims.client_id = "changed";
	assert.equal((await api.check(requestWith(token))).claims.client_id, "shop", "nobody changes another's claims");
	assert.equal(server.count("/token/introspection") - calls, 1);
	// Not for a token that nobody knows, either.
	const refused = await Promise.all(
		Array.from({ length: 500 }, () => refusal(() => api.check(requestWith("unknown")))),
	);
	assert.deepEqual([...new Set(refused)], ["token_inactive"]);
	assert.equal(server.count("/token/introspection") - calls, 2);
});

test("oidc-provider: with cacheFor 0, who asks at once shares one call, who comes later does not", async () => {
	const api = guardOf({ cacheFor: 0 });
	const token = await server.token();
	const calls = server.count("/token/introspection");
	for (const expected of [1, 2]) {
		await Promise.all(Array.from({ length: 500 }, () => api.check(requestWith(token))));
		assert.equal(server.count("/token/introspection") - calls, expected);
	}
});

test("oidc-provider: a token that is bound by DPoP needs its proof", async () => {
	const { publicKey, privateKey } = await generateKeyPair("ES256");
	const jwk = await exportJWK(publicKey);
	const proofFor = async (htm, htu, more = {}) =>
		new SignJWT({ htm, htu, jti: crypto.randomUUID(), ...more })
			.setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk })
			.setIssuedAt()
			.sign(privateKey);
	const token = await server.token({ headers: { dpop: await proofFor("POST", `${server.issuer}/token`) } });
	const api = guardOf({});
	assert.equal(await refusal(() => api.check(requestWith(token))), "token_bound");
	assert.equal(await refusal(() => api.check(requestWith(token, "DPoP"))), "dpop_invalid");
	const hash = Buffer.from(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token)));
	const proof = await proofFor("GET", `${API}/orders`, { ath: hash.toString("base64url") });
	assert.equal((await api.check(requestWith(token, "DPoP", { dpop: proof }))).claims.cnf.jkt.length, 43);
	const other = await proofFor("GET", `${API}/orders`, { ath: "x" });
	assert.equal(await refusal(() => api.check(requestWith(token, "DPoP", { dpop: other }))), "dpop_token_mismatch");
});

// From here on a server that says what the test wants.

const issuer = "https://as.example.com";
const now = () => 1_800_000_000;
const good = { active: true, iss: issuer, aud: API, exp: now() + 300, sub: "ada", client_id: "shop", scope: "a" };
const text = (body, type = "application/json", status = 200) =>
	new Response(body, { status, headers: type ? { "content-type": type } : {} });

/** A guard whose server answers by `answer`, a function of the request. */
function hostile(answer, introspection = {}, options = {}) {
	const net = network({
		[`${issuer}/.well-known/oauth-authorization-server`]: () =>
			json({ issuer, introspection_endpoint: `${issuer}/introspect`, jwks_uri: `${issuer}/jwks` }),
		[`${issuer}/jwks`]: () => json({ keys: [key.jwk] }),
		[`${issuer}/introspect`]: answer,
	});
	const client = { clientId: "api", clientSecret: "secret", ...introspection };
	const base = { issuer, audience: API, tokens: "opaque", now, fetch: net.fetch, introspection: client };
	return { net, api: guard({ ...base, ...options }), options: { ...base, ...options } };
}
const key = signer("k1");
const many = "a".repeat(17_000);

const HOSTILE = {
	"not active": [() => json({ active: false }), "token_inactive"],
	"not active, and everything else as it should be": [() => json({ ...good, active: false }), "token_inactive"],
	"active as a text": [() => json({ ...good, active: "true" }), "introspection_response_invalid"],
	"active as the text false": [() => json({ ...good, active: "false" }), "introspection_response_invalid"],
	"active as a number": [() => json({ ...good, active: 1 }), "introspection_response_invalid"],
	"active: null": [() => json({ ...good, active: null }), "introspection_response_invalid"],
	"without active": [() => json({ ...good, active: undefined }), "introspection_response_invalid"],
	"active twice": [() => text(`{"active":false,${JSON.stringify(good).slice(1)}`), "introspection_response_invalid"],
	"a member twice": [() => text(`{"aud":"x",${JSON.stringify(good).slice(1)}`), "introspection_response_invalid"],
	"an empty body": [() => text(""), "introspection_response_invalid"],
	"an array": [() => json([good]), "introspection_response_invalid"],
	"text behind the JSON": [() => text(`${JSON.stringify(good)} x`), "introspection_response_invalid"],
	"a page": [() => text("<!doctype html><title>Log in</title>", "text/html"), "introspection_response_invalid"],
	"JSON as a page": [() => text(JSON.stringify(good), "text/html"), "introspection_response_invalid"],
	"without a type": [
		() => text(new TextEncoder().encode(JSON.stringify(good)), null),
		"introspection_response_invalid",
	],
	"too long": [() => json({ ...good, more: many }), "introspection_response_invalid"],
	"longer than anything is read": [() => text("a".repeat(2_000_000)), "introspection_failed"],
	"no UTF-8": [() => text(new Uint8Array([0x7b, 0xff, 0x7d])), "introspection_failed"],
	"token_type of another kind": [() => json({ ...good, token_type: "refresh_token" }), "typ_mismatch"],
	"token_type as a list": [() => json({ ...good, token_type: ["Bearer"] }), "introspection_response_invalid"],
	"DPoP without its key": [() => json({ ...good, token_type: "DPoP" }), "introspection_response_invalid"],
	"bound to a key": [() => json({ ...good, cnf: { jkt: "T" } }), "token_bound"],
	"bound to a certificate": [() => json({ ...good, cnf: { "x5t#S256": "T" } }), "token_bound"],
	"cnf as a text": [() => json({ ...good, cnf: "T" }), "claim_invalid"],
	"of another issuer": [() => json({ ...good, iss: "https://other.example.com" }), "issuer_mismatch"],
	"an issuer that is no text": [() => json({ ...good, iss: null }), "claim_invalid"],
	"for another API": [() => json({ ...good, aud: "https://other.example.com" }), "audience_mismatch"],
	"for nobody": [() => json({ ...good, aud: undefined }), "claim_missing"],
	"an audience of numbers": [() => json({ ...good, aud: [1] }), "claim_invalid"],
	expired: [() => json({ ...good, exp: now() }), "token_expired"],
	"exp as a text": [() => json({ ...good, exp: String(now() + 300) }), "claim_invalid"],
	"without exp": [() => json({ ...good, exp: undefined }), "claim_missing"],
	"not valid yet": [() => json({ ...good, nbf: now() + 60 }), "token_not_yet_valid"],
	"without the scope": [() => json({ ...good, scope: "b" }), "insufficient_scope"],
	"a scope of numbers": [() => json({ ...good, scope: [1] }), "claim_invalid"],
	"status 201": [() => json(good, { status: 201 }), "introspection_failed"],
	"status 204": [() => new Response(null, { status: 204 }), "introspection_failed"],
	"status 400": [() => json({ error: "invalid_request" }, { status: 400 }), "introspection_failed"],
	"status 401": [() => json(good, { status: 401 }), "introspection_unauthorized"],
	"status 403": [() => json(good, { status: 403 }), "introspection_unauthorized"],
	"invalid_client with status 400": [
		() => json({ error: "invalid_client" }, { status: 400 }),
		"introspection_unauthorized",
	],
	"about a kind of token that the server knows nothing of": [
		() => json({ error: "unsupported_token_type" }, { status: 400 }),
		"token_inactive",
	],
	"status 404": [() => text("", null, 404), "introspection_failed"],
	"status 429": [() => json(good, { status: 429 }), "introspection_failed"],
	"status 500": [() => json(good, { status: 500 }), "introspection_failed"],
	"a redirect": [
		() => new Response(null, { status: 302, headers: { location: "https://evil.example" } }),
		"introspection_failed",
	],
	"a connection that breaks": [() => Promise.reject(new TypeError("fetch failed")), "introspection_failed"],
	"a signed answer that is none": [
		() => text("a.b.c", "application/token-introspection+jwt"),
		"introspection_response_invalid",
	],
	"an access token as a signed answer": [
		() => text(key.token({ iss: issuer, aud: "api" }, { typ: "at+jwt" }), "application/token-introspection+jwt"),
		"introspection_response_invalid",
	],
};
for (const [what, [answer, code]] of Object.entries(HOSTILE)) {
	test(`an answer that is ${what}: ${code}`, async () => {
		const { options } = hostile(answer, {}, { scope: "a" });
		let called = 0;
		const handler = protect(options, () => {
			called++;
			return new Response("through");
		});
		const response = await handler(requestWith("opaque-token"));
		const body = await response.json();
		assert.deepEqual([body.code, called], [code, 0]);
		const isOutage = code.startsWith("introspection_");
		assert.equal(response.status, isOutage ? 503 : code === "insufficient_scope" ? 403 : 401);
		assert.equal(response.headers.has("www-authenticate"), !isOutage);
		assert.equal(response.headers.has("retry-after"), isOutage);
		assert.ok(!JSON.stringify(body).includes("opaque-token"));
	});
}

test("an answer that names no issuer: it is that of the one that was asked, unless the caller wants to read it", async () => {
	const answer = () => json({ ...good, iss: undefined });
	const { claims } = await hostile(answer).api.check(requestWith("opaque-token"));
	assert.deepEqual([claims.sub, claims.iss], [good.sub, undefined]);
	const strict = hostile(answer, {}, { requiredClaims: ["iss"] }).api;
	await assert.rejects(strict.check(requestWith("opaque-token")), { code: "claim_missing", claim: "iss" });
});

test("what is asked, and how", async () => {
	const seen = [];
	const { api } = hostile(async (request) => {
		seen.push([request.method, Object.fromEntries(request.headers), await request.text()]);
		return json(good);
	});
	await api.check(requestWith("a+b/c~=="));
	assert.deepEqual(seen, [
		[
			"POST",
			{
				accept: "application/json",
				authorization: `Basic ${Buffer.from("api:secret").toString("base64")}`,
				"content-type": "application/x-www-form-urlencoded",
			},
			"token=a%2Bb%2Fc%7E%3D%3D&token_type_hint=access_token",
		],
	]);
});

test("nothing is asked about what is no token, or none that this server gave", async () => {
	const { api, net } = hostile(() => json(good));
	assert.equal(await refusal(() => api.check(requestWith("a b"))), "token_malformed");
	assert.equal(await refusal(() => api.check(requestWith("a".repeat(17_000)))), "token_too_large");
	assert.equal(await refusal(() => api.check(new Request(API))), "token_missing");
	assert.deepEqual(net.calls, []);
});

test("a server that hangs: everybody is answered in time", async () => {
	const { api } = hostile(() => new Promise(() => {}), { timeout: 0.2 });
	const began = performance.now();
	const codes = await Promise.all(Array.from({ length: 20 }, () => refusal(() => api.check(requestWith("t")))));
	assert.deepEqual([...new Set(codes)], ["introspection_failed"]);
	assert.ok(performance.now() - began < 3000);
});

test("answers grow old by time, and the last one counts", async (t) => {
	t.mock.timers.enable({ apis: ["Date"], now: 1_800_000_000_000 });
	let answer = good;
	const { api, net } = hostile(() => json(answer));
	const check = (expected, calls, why) =>
		refusal(() => api.check(requestWith("t"))).then((code) => {
			assert.deepEqual([code, net.count("/introspect")], [expected, calls], why);
		});
	await check("accepted", 1);
	answer = { active: false };
	t.mock.timers.tick(29_999);
	await check("accepted", 1, "an answer serves for 30 seconds");
	t.mock.timers.tick(1);
	await check("token_inactive", 2);
	answer = good;
	t.mock.timers.tick(4_999);
	await check("token_inactive", 2, "for 5, if it says no");
	t.mock.timers.tick(1);
	await check("accepted", 3);
	answer = undefined;
	t.mock.timers.tick(30_000);
	await check("introspection_response_invalid", 4);
	await check("introspection_response_invalid", 4, "for one, if it is none");
	t.mock.timers.tick(1_000);
	await check("introspection_response_invalid", 5);
});

test("a kept answer is judged each time: exp comes", async () => {
	let time = now();
	const { api, net } = hostile(() => json(good), {}, { now: () => time });
	assert.equal(await refusal(() => api.check(requestWith("t"))), "accepted");
	time += 300;
	assert.equal(await refusal(() => api.check(requestWith("t"))), "token_expired");
	assert.equal(net.count("/introspect"), 1);
});

test("both: a JWT of a trusted issuer is judged as one, whatever comes of it; all else is asked about", async () => {
	const claims = { iss: issuer, aud: API, client_id: "shop", iat: now(), exp: now() + 300 };
	const jwt = (more = {}, header = {}) => key.token({ ...claims, ...more }, { typ: "at+jwt", ...header });
	const { api, net } = hostile(() => json(good), {}, { tokens: "both" });
	for (const [token, code, calls] of [
		[jwt(), "accepted", 0],
		[jwt({ exp: now() }), "token_expired", 0],
		[jwt({ aud: "https://other.example.com" }), "audience_mismatch", 0],
		[`${jwt().slice(0, -8)}AAAAAAAA`, "signature_invalid", 0],
		[signer("k1").token(claims, { typ: "at+jwt" }), "signature_invalid", 0],
		[`${jwt().split(".", 2).join(".")}.`, "signature_missing", 0],
		["opaque", "accepted", 1],
		["a.b.c", "accepted", 2],
		[jwt({ iss: "https://other.example.com" }), "accepted", 3],
	]) {
		assert.equal(await refusal(() => api.check(requestWith(token))), code, token);
		assert.equal(net.count("/introspect"), calls, token);
	}
});

test("verdicts by introspection are not kept with those on JWTs", async (t) => {
	t.mock.timers.enable({ apis: ["Date"], now: 1_800_000_000_000 });
	let answer = good;
	const { api } = hostile(() => json(answer), {}, { tokens: "both", verdictCache: { maxEntries: 10 } });
	assert.equal(await refusal(() => api.check(requestWith("t"))), "accepted");
	answer = { active: false };
	t.mock.timers.tick(31_000);
	assert.equal(await refusal(() => api.check(requestWith("t"))), "token_inactive");
});

test("an opaque token whose first part is a JWT's header has none of it", async () => {
	const jwt = key.token({ iss: issuer, aud: API, client_id: "shop", iat: now(), exp: now() + 300 }, { typ: "at+jwt" });
	const { api } = hostile(() => json(good), {}, { tokens: "both" });
	assert.equal((await api.check(requestWith(jwt))).header.alg, "ES256");
	assert.deepEqual((await api.check(requestWith(`${jwt.split(".")[0]}.x`))).header, { alg: "" });
});

test("onVerdict hears which checks were made", async () => {
	const told = [];
	const { api } = hostile(
		({ url }) => json({ ...good, aud: url ? "x" : "" }),
		{},
		{
			onVerdict: (verdict) => told.push(verdict),
		},
	);
	assert.equal(await refusal(() => api.check(requestWith("t"))), "audience_mismatch");
	const [{ checks, header, claims, valid }] = told;
	assert.deepEqual([valid, header, claims], [false, null, null]);
	assert.deepEqual(
		checks.slice(0, 4).map(({ name, status }) => `${name}: ${status}`),
		[
			"active at its issuer: passed",
			"claims are strict JSON: passed",
			"claim types: passed",
			"required claims: passed",
		],
	);
	assert.deepEqual(
		checks.filter(({ status }) => status === "failed").map(({ name }) => name),
		["audience"],
	);
});

const guardError = (options) => {
	try {
		guard({ issuer, audience: API, ...options });
		return "none";
	} catch (error) {
		return `${error.name}: ${error.message}`;
	}
};
const client = { clientId: "api", clientSecret: "s" };
for (const [options, message] of [
	[{ tokens: "opaque" }, "introspection: required: an opaque token says nothing by itself"],
	[{ introspection: client }, 'introspection: has no effect without tokens: "opaque" or "both"'],
	[{ tokens: "jwt", introspection: client }, 'introspection: has no effect without tokens: "opaque" or "both"'],
	[{ tokens: "any", introspection: client }, "tokens: expected jwt, opaque or both"],
	[{ tokens: "both", introspection: { clientId: "api" } }, "introspection.clientSecret: required, or privateKey"],
	[{ tokens: "both", introspection: { clientSecret: "s" } }, "introspection.clientId: required"],
	[
		{ tokens: "both", introspection: { ...client, privateKey: clientKey } },
		"introspection.privateKey: expected clientSecret or privateKey, not both",
	],
	[
		{ tokens: "both", introspection: { clientId: "api", privateKey: { ...clientKey, d: undefined } } },
		"introspection.privateKey: expected a private JWK, a CryptoKey for signing, or PEM (PKCS #8)",
	],
	[
		{ tokens: "both", introspection: { clientId: "api", privateKey: { ...clientKey, alg: "HS256" } } },
		"introspection.privateKey: expected a key for ES256, ES384, ES512, EdDSA, RS256, RS384, RS512, PS256, PS384 or PS512",
	],
	[
		{
			tokens: "both",
			introspection: { clientId: "api", privateKey: clientKey, clientAuthentication: "client_secret_post" },
		},
		"introspection.clientAuthentication: has no effect beside privateKey, which signs an assertion",
	],
	[
		{ tokens: "both", introspection: { ...client, clientAuthentication: "none" } },
		"introspection.clientAuthentication: expected client_secret_basic or client_secret_post",
	],
	[
		{ tokens: "both", introspection: { ...client, endpoint: "http://as.example.com/i" } },
		"introspection.endpoint: expected an https URL; inside a network of your own, allowHttp lifts that",
	],
	[
		{ tokens: "both", introspection: { ...client, cacheFor: 301 } },
		"introspection.cacheFor: expected 0 to 300 seconds",
	],
	[
		{ tokens: "both", introspection: { ...client, inactiveFor: 61 } },
		"introspection.inactiveFor: expected 0 to 60 seconds",
	],
	[{ tokens: "both", introspection: { ...client, timeout: 0 } }, "introspection.timeout: expected 0.1 to 60 seconds"],
	[
		{ tokens: "both", introspection: { ...client, maxEntries: 0 } },
		"introspection.maxEntries: expected a whole number from 1 to 100000",
	],
	[
		{ tokens: "both", introspection: { ...client, cachefor: 1 } },
		"introspection.cachefor: unknown option; did you mean cacheFor?",
	],
	[
		{ tokens: "both", issuer: [issuer, "https://b.example.com"], introspection: client },
		"introspection.issuer: required: several issuers are trusted, and one of them is asked",
	],
	[
		{
			tokens: "both",
			issuer: [issuer, "https://b.example.com"],
			introspection: { ...client, issuer: "https://c.example.com" },
		},
		"introspection.issuer: expected the identifier of one issuer that is trusted from the start",
	],
	[
		{ tokens: "both", issuer: null, keys: key.jwk, introspection: client },
		"introspection.issuer: expected the identifier of one issuer that is trusted from the start",
	],
	[
		{ tokens: "opaque", keys: key.jwk, introspection: client },
		'keys: has no effect with tokens: "opaque", which nobody has signed',
	],
	[
		{ tokens: "opaque", verdictCache: { maxEntries: 1 }, introspection: client },
		'verdictCache: has no effect with tokens: "opaque", which nobody has signed',
	],
]) {
	test(`TypeError: ${message}`, () => assert.equal(guardError(options), `TypeError: ${message}`));
}

test("of several issuers, the one that is asked is the only one whose tokens can be opaque", async () => {
	const other = "https://other.example.com";
	const { api } = hostile(() => json({ ...good, iss: other }), { issuer }, { issuer: [issuer, other], tokens: "both" });
	assert.equal(await refusal(() => api.check(requestWith("t"))), "issuer_mismatch");
	const right = hostile(() => json(good), { issuer }, { issuer: [other, issuer], tokens: "both" });
	assert.equal(await refusal(() => right.api.check(requestWith("t"))), "accepted");
});

test("discovery: the endpoint is looked up once", async () => {
	const [place, endpoint] = [`${issuer}/.well-known/openid-configuration`, `${issuer}/introspect`];
	const net = network({
		[place]: () => json({ issuer, introspection_endpoint: endpoint }),
		[endpoint]: () => json(good),
	});
	const api = guard({ issuer, audience: API, tokens: "opaque", now, fetch: net.fetch, introspection: client });
	for (const token of ["one", "two"]) assert.equal(await refusal(() => api.check(requestWith(token))), "accepted");
	assert.deepEqual([net.count(place), net.count(endpoint)], [1, 2]);
});

test("discovery: an issuer whose metadata names no introspection endpoint", async () => {
	const net = network({ [`${issuer}/.well-known/openid-configuration`]: () => json({ issuer }) });
	const api = guard({ issuer, audience: API, tokens: "opaque", now, fetch: net.fetch, introspection: client });
	const error = await api.check(requestWith("t")).catch((error) => error);
	assert.ok(error instanceof countersign.TokenError);
	assert.equal(error.code, "introspection_failed");
	assert.match(error.message, /metadata_invalid/);
});
