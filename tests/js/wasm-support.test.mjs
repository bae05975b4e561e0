// What is said where the core cannot start: in the runtimes themselves where they are at hand, else in their words.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import * as esbuild from "esbuild";
import { chromium } from "playwright-core";
import { run } from "../../pkg-template/scripts/cli.mjs";
import { inRoot } from "../../pkg-template/scripts/paths.mjs";
import { chromiumPath, modernNode } from "../../pkg-template/scripts/setup.mjs";

const entry = inRoot("pkg-template", "src", "core", "wasm-support.ts");
const { outputFiles } = await esbuild.build({ entryPoints: [entry], bundle: true, write: false, format: "esm" });
const source = outputFiles[0].text.replace(/^export \{[^}]*\};?$/m, "");
/** The smallest module there is. */
const EMPTY = "new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])";
const attempt = (code) => `
	${source}
	function attempt() {
		try {
			${code};
			return "started";
		} catch (error) {
			return explainFailure(error).message;
		}
	}`;

/** What is said in a realm with these globals, and without those named. */
function said(code, { globals = {}, without = [] } = {}) {
	const context = createContext(globals);
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

test("a Content-Security-Policy, in Chromium", async (t) => {
	const server = createServer(({ url }, response) => {
		response.setHeader("content-security-policy", "script-src 'self'");
		response.setHeader("content-type", url === "/" ? "text/html" : "text/javascript");
		const script = `${attempt(`new WebAssembly.Module(${EMPTY})`)}; globalThis.said = attempt();`;
		response.end(url === "/" ? '<!doctype html><script src="/script.js"></script>' : script);
	});
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	t.after(() => server.close());
	const driven = await chromium.launch({ executablePath: chromiumPath(), args: ["--no-sandbox", "--disable-gpu"] });
	t.after(() => driven.close());
	const page = await driven.newPage();
	await page.goto(`http://127.0.0.1:${server.address().port}/`);
	assert.match(await page.evaluate(() => globalThis.said), POLICY);
});

const POLICY = /^countersign: the Content-Security-Policy.*'wasm-unsafe-eval'/;

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

test("the default build in workerd, and OpenNext's remedy", async (t) => {
	const folder = await mkdtemp(join(tmpdir(), "countersign-support-"));
	t.after(() => rm(folder, { recursive: true, force: true }));
	const worker = join(folder, "worker.mjs");
	const handler = "export default { fetch: () => new Response(attempt()) };";
	await writeFile(worker, `${attempt(`new WebAssembly.Module(${EMPTY})`)}\n${handler}`);
	const miniflare = fileURLToPath(new URL("../consumers/miniflare.mjs", import.meta.url));
	const text = await run(modernNode(), [miniflare, worker]);
	assert.match(
		text,
		/^countersign: .*export condition `workerd` is missing.*serverExternalPackages: \["countersign"\]/m,
	);
	assert.doesNotMatch(text, /Content-Security-Policy/);
});

const EMBEDDER = fails("CompileError", "WebAssembly.Module(): Wasm code generation disallowed by embedder");
const NEXT = "Dynamic WASM code generation (e. g. 'WebAssembly.compile') not allowed in Edge Runtime";

for (const [where, condition, code, globals] of [
	["workerd of an early compatibility date", "workerd", EMBEDDER, {}],
	["Vercel's edge", "edge-light", EMBEDDER, { EdgeRuntime: "vercel" }],
	["Next's edge", "edge-light", fails("Error", NEXT), { EdgeRuntime: "edge-runtime" }],
]) {
	test(`the default build in ${where}`, () => {
		assert.match(said(code, { globals }), new RegExp(`export condition \`${condition}\` is missing`));
	});
}

test("something else in place of the module", () => {
	for (const value of ["{}", '"/assets/countersign.wasm"', "undefined"]) {
		assert.match(
			said(`new WebAssembly.Instance(${value})`),
			/no compiled WebAssembly\.Module.*experimental: \{ wasm: true \}/,
		);
	}
});

test("a damaged module", () => {
	const text = /arrived damaged.*nothing rewrites the script/;
	assert.match(said("new WebAssembly.Module(new Uint8Array([195, 128]))"), text);
});

test("anything else: named, bounded, with its cause; and what explains itself stays", async () => {
	const { explainFailure } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
	const memory = new RangeError(`WebAssembly.Instance(): Out of memory ${"x".repeat(10_000)}`);
	const explained = explainFailure(memory);
	assert.match(
		explained.message,
		/^countersign: this runtime would not start WebAssembly \(RangeError: .*Out of memory/,
	);
	assert.ok(explained.message.length < 400);
	assert.equal(explained.cause, memory);
	for (const odd of [undefined, null, "text", 7, Symbol("s")]) assert.ok(explainFailure(odd) instanceof Error);
	const own = new TypeError("countersign/slim: call `await init(wasm)` or `initSync(wasm)` before anything else");
	assert.equal(explainFailure(own), own);
});
