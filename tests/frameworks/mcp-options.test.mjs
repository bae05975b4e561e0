// Options of countersign/mcp that would have no effect, or are no scope.

import assert from "node:assert/strict";
import { test } from "node:test";
import { middleware, protect, tokenVerifier } from "countersign/mcp";
import { createTestIssuer } from "countersign/testing";

const options = { issuer: "https://auth.example.com", audience: "https://mcp.example.com" };
const handler = () => new Response();

test("what is wrong is a TypeError that names its path", () => {
	for (const [make, message] of [
		[() => protect(options), /^TypeError: handler/],
		[() => protect({ ...options, required: false }, handler), /^TypeError: required/],
		[() => protect({ ...options, tokens: "x" }, handler), /^TypeError: tokens/],
		[() => protect({ ...options, tokens: "opaque" }, handler), /^TypeError: introspection: required/],
		[() => protect({ ...options, toolScope: {} }, handler), /^TypeError: toolScope: unknown option/],
		[() => protect({ ...options, toolScopes: "refund" }, handler), /^TypeError: toolScopes: expected an object/],
		[
			() => protect({ ...options, toolScopes: { refund: "" } }, handler),
			/^TypeError: toolScopes\.refund: expected a scope/,
		],
		[() => protect({ ...options, toolScopes: { refund: [] } }, handler), /^TypeError: toolScopes\.refund/],
		[() => middleware({ ...options, toolScopes: { refund: 1 } }), /^TypeError: toolScopes\.refund/],
		[() => middleware({ ...options, toolScopes: { refund: ["a", undefined] } }), /^TypeError: toolScopes\.refund/],
		[() => tokenVerifier({ ...options, toolScopes: { refund: "a" } }), /^TypeError: toolScopes/],
		[() => tokenVerifier({ ...options, cors: { origin: "*" } }), /^TypeError: cors/],
		[() => middleware({ ...options, issuer: undefined }), /^TypeError: issuer/],
	]) {
		assert.throws(make, message);
	}
});

test("who called is known by the verdict: whatever a schema leaves of the claims, and where a verdict is kept", async () => {
	const { issuer, audience, jwks, mint, now } = await createTestIssuer();
	const validate = ({ sub }) => ({ value: { user: sub } });
	const schema = { "~standard": { version: 1, vendor: "test", validate } };
	const told = (_request, { authInfo }) => Response.json({ ...authInfo, token: undefined });
	const handle = protect({ issuer, audience, keys: jwks, now, schema, verdictCache: { maxEntries: 10 } }, told);
	const authorization = `Bearer ${await mint({ client_id: "agent", scope: "a b" })}`;
	for (const again of [false, true]) {
		const answer = await handle(new Request(audience, { method: "POST", headers: { authorization } }));
		const { clientId, scopes, expiresAt, extra } = await answer.json();
		assert.deepEqual([clientId, scopes], ["agent", ["a", "b"]], String(again));
		assert.ok(expiresAt > now() && expiresAt < now() + 86_400, expiresAt);
		assert.deepEqual(extra, { claims: { user: "user-1" } });
	}
});

test("toolScopes without express.json() in front is an error of the application", async () => {
	const { issuer, audience, jwks, mint } = await createTestIssuer();
	const api = middleware({ issuer, audience, keys: jwks, toolScopes: { refund: "a" } });
	const rawHeaders = ["Authorization", `Bearer ${await mint()}`];
	const response = { setHeader() {}, getHeader() {}, end() {} };
	const called = (body) =>
		new Promise((next) => {
			api({ method: "POST", url: "/", rawHeaders, headers: {}, ...(body && { body }) }, response, next);
		});
	assert.match(String(await called()), /^TypeError: toolScopes: .*express\.json\(\)/);
	assert.equal(await called({ method: "ping" }), undefined);
});
