// Who called, as countersign/mcp tells the MCP SDK; what a guard of MCP defaults to; and refusals as the SDK's own errors.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as errors from "@modelcontextprotocol/sdk/server/auth/errors.js";
import { middleware, protect, tokenVerifier } from "countersign/mcp";
import { createTestIssuer } from "countersign/testing";

const audience = "https://mcp.example.com/mcp";
const { issuer, jwks: keys, mint, now } = await createTestIssuer({ audience });
const options = { issuer, audience, keys, now };
/** Options that let tokens pass that do not expire. */
const endless = { profile: "jwt", requiredClaims: [] };
const place = "https://mcp.example.com/.well-known/oauth-protected-resource/mcp";

const post = (token) =>
	new Request(audience, { method: "POST", headers: token && { authorization: `Bearer ${token}` } });

/** What a handler learns of who called. */
async function caller(of, token) {
	let told;
	const answer = await protect(of, (_request, { authInfo }) => {
		told = authInfo;
		return new Response();
	})(post(token));
	assert.equal(answer.status, 200, await answer.text());
	return told;
}

test("a JWT: the client, the scopes, the expiry, the resource, the claims", async () => {
	const token = await mint({ client_id: "agent", scope: "a b", exp: now() + 60 });
	const { extra, ...told } = await caller(options, token);
	assert.deepEqual(told, {
		token,
		clientId: "agent",
		scopes: ["a", "b"],
		expiresAt: now() + 60,
		resource: new URL(audience),
	});
	assert.equal(extra.claims.sub, "user-1");
});

test("what nobody says is empty or absent", async () => {
	const named = { issuer, audience: "mcp", keys, now, resourceMetadata: false, ...endless };
	const token = await mint({ aud: "mcp", client_id: undefined, scope: undefined, exp: undefined });
	const { clientId, scopes, ...told } = await caller(named, token);
	assert.deepEqual([clientId, scopes, Object.keys(told).sort()], ["", [], ["extra", "token"]]);
});

/** What an issuer says of an opaque token. RFC 7662 §2.2 */
const introspecting = (said) => ({
	...endless,
	issuer,
	audience,
	now,
	tokens: "opaque",
	introspection: { clientId: "mcp", clientSecret: "secret", endpoint: `${issuer}/introspect` },
	fetch: async () => Response.json({ active: true, iss: issuer, aud: audience, ...said }),
});

test("an opaque token: what its issuer says, and no expiry where it says none", async () => {
	const all = await caller(introspecting({ client_id: "agent", scope: "a b", exp: now() + 60 }), "opaque");
	assert.deepEqual([all.token, all.clientId, all.scopes, all.expiresAt], ["opaque", "agent", ["a", "b"], now() + 60]);
	const { clientId, ...told } = await caller(introspecting({}), "opaque");
	assert.deepEqual([clientId, "expiresAt" in told, told.scopes], ["", false, []]);
});

test("what a tool makes of its caller is not what the next one learns", async () => {
	const of = { ...options, verdictCache: { maxEntries: 10 } };
	const seen = [];
	const handle = protect(of, (_request, { authInfo }) => {
		seen.push([...authInfo.scopes]);
		authInfo.scopes.push("admin");
		return new Response();
	});
	const token = await mint({ scope: "a" });
	await handle(post(token));
	await handle(post(token));
	assert.deepEqual(seen, [["a"], ["a"]]);
});

test("clients find the metadata by the challenge, unless it is switched off", async () => {
	const handler = () => new Response("beside the metadata");
	const challengeOf = async (of) => (await protect(of, handler)(post())).headers.get("www-authenticate");
	for (const on of [{}, { resourceMetadata: undefined }, { resourceMetadata: true }]) {
		assert.ok((await challengeOf({ ...options, ...on })).includes(`resource_metadata="${place}"`), JSON.stringify(on));
		const served = await protect({ ...options, ...on }, handler)(new Request(place));
		assert.equal((await served.json()).resource, audience);
	}
	const off = { ...options, resourceMetadata: false };
	assert.ok(!(await challengeOf(off)).includes("resource_metadata"));
	assert.equal((await protect(off, handler)(new Request(place))).status, 401);
	const own = "https://mcp.example.com/about";
	assert.ok((await challengeOf({ ...options, resourceMetadata: own })).includes(`resource_metadata="${own}"`));
});

