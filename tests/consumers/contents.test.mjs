import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { consumer, run, tarball } from "./helpers.mjs";

test("the tarball holds the package and nothing else", async () => {
	const files = (await run("tar", ["-tzf", await tarball()])).trim().split("\n");
	const expected = [
		/^package\/(package\.json|README\.md|CHANGELOG\.md|SECURITY\.md|LICENSE-(MIT|APACHE)|(countersign|ml-dsa|rsa-fma)\.wasm)$/,
		/^package\/(esm|cjs)\/(core|error|index|login|login-engine|gate|edge|hono|express|fastify|next|node|mcp|slim|ml-dsa|testing|react)\.js$/,
		/^package\/esm\/cli\.js$/,
		/^package\/(workerd|edge-light)\/(core|error|index|login|login-engine|gate|edge|hono|express|fastify|next|node|mcp|ml-dsa)\.js$/,
		/^package\/(esm|cjs)\/([a-z-]+\/)*[a-z-]+\.d\.ts$/,
		/^package\/(cjs|login|edge|hono|express|fastify|next|node|mcp|slim|ml-dsa|testing|react)\/package\.json$/,
		/^package\/errors\/[a-z0-9_]+\.md$/,
	];
	assert.deepEqual(
		files.filter((file) => !expected.some((pattern) => pattern.test(file))),
		[],
	);
	const wasms = ["countersign.wasm", "ml-dsa.wasm", "rsa-fma.wasm"];
	for (const needed of ["README.md", "LICENSE-MIT", "LICENSE-APACHE", ...wasms]) {
		assert.ok(files.includes(`package/${needed}`), `${needed} is missing`);
	}
});

test("no dependencies, no scripts, no wasm type in a declaration", async (t) => {
	const folder = join(await consumer(t, {}), "node_modules", "countersign");
	const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
	for (const name of ["dependencies", "optionalDependencies", "scripts"]) {
		assert.equal(manifest[name], undefined, name);
	}
	// Each for the entry that is named after it: who does not use that need not have it.
	const peers = {
		"@modelcontextprotocol/sdk": ">=1.20 <2",
		express: ">=4",
		fastify: ">=4",
		hono: ">=4",
		react: ">=18",
	};
	assert.deepEqual(manifest.peerDependencies, peers);
	const optional = Object.fromEntries(Object.keys(peers).map((name) => [name, { optional: true }]));
	assert.deepEqual(manifest.peerDependenciesMeta, optional);
	const declarations = await run("sh", ["-c", "cat esm/*.d.ts esm/*/*.d.ts"], { cwd: folder });
	const code = declarations.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
	assert.doesNotMatch(code, /\bWebAssembly\b|\bBufferSource\b|\bRequestInfo\b|\bHTMLElement\b/);
});

test("a refusal that nobody catches prints a short line of code, and never a bundle", async (t) => {
	const code =
		'const { createVerifier } = await import("countersign"); createVerifier({ issuer: null, audience: null, keys: "{}" })';
	const folder = await consumer(t, {});
	const output = await run(process.execPath, ["--input-type=module", "-e", code], { cwd: folder }).catch(String);
	assert.match(output, /key_invalid/);
	assert.ok(Math.max(...output.split("\n").map((line) => line.length)) < 1000, output.slice(0, 1000));
});
