import assert from "node:assert/strict";
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import * as esbuild from "esbuild";
import { consumer } from "./helpers.mjs";

/** The entries, of those that a program imports without using a name of theirs, whose code stays in its bundle. */
async function kept(t, conditions, build) {
	const entries = ["index", "login", "edge", "ml-dsa", "testing"];
	const names = entries.map((entry) => (entry === "index" ? "countersign" : `countersign/${entry}`));
	const folder = await consumer(t, { "main.js": names.map((name) => `import "${name}";`).join("\n") });
	for (const entry of entries) {
		// The test kit has no wasm: one file serves all conditions.
		const file = join(folder, "node_modules", "countersign", entry === "testing" ? "esm" : build, `${entry}.js`);
		await appendFile(file, `globalThis.kept = "effect of ${entry}";`);
	}
	const { outputFiles } = await esbuild.build({
		entryPoints: [join(folder, "main.js")],
		bundle: true,
		write: false,
		outdir: folder,
		format: "esm",
		conditions,
		external: ["*.wasm?module"],
		loader: { ".wasm": "copy" },
		logLevel: "error",
	});
	const text = outputFiles.find(({ path }) => path.endsWith("main.js")).text;
	return entries.filter((entry) => text.includes(`effect of ${entry}`));
}

// It links its algorithms into the core when it is imported; the others do nothing before they are called.
for (const [condition, folder] of [
	["default", "esm"],
	["workerd", "workerd"],
	["edge-light", "edge-light"],
]) {
	test(`condition ${condition}: bundlers leave out what is not used, and never countersign/ml-dsa`, async (t) => {
		assert.deepEqual(await kept(t, condition === "default" ? [] : [condition], folder), ["ml-dsa"]);
	});
}