test("the scope of a tool comes to the guard's, however either is written", async () => {
	const message = { method: "tools/call", params: { name: "refund" } };
	const call = async (of) => {
		const request = new Request(post(await mint({ scope: "a b" })), { body: JSON.stringify(message) });
		return (await protect(of, () => new Response("passed"))(request)).headers.get("www-authenticate");
	};
	for (const [scope, tool, expected] of [
		[undefined, "c", "c"],
		["a", "c", "a c"],
		["a b", ["c", "d"], "a b c d"],
		[["a", "b"], "c d", "a b c d"],
		[[], "c", "c"],
	]) {
		const challenge = await call({ ...options, scope, toolScopes: { refund: tool } });
		assert.ok(challenge.includes(` scope="${expected}"`), challenge);
	}
	assert.equal(await call({ ...options, toolScopes: { refund: "b" } }), null);
	assert.equal(await call({ ...options, toolScopes: undefined }), null);
});

test("what is no scope of a tool is a TypeError that names the tool, and no more of a name than can be read", () => {
	const of = (toolScopes) => () => protect({ ...options, toolScopes }, () => new Response());
	for (const scope of ["", " ", "\t", [], ["a", ""], [" "], null, undefined, 1, {}, [["a"]]]) {
		const message = "toolScopes.refund: expected a scope, or a list of scopes";
		assert.throws(of({ audit: "a", refund: scope }), { name: "TypeError", message });
	}
	const long = "x".repeat(100);
	assert.throws(of({ [long]: 1 }), { message: /^toolScopes\.x{80}: / });
	for (const given of ["refund", null, [], 1]) assert.throws(of(given), /^TypeError: toolScopes: expected an object/);
});

test("options that an object inherits are none", async () => {
	const inherited = Object.create({ toolScopes: { refund: 1 }, required: false, resourceMetadata: false });
	const handle = protect(Object.assign(inherited, options), () => new Response());
	const challenge = (await handle(post())).headers.get("www-authenticate");
	assert.ok(challenge.includes(`resource_metadata="${place}"`));
});

test("nobody is let in without a token: tools are told who called", () => {
	for (const make of [(of) => protect(of, () => {}), middleware, tokenVerifier]) {
		for (const required of [false, null, 0])
			assert.throws(() => make({ ...options, required }), /^TypeError: required: expected true, since tools/);
		make({ ...options, required: true });
	}
});

test("a verifier that no message reaches takes no scopes of tools", () => {
	assert.throws(() => tokenVerifier({ ...options, toolScopes: { refund: "a" } }), {
		name: "TypeError",
		message: /^toolScopes: has no effect here.*middleware$/,
	});
	assert.equal(typeof tokenVerifier({ ...options, toolScopes: {} }).guard.loadKeys, "function");
});

/** What a verifier rejects with, for the SDK to answer. */
const rejection = (of, token) =>
	tokenVerifier(of)
		.verifyAccessToken(token)
		.then(assert.fail, (error) => error);

test("the SDK's verifier: who called, by the token alone", async () => {
	const token = await mint({ client_id: "agent", scope: "a" });
	const told = await tokenVerifier({ ...options, scope: "a" }).verifyAccessToken(token);
	assert.deepEqual([told.token, told.clientId, told.scopes], [token, "agent", ["a"]]);
	const own = { ...options, token: { cookie: "session", header: "x-token" } };
	assert.equal((await tokenVerifier(own).verifyAccessToken(token)).clientId, "agent");
	assert.ok(tokenVerifier(options).guard.status().length > 0);
});

