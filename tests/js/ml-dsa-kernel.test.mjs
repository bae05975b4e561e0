// ML-DSA in this process: the corpus's verdicts with a kernel that nobody has used before, and how many there are of it.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { loadCorpus, resolve } from "../corpus/load.mjs";
import { countersign, entryFile, refusal, signer } from "./helpers.mjs";
import { memories } from "./memories.mjs";

const { createVerifier, TokenError, verifySignature } = countersign;
const { cases, keys, policies } = loadCorpus();
const own = cases.filter(({ kind }) => kind === "ml-dsa");
const verdict = ({ token, now, policy, keys: given }) =>
	refusal(() => {
		const options = { ...resolve(policy, policies), keys: resolve(given, keys), now: () => now };
		createVerifier(options).verifySync(token);
	});
const valid = own.filter(({ name }) => /^ml-dsa\/ML-DSA-(44|65|87)\/valid$/.test(name));

const fresh = (name) => import(`${pathToFileURL(entryFile(name)).href}?${randomUUID()}`);

/** Links the kernel of a program that has just started. Gives the instances that are made of it. */
async function linked(t) {
	const instances = [];
	const { Instance } = WebAssembly;
	class Watched extends Instance {
		constructor(...args) {
			super(...args);
			if (this.exports.is_key) instances.push(this);
		}
	}
	t.mock.method(WebAssembly, "Instance", Watched);
	await fresh("ml-dsa");
	return instances;
}

test("every case of the corpus has its verdict", async (t) => {
	await linked(t);
	assert.equal(valid.length, 3);
	for (const one of own) {
		assert.equal(await verdict(one), one.expect === "accept" ? "accepted" : one.expect, one.name);
	}
});

test("one kernel is made, by the first key of ML-DSA", async (t) => {
	const instances = await linked(t);
	const key = signer("k1");
	assert.equal(verifySignature(key.token(), key.jwk).header.alg, "ES256");
	assert.equal(instances.length, 0);
	for (const one of [...valid, ...valid]) {
		assert.equal(await verdict(one), "accepted");
		assert.equal(instances.length, 1);
	}
});

test("an instance of the core that comes after a trap has it as well", async (t) => {
	await linked(t);
	const [one] = valid;
	assert.equal(await verdict(one), "accepted");
	for (const { buffer } of memories) new Uint8Array(buffer).fill(0xff);
	assert.equal(await verdict(one), "internal");
	assert.equal(await verdict(one), "accepted");
	const forged = { ...one, token: `${one.token.slice(0, -8)}AAAAAAAA` };
	assert.equal(await verdict(forged), "signature_invalid");
});

test("who has not imported it is told which import is missing", async () => {
	const slim = await fresh("slim");
	slim.initSync(readFileSync(join(entryFile("slim"), "..", "..", "countersign.wasm")));
	for (const { token, keys: given } of valid) {
		assert.throws(
			() => slim.verifySignature(token, resolve(given, keys)),
			(error) => error instanceof TokenError && /import "countersign\/ml-dsa"/.test(error.message),
		);
	}
});
