import assert from "node:assert/strict";
import { test } from "node:test";
import { newestNode } from "../../pkg-template/scripts/setup.mjs";
import { answer, code, consumer, imports, json } from "./helpers.mjs";

const print = "find(question).then((found) => console.log(JSON.stringify(found)));";

test("Node.js, import", async (t) => {
	const folder = await consumer(t, { "main.mjs": imports + code + print });
	assert.deepEqual(await json(folder, "main.mjs"), answer);
	const newest = newestNode();
	if (newest) assert.deepEqual(await json(folder, "main.mjs", newest), answer);
});

test("Node.js, require", async (t) => {
	const requires = imports.replaceAll(/import (.*) from (.*);/g, "const $1 = require($2);");
	const folder = await consumer(t, { "main.cjs": requires + code + print }, {});
	assert.deepEqual(await json(folder, "main.cjs"), answer);
});

test("Node.js, import() of the CommonJS files: every name is there, as in the ES modules", async (t) => {
	const folder = await consumer(t, {
		"main.mjs": `
			import { createRequire } from "node:module";
			import { pathToFileURL } from "node:url";
			const { resolve } = createRequire(import.meta.url);
			const own = Object.keys;
			const found = {};
			for (const entry of ["countersign", "countersign/login", "countersign/edge", "countersign/ml-dsa", "countersign/slim", "countersign/testing"]) {
				const { default: whole, "module.exports": same, ...names } = await import(pathToFileURL(resolve(entry)).href);
				found[entry] = [own(names), own(await import(entry))];
			}
			console.log(JSON.stringify(found));`,
	});
	const found = await json(folder, "main.mjs");
	for (const [common, es] of Object.values(found)) assert.deepEqual(common, es);
	assert.ok(found.countersign[0].includes("createVerifier"));
});

test("slim, with the wasm as bytes and as a module", async (t) => {
	const main = (how) => `
		import { readFile } from "node:fs/promises";
		import { createRequire } from "node:module";
		import { createPkce, createVerifier, init, initSync, TokenError, verifyPkce } from "countersign/slim";
		import { protect } from "countersign/edge";
		import { createLogin } from "countersign/login";
		const bytes = await readFile(createRequire(import.meta.url).resolve("countersign/countersign.wasm"));
		let early = "no error";
		try { createPkce() } catch (error) { early = error.name }
		if (early !== "TypeError") throw new Error(early);
		${how}
		${code}
		${print}`;
	const folder = await consumer(t, {
		"bytes.mjs": main("await init(bytes);"),
		"module.mjs": main("initSync(await WebAssembly.compile(bytes));"),
		"url.mjs": main(
			"globalThis.fetch = async () => new Response(bytes); await init(new URL('https://cdn.example.com/countersign.wasm'));",
		),
	});
	for (const file of ["bytes.mjs", "module.mjs", "url.mjs"]) assert.deepEqual(await json(folder, file), answer);
});
