// countersign/slim: what init takes for the core, and what it refuses. Each form with bytes that are no wasm, since that they
// are compiled is what shows; at last with the real ones.

import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { runInNewContext } from "node:vm";
import { audience, countersign, entryFile, issuer, json, signer, start } from "./helpers.mjs";
import { gate, isPending, soon } from "./waiting-kit.mjs";

const here = pathToFileURL(entryFile("slim")).href;
/** The entry as a program has it that has just started. */
const fresh = () => import(`${here}?${randomUUID()}`);
const { init, initSync } = await fresh();
const wasm = await readFile(join(entryFile("slim"), "..", "..", "countersign.wasm"));
const address = "https://cdn.example.com/countersign.wasm";
const garbage = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const isNoWasm = { name: "CompileError" };
const isNoCore = { name: "TypeError", message: /^wasm: must be a URL, bytes or a WebAssembly\.Module/ };

/** A network in the platform's place, which keeps what it was asked for. */
function network(t, answer) {
	const asked = [];
	t.mock.method(globalThis, "fetch", async (...args) => {
		asked.push(...args);
		return answer();
	});
	return asked;
}

test("the address is a text or a URL, of this realm or of another, now or later", async (t) => {
	const asked = network(t, () => new Response(garbage));
	const foreign = runInNewContext(
		"Object.create({ get [Symbol.toStringTag]() { return 'URL' } }, { href: { value } })",
		{
			value: address,
		},
	);
	const all = [address, new URL(address), foreign, Promise.resolve(address), Promise.resolve(new URL(address))];
	for (const given of all) {
		await assert.rejects(init(given), isNoWasm);
		assert.deepEqual(asked.splice(0), [address]);
	}
});

test("an answer that is no 200 is none, and the error names address and status", async (t) => {
	for (const status of [404, 206, 500]) {
		network(t, () => new Response(garbage, { status }));
		await assert.rejects(init(address), {
			name: "TypeError",
			message: `wasm: ${address} answered with status ${status}`,
		});
	}
});

test("bytes in every form are compiled, and nothing is fetched for them", async (t) => {
	const asked = network(t, () => new Response(garbage));
	const padded = Uint8Array.of(0, 0, 0, 0, ...garbage);
	for (const bytes of [
		garbage,
		garbage.buffer,
		Buffer.from(garbage),
		new Int16Array(garbage.buffer),
		padded.subarray(4),
		runInNewContext("new Uint8Array(8)"),
		runInNewContext("new ArrayBuffer(8)"),
	]) {
		await assert.rejects(init(bytes), isNoWasm);
		await assert.rejects(init(Promise.resolve(bytes)), isNoWasm);
		assert.throws(() => initSync(bytes), isNoWasm);
	}
	assert.deepEqual(asked, []);
});

test("what is neither is refused at once, and not asked for", async (t) => {
	const asked = network(t, () => new Response(garbage));
	for (const given of [undefined, null, 1, {}, [], { href: address }, new Response(garbage)]) {
		await assert.rejects(init(given), isNoCore);
		assert.throws(() => initSync(given), isNoCore);
	}
	assert.throws(() => initSync(address), isNoCore);
	assert.throws(() => initSync(new URL(address)), isNoCore);
	assert.deepEqual(asked, []);
});

test("it exports what countersign does, and init and initSync of its own", async () => {
	assert.deepEqual(Object.keys(await fresh()).sort(), [...new Set([...Object.keys(countersign), "initSync"])].sort());
});

test("before the core is brought, whatever needs it says what to call", async () => {
	const { createPkce } = await fresh();
	assert.throws(createPkce, { name: "TypeError", message: /^countersign\/slim: call `await init\(wasm\)`/ });
});

test("the core works: by its address, its bytes, or compiled", async (t) => {
	const module = await WebAssembly.compile(wasm);
	network(t, () => new Response(wasm));
	for (const [how, given] of [
		["init", address],
		["init", module],
		["initSync", module],
		["initSync", wasm],
	]) {
		const slim = await fresh();
		assert.equal(await slim[how](given), undefined);
		const { verifier, challenge } = slim.createPkce();
		// RFC 7636 §4.2.
		assert.equal(challenge, createHash("sha256").update(verifier).digest("base64url"), how);
	}
});

test("in a Worker, keys that are renewed behind a verdict end before it, as promises belong to requests there", async (t) => {
	const slim = await fresh();
	slim.initSync(wasm);
	const key = signer("k1");
	const before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
	t.after(() => (before ? Object.defineProperty(globalThis, "navigator", before) : delete globalThis.navigator));
	for (const [navigator, waits] of [
		[{ userAgent: "Cloudflare-Workers" }, true],
		[{ userAgent: "Mozilla/5.0" }, false],
		[{}, false],
		[undefined, false],
	]) {
		Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
		let [now, answers] = [start, () => {}];
		const fetch = async () => {
			await answers();
			return json({ keys: [key.jwk] });
		};
		const verifier = slim.createVerifier({ issuer, audience, jwksUri: `${issuer}/jwks`, fetch, now: () => now });
		const token = key.token({ exp: start + 86_400 });
		await verifier.verify(token);
		const { opened, open } = gate();
		now += 610;
		answers = () => opened;
		const asked = verifier.verify(token);
		assert.equal(await isPending(asked), waits, JSON.stringify(navigator));
		open();
		assert.equal((await soon(asked)).claims.sub, "user-1");
	}
});
