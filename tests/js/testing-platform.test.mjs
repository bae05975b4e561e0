// countersign/testing where a test environment hides the platform from its code, as jsdom does under Jest: in this process, one
// part at a time. (That the whole serves there, testing.test.mjs sees in a process of its own.)

import assert from "node:assert/strict";
import { test } from "node:test";
import { countersign, testing } from "./helpers.mjs";

const { createTestIssuer } = testing;

/** Runs with other globals, `undefined` for none. */
async function withGlobals(globals, action) {
	const before = Object.keys(globals).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]);
	for (const [name, value] of Object.entries(globals)) {
		Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
	}
	try {
		return await action();
	} finally {
		for (const [name, descriptor] of before) Object.defineProperty(globalThis, name, descriptor);
	}
}

const { crypto: real } = globalThis;
/** jsdom's, which makes random values and nothing else. */
const poor = { getRandomValues: (array) => real.getRandomValues(array) };

test("without a Response, an answer still has status, ok, headers, text and json", async () => {
	const kit = await createTestIssuer();
	await withGlobals({ Response: undefined }, async () => {
		const answer = await kit.fetch(kit.metadata.jwks_uri);
		assert.deepEqual([answer.status, answer.ok], [200, true]);
		assert.equal(answer.headers.get("Content-Type"), "application/json");
		assert.equal(answer.headers.get("content-length"), null);
		assert.deepEqual(await answer.json(), kit.jwks);
		assert.deepEqual(JSON.parse(await answer.text()), kit.jwks);
		const redirect = await kit.fetch(`${kit.metadata.authorization_endpoint}?redirect_uri=https%3A%2F%2Fa.example`);
		assert.deepEqual([redirect.status, redirect.ok, await redirect.text()], [302, false, ""]);
		assert.match(redirect.headers.get("LOCATION"), /^https:\/\/a\.example\/\?code=/);
		for (const [status, ok] of [
			[200, true],
			[204, true],
			[299, true],
			[300, false],
			[503, false],
		]) {
			kit.down(status);
			const { ok: found, status: told } = await kit.fetch(kit.metadata.jwks_uri);
			assert.deepEqual([told, found], [status, ok]);
		}
	});
});

test("without a WebCrypto, or with one that makes random values alone, that of Node.js signs", async () => {
	const made = await withGlobals({ crypto: undefined }, () => createTestIssuer());
	const token = await withGlobals({ crypto: poor }, () => made.mint());
	const { issuer, audience, jwks: keys, now } = made;
	const verifier = countersign.createVerifier({ issuer, audience, keys, now });
	assert.equal(verifier.verifySync(token).claims.sub, "user-1");
});

test("where there is no WebCrypto at all, the error says what a page needs for it", async () => {
	const { process } = globalThis;
	for (const hidden of [undefined, {}, { getBuiltinModule: undefined }]) {
		const making = () => createTestIssuer().catch((error) => error);
		const error = await withGlobals({ crypto: poor, process: hidden }, making);
		assert.ok(error instanceof TypeError);
		assert.match(error.message, /^countersign\/testing: no WebCrypto here; .*https or localhost/);
	}
	assert.equal(globalThis.process, process);
});
