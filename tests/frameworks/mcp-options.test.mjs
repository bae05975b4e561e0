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
		...["opaque", "both", "x"].map((tokens) => [() => protect({ ...options, tokens }, handler), /^TypeError: tokens/]),
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
