// The core's start, as a program has it that has just begun: when it is compiled, how often, and what the platform may lack.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { audience, entryFile, issuer, refusal, signer, start } from "./helpers.mjs";

const key = signer("k1");
/** The file that the entries share, and whose exports they give out, as nobody has loaded it before. */
const fresh = () => import(`${pathToFileURL(entryFile("core")).href}?${randomUUID()}`);
const size = statSync(join(entryFile("index"), "..", "..", "countersign.wasm")).size;

/** Counts what is made of the core, and keeps its memories, the last one last. */
function watched(t) {
	const made = { compiled: 0, atOnce: 0, memories: [] };
	const { Module, Instance, compile } = WebAssembly;
	class OwnModule extends Module {
		constructor(bytes) {
			super(bytes);
			if (bytes.byteLength === size) made.atOnce++;
		}
	}
	class OwnInstance extends Instance {
		constructor(...args) {
			super(...args);
			if (this.exports.__wbindgen_start) made.memories.push(this.exports.memory);
		}
	}
	t.mock.method(WebAssembly, "Module", OwnModule);
	t.mock.method(WebAssembly, "Instance", OwnInstance);
	t.mock.method(WebAssembly, "compile", (bytes) => {
		if (bytes.byteLength === size) made.compiled++;
		return compile.call(WebAssembly, bytes);
	});
	return made;
}

const counts = ({ compiled, atOnce, memories }) => [compiled, atOnce, memories.length];

/** Ends the instance: the next call hears of it. */
async function trap({ memories }, { createPkce }) {
	new Uint8Array(memories.at(-1).buffer).fill(0xff);
	assert.equal(await refusal(createPkce), "internal");
}

test("init compiles the core off the thread and starts it: once, and calls find it there, after a trap too", async (t) => {
	const made = watched(t);
	const core = await fresh();
	assert.deepEqual(counts(made), [0, 0, 0]);
	await core.init();
	assert.deepEqual(counts(made), [1, 0, 1]);
	core.createPkce();
	await core.init();
	assert.deepEqual(counts(made), [1, 0, 1]);
	await trap(made, core);
	core.createPkce();
	assert.deepEqual(counts(made), [1, 0, 2]);
	await trap(made, core);
	await core.init();
	assert.deepEqual(counts(made), [1, 0, 3]);
});

test("without init, the first call compiles it, and nothing does so again", async (t) => {
	const made = watched(t);
	const core = await fresh();
	core.createPkce();
	await core.init();
	assert.deepEqual(counts(made), [0, 1, 1]);
	await trap(made, core);
	core.createPkce();
	assert.deepEqual(counts(made), [0, 1, 2]);
});

test("what cannot be compiled is explained, with its cause; another init tries again", async (t) => {
	const core = await fresh();
	const cause = new WebAssembly.CompileError("expected magic word");
	const compile = t.mock.method(WebAssembly, "compile", async () => {
		throw cause;
	});
	class Broken {
		constructor() {
			throw cause;
		}
	}
	const says = (error) => {
		assert.match(error.message, /^countersign: the WebAssembly inside this script arrived damaged/);
		return error.cause === cause;
	};
	await assert.rejects(core.init(), says);
	const module = t.mock.method(WebAssembly, "Module", Broken);
	assert.throws(core.createPkce, says);
	compile.mock.restore();
	module.mock.restore();
	await core.init();
	assert.match(core.createPkce().challenge, /^[\w-]{43}$/);
});

test("what a dead instance had made is disposed of without entering it", async (t) => {
	const made = watched(t);
	const core = await fresh();
	const options = { issuer, audience, keys: key.jwk, now: () => start };
	const [one, other] = [core.createVerifier(options), core.createVerifier(options)];
	await trap(made, core);
	one.dispose();
	assert.equal(other.verifySync(key.token()).claims.sub, "user-1");
	other.dispose();
});

/** Runs without these globals. */
async function without(names, action) {
	const before = names.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]);
	for (const name of names) Object.defineProperty(globalThis, name, { value: undefined, configurable: true });
	try {
		return await action();
	} finally {
		for (const [name, descriptor] of before) Object.defineProperty(globalThis, name, descriptor);
	}
}

const CODECS = ["TextEncoder", "TextDecoder"];

test("without TextEncoder and TextDecoder, as jsdom has it, those of Node.js below it serve", async () => {
	const token = key.token({ sub: "é€😀" });
	const { claims } = await without(CODECS, async () => {
		const { createVerifier } = await fresh();
		return createVerifier({ issuer, audience, keys: key.jwk, now: () => start }).verifySync(token);
	});
	assert.equal(claims.sub, "é€😀");
});

test("where there are none at all, it can be imported, and what needs the core says what is missing", async (t) => {
	const told = async () => {
		const { createPkce } = await fresh();
		assert.throws(
			createPkce,
			/^Error: countersign: this runtime would not start WebAssembly \(TypeError: Text(En|De)coder/,
		);
	};
	await without([...CODECS, "process"], told);
	const { getBuiltinModule } = process;
	t.after(() => Object.assign(process, { getBuiltinModule }));
	process.getBuiltinModule = undefined;
	await without(CODECS, told);
});
