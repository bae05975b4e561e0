// The exchange by which keys are fetched: no redirect, no endless body, no text that is none.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { audience, countersign, issuer, json, refusal, signer, start } from "./helpers.mjs";

const { createVerifier } = countersign;
const key = signer("k1");
const set = JSON.stringify({ keys: [key.jwk] });
const jwksUri = `${issuer}/jwks`;
const MAX_BODY = 1_048_576;

const verifyAt = (options) =>
	createVerifier({ issuer, audience, jwksUri, now: () => start, ...options }).verify(key.token());
const outcome = (options) => refusal(() => verifyAt(options));
/** The key set, made as long as that by a member that nobody reads. */
const padded = (length) => `${set.slice(0, -1)},"pad":"${"x".repeat(length - set.length - 9)}"}`;

test("servers that also have pages are asked for JSON", async () => {
	const fetch = async (url, { headers }) => {
		if (!headers.accept.split(", ").includes("application/json")) return new Response("<!doctype html>");
		return json(url === jwksUri ? { keys: [key.jwk] } : { issuer, jwks_uri: jwksUri });
	};
	assert.equal(await outcome({ fetch, jwksUri: undefined }), "accepted");
});

test("redirects are not followed: keys come from where the policy says", async (t) => {
	const server = createServer(({ url }, response) => {
		const status = Number(url.slice(1));
		if (status) response.writeHead(status, { location: "/jwks" }).end(set);
		else response.end(set);
	});
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	t.after(() => {
		server.close();
		server.closeAllConnections();
	});
	const at = (path) => outcome({ jwksUri: `http://127.0.0.1:${server.address().port}/${path}` });
	assert.equal(await at("jwks"), "accepted");
	for (const status of [301, 302, 303, 307, 308]) assert.equal(await at(status), "keys_unavailable", status);
	for (const status of [201, 203, 404]) assert.equal(await at(status), "keys_unavailable", status);
});

test("what is asked: the address, what is accepted, no redirect, and a signal", async () => {
	const asked = [];
	const fetch = async (...args) => {
		asked.push(args);
		return json({ keys: [key.jwk] });
	};
	assert.equal(await outcome({ fetch }), "accepted");
	const [[url, { headers, redirect, signal, ...rest }]] = asked;
	assert.deepEqual([url, redirect, signal.aborted, rest], [jwksUri, "manual", false, {}]);
	assert.deepEqual(headers, { accept: "application/jwk-set+json, application/json" });
	assert.equal(asked.length, 1);
});

test("a body of 1 MiB is read, one byte more is not, however it arrives", async () => {
	assert.equal(Buffer.byteLength(padded(MAX_BODY)), MAX_BODY);
	const headers = new Headers();
	const chunks = (text) =>
		new ReadableStream({
			start(stream) {
				const bytes = new TextEncoder().encode(text);
				for (let at = 0; at < bytes.length; at += 65_536) stream.enqueue(bytes.subarray(at, at + 65_536));
				stream.close();
			},
		});
	for (const [name, responseOf] of [
		["at once", (text) => new Response(text)],
		["in chunks", (text) => new Response(chunks(text))],
		["as text, from a fetch without streams", (text) => ({ status: 200, headers, text: async () => text })],
	]) {
		assert.equal(await outcome({ fetch: async () => responseOf(padded(MAX_BODY)) }), "accepted", name);
		await assert.rejects(verifyAt({ fetch: async () => responseOf(padded(MAX_BODY + 1)) }), (error) => {
			assert.equal(error.code, "keys_unavailable");
			assert.match(error.message, /the answer is longer than 1048576 bytes \(https:\/\/auth\.example\.com\/jwks\)/);
			return true;
		});
	}
});

test("an endless body is cancelled, and what its cancelling says changes nothing", async () => {
	let cancelled = 0;
	const endless = (cancel) =>
		new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(65_536).fill(32)), cancel });
	const calm = () => {
		cancelled++;
	};
	const angry = () => {
		cancelled++;
		throw new Error("not cancelled");
	};
	for (const cancel of [calm, angry]) {
		assert.equal(await outcome({ fetch: async () => new Response(endless(cancel)) }), "keys_unavailable");
	}
	assert.equal(cancelled, 2);
});

test("a body is UTF-8, characters cut by a chunk's end included", async () => {
	const kid = "schlüssel-🔑";
	const named = signer(kid);
	const bytes = new TextEncoder().encode(JSON.stringify({ keys: [named.jwk] }));
	const dripping = new ReadableStream({
		start(stream) {
			for (const byte of bytes) stream.enqueue(Uint8Array.of(byte));
			stream.close();
		},
	});
	const verifier = createVerifier({
		issuer,
		audience,
		jwksUri,
		fetch: async () => new Response(dripping),
		now: () => start,
	});
	assert.equal((await verifier.verify(named.token())).header.kid, kid);
	const broken = (...tail) =>
		Buffer.concat([Buffer.from(`${set.slice(0, -1)},"x":"`), Buffer.from(tail), Buffer.from('"}')]);
	assert.equal(await outcome({ fetch: async () => new Response(broken(0xc3, 0xbc)) }), "accepted");
	assert.equal(await outcome({ fetch: async () => new Response(broken(0xff)) }), "keys_unavailable");
	// The last character is not there in full.
	const cut = Buffer.concat([Buffer.from(set), Buffer.of(0xc3)]);
	assert.equal(await outcome({ fetch: async () => new Response(cut) }), "keys_unavailable");
});

test("no answer within 5 seconds: given up, the request aborted, and no timer left behind", async (t) => {
	const { setTimeout: real, clearTimeout: clear } = globalThis;
	const [begun, cleared] = [[], []];
	t.after(() => Object.assign(globalThis, { setTimeout: real, clearTimeout: clear }));
	globalThis.setTimeout = (work, milliseconds, ...args) => {
		const timer = real(work, milliseconds / 100, ...args);
		// The platform's own fetch has timers as well.
		if (milliseconds === 5000) begun.push(timer);
		return timer;
	};
	globalThis.clearTimeout = (timer) => {
		cleared.push(timer);
		clear(timer);
	};
	let signal;
	const deaf = async (_url, init) => {
		signal = init.signal;
		return new Promise(() => {});
	};
	await assert.rejects(verifyAt({ fetch: deaf }), /no complete answer within 5 s/);
	assert.equal(signal.aborted, true);
	assert.equal(begun.length, 1);
	assert.equal(await outcome({ fetch: async () => json({ keys: [key.jwk] }) }), "accepted");
	assert.equal(begun.length, 2);
	assert.ok(cleared.includes(begun[1]));
});