test("the SDK's verifier: refusals are the SDK's errors, by their status, with the challenge's description", async () => {
	const good = await mint();
	for (const [of, token, kind] of [
		[options, await mint({ exp: now() - 1 }), errors.InvalidTokenError],
		[options, "garbage", errors.InvalidTokenError],
		[{ ...options, scope: "admin" }, good, errors.InsufficientScopeError],
		[options, `${good}, Bearer ${good}`, errors.InvalidRequestError],
	]) {
		const error = await rejection(of, token);
		assert.equal(error.constructor, kind, `${token}: ${error}`);
		const challenge = (await protect(of, () => {})(post(token))).headers.get("www-authenticate");
		assert.ok(challenge.includes(`error_description="${error.message}"`), challenge);
		// RFC 6750 §3: what may stand there.
		assert.match(error.message, /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
	}
});

test("the SDK's verifier: a refusal of which the challenge says nothing is named by its code", async () => {
	const error = await rejection(options, "");
	assert.deepEqual([error.constructor, error.message], [errors.InvalidTokenError, "token_missing"]);
});

test("the SDK's verifier: options that look at the request find a POST with an address, as messages of MCP have", async () => {
	const seen = [];
	const onVerdict = (_verdict, request) => seen.push([request.method, new URL(request.url).protocol]);
	await tokenVerifier({ ...options, onVerdict }).verifyAccessToken(await mint());
	assert.deepEqual(seen, [["POST", "https:"]]);
});

test("the SDK's verifier: where a key set cannot be had, the server has failed, not the token", async () => {
	const unreachable = async () => {
		throw new TypeError("unreachable");
	};
	const error = await rejection({ issuer, audience, fetch: unreachable }, await mint());
	assert.equal(error.constructor, errors.ServerError);
	assert.match(error.message, /^[a-z_]+$/);
});

test("the SDK's verifier: what is wrong with an option of the application is no word about the token", async () => {
	const error = await rejection({ ...options, check: async () => {} }, await mint());
	assert.equal(error.constructor, TypeError);
	assert.match(error.message, /^check: /);
});

/** A middleware's request: what `next` was called with, or what was sent. */
const asked = (handle, request) =>
	new Promise((resolve) => {
		const headers = {};
		const response = {
			getHeader: (name) => headers[name],
			setHeader: (name, value) => {
				headers[name] = value;
			},
			end: (body) => resolve({ status: response.statusCode, body, headers }),
		};
		handle(request, response, (...args) => resolve({ next: args }));
	});

const incoming = (token, more = {}) => {
	const rawHeaders = ["Host", "mcp.example.com", ...(token ? ["Authorization", `Bearer ${token}`] : [])];
	return { method: "POST", url: "/mcp", rawHeaders, headers: {}, ...more };
};

test("middleware: req.auth is who called, as the SDK's transport reads it", async () => {
	const token = await mint({ client_id: "agent" });
	const request = incoming(token);
	assert.deepEqual(await asked(middleware(options), request), { next: [] });
	assert.deepEqual([request.auth.clientId, request.auth.token], ["agent", token]);
	const refused = incoming("garbage");
	assert.equal((await asked(middleware(options), refused)).status, 401);
	assert.equal("auth" in refused, false);
});

test("middleware: the body has to be there for a message alone, and where tools have scopes", async () => {
	const token = await mint();
	const of = { ...options, toolScopes: { refund: "admin" } };
	for (const [own, more, expected] of [
		[of, { method: "GET" }, undefined],
		[of, { method: "DELETE" }, undefined],
		[options, {}, undefined],
		[of, {}, /^TypeError: toolScopes: .*express\.json\(\)/],
		[of, { body: null }, undefined],
	]) {
		const { next } = await asked(middleware(own), incoming(token, more));
		if (expected) assert.match(String(next[0]), expected);
		else assert.deepEqual(next, []);
	}
	// Who may not pass at all hears of that first.
	assert.equal((await asked(middleware(of), incoming())).status, 401);
});

test("middleware: the metadata at the root, and all else as it is", async () => {
	const { metadata, guard } = middleware(options);
	const served = await asked(metadata, incoming(undefined, { method: "GET", url: new URL(place).pathname }));
	assert.deepEqual([served.status, JSON.parse(served.body).resource], [200, audience]);
	const request = incoming("garbage", { auth: "of somebody else" });
	assert.deepEqual(await asked(metadata, request), { next: [] });
	assert.equal(request.auth, "of somebody else");
	assert.equal(typeof guard.check, "function");
});
