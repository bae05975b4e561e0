// What is said where the core cannot start, in the words of the runtimes: each in a realm that is like it.
// (wasm-support-runtimes.test.mjs asks those that are at hand.)

import assert from "node:assert/strict";
import { test } from "node:test";
import { createContext, runInContext } from "node:vm";
import { exportsOf } from "./source-kit.mjs";
import { attempt, EMPTY, POLICY, text } from "./wasm-support-kit.mjs";

/** What is said in a realm with these globals, and without those named. The switches of a run of mutants are there as well. */
function said(code, { globals = {}, without = [] } = {}) {
	const { __stryker__ } = globalThis;
	const context = createContext({ ...globals, __stryker__ });
	for (const name of without) runInContext(`delete globalThis.${name}`, context);
	return runInContext(`${attempt(code)}; attempt()`, context);
}

const browser = () => ({ navigator: { userAgent: "Mozilla/5.0" } });
const fails = (name, message) => `throw Object.assign(new Error(${JSON.stringify(message)}), { name: "${name}" })`;

test("no WebAssembly at all: Lockdown Mode, Fastly, React Native", () => {
	const text = said(`new WebAssembly.Module(${EMPTY})`, { globals: browser(), without: ["WebAssembly"] });
	assert.match(text, /^countersign: this runtime has no WebAssembly.*Lockdown Mode.*Fastly/);
	assert.doesNotMatch(text, /Content-Security-Policy|export condition/);
});

for (const [engine, name, message] of [
	["older Chromium", "CompileError", "WebAssembly.Module(): Wasm code generation disallowed by embedder"],
	["Firefox", "CompileError", "call to WebAssembly.Module() blocked by CSP"],
	[
		"Safari",
		"EvalError",
		"Refused to create a WebAssembly object because 'unsafe-eval' or 'wasm-unsafe-eval' is not an allowed source of script",
	],
]) {
	test(`a Content-Security-Policy, in the words of ${engine}`, () => {
		assert.match(said(fails(name, message), { globals: browser() }), POLICY);
	});
}

const EMBEDDER = fails("CompileError", "WebAssembly.Module(): Wasm code generation disallowed by embedder");
const NEXT = "Dynamic WASM code generation (e. g. 'WebAssembly.compile') not allowed in Edge Runtime";

for (const [where, condition, code, globals] of [
	["workerd", "workerd", EMBEDDER, { navigator: { userAgent: "Cloudflare-Workers" } }],
	["workerd of an early compatibility date", "workerd", EMBEDDER, {}],
	["Vercel's edge", "edge-light", EMBEDDER, { EdgeRuntime: "vercel" }],
	["Next's edge", "edge-light", fails("Error", NEXT), { EdgeRuntime: "edge-runtime" }],
]) {
	test(`the default build in ${where}`, () => {
		const text = said(code, { globals });
		assert.match(text, /^countersign: this runtime compiles no WebAssembly from bytes/);
		assert.ok(
			text.includes(`the export condition \`${condition}\` is missing. Set it (esbuild: --conditions=${condition})`),
		);
		assert.match(text, /serverExternalPackages: \["countersign"\] to next\.config$/);
	});
}

test("something else in place of the module", () => {
	for (const value of ["{}", '"/assets/countersign.wasm"', "undefined"]) {
		assert.match(
			said(`new WebAssembly.Instance(${value})`),
			/no compiled WebAssembly\.Module.*experimental: \{ wasm: true \}.*`workerd` and `edge-light`.*countersign\/slim/,
		);
	}
});

test("a damaged module", () => {
	const text = said("new WebAssembly.Module(new Uint8Array([195, 128]))");
	assert.match(text, /arrived damaged.*nothing rewrites the script.*this runtime \(WebAssembly\.Module\(\): /);
});

test("anything else: named, bounded, with its cause; and what explains itself stays", async () => {
	const { explainFailure } = await exportsOf(text);
	const memory = new RangeError(`WebAssembly.Instance(): Out of memory ${"x".repeat(10_000)}`);
	const explained = explainFailure(memory);
	assert.match(
		explained.message,
		/^countersign: this runtime would not start WebAssembly \(RangeError: .*Out of memory/,
	);
	assert.ok(explained.message.length < 400);
	assert.equal(explained.cause, memory);
	const named = explainFailure(Object.assign(new Error("x"), { name: "N".repeat(10_000) }));
	assert.match(named.message, /\(N{40}: x\)$/);
	for (const [odd, shown] of [
		[undefined, "undefined: undefined"],
		[null, "object: null"],
		["text", "string: text"],
		[7, "number: 7"],
		[Symbol("s"), "symbol: Symbol(s)"],
	]) {
		const { message, cause } = explainFailure(odd);
		assert.equal(message, `countersign: this runtime would not start WebAssembly (${shown})`);
		assert.equal(cause, odd);
	}
	const own = new TypeError("countersign/slim: call `await init(wasm)` or `initSync(wasm)` before anything else");
	assert.equal(explainFailure(own), own);
});
