// Wasm modules as text: what the build writes, the package reads.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import * as esbuild from "esbuild";
import { pkg } from "../../pkg-template/scripts/paths.mjs";
import { codesOf, literal } from "../../pkg-template/scripts/wasm-text.mjs";
import { bundled, exportsOf } from "./source-kit.mjs";

const { fromText } = await exportsOf(await bundled("core/wasm/from-text.ts"));

const wasms = await Promise.all(
	["countersign", "rsa-fma", "ml-dsa"].map((name) => readFile(join(pkg, `${name}.wasm`))),
);
const codes = codesOf(wasms);
const textOf = (bytes) => JSON.parse(literal(bytes, codes));

test("the modules, and all bytes, come back", () => {
	const all = Uint8Array.from({ length: 0x30000 }, (_, i) => (i * i + (i >> 8)) & 0xff);
	for (const bytes of [...wasms, all, Uint8Array.of(0), Uint8Array.of(255)]) {
		assert.deepEqual(Buffer.from(fromText(textOf(bytes))), Buffer.from(bytes));
	}
	const [few, many] = [codesOf([Uint8Array.of(7)]), codesOf([all])];
	for (const own of [few, many]) {
		assert.deepEqual(Buffer.from(fromText(JSON.parse(literal(all, own)))), Buffer.from(all));
	}
});

test("no code is another's beginning, and none has what is to be escaped", () => {
	assert.equal(new Set(codes).size, 256);
	for (const code of codes) {
		assert.match(code, /^[()]?[ -~]$/);
		assert.doesNotMatch(code, /["\\`$<]|^[()]$/);
	}
});

test("bundlers leave the text as it is", async () => {
	const text = textOf(wasms[0]);
	for (const name of ["esm", "cjs"]) {
		const code = await readFile(join(pkg, name, "core.js"), "utf8");
		assert.ok(code.includes(text), name);
		assert.ok((await esbuild.transform(code, { minify: true })).code.includes(text), `${name}, minified`);
	}
});

test("a text with what was never in it is refused", () => {
	const text = textOf(wasms[1]);
	for (const wrong of ['"', "<", "\0", "\u0080", "\u00e9", "\u20ac", "\ufffd", "\ud800"]) {
		for (const at of [text.length >> 1, text.length - 1]) {
			const damaged = text.slice(0, at) + wrong + text.slice(at + 1);
			assert.throws(
				() => fromText(damaged),
				{ name: "CompileError", message: "its text has characters that were never put there" },
				JSON.stringify(wrong),
			);
		}
	}
});

test("a text that was cut makes no module", () => {
	const text = textOf(wasms[1]);
	for (const length of [0, 1, 200, 600, text.length >> 1, text.length - 1]) {
		assert.throws(() => new WebAssembly.Module(fromText(text.slice(0, length))), WebAssembly.CompileError);
		if (length < 256) assert.equal(fromText(text.slice(0, length)).length, 0); // Not even all its codes are there.
	}
});
