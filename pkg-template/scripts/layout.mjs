// Lays out what stands beside the bundles in pkg/: the manifests. package.json's `exports` is the one list of entries.

import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { pkg, template } from "./paths.mjs";

/** Writes package.json, the one that makes cjs/ CommonJS, and a folder for each entry. */
export async function layOut(version) {
	const described = JSON.parse(await readFile(join(template, "package.json"), "utf8"));
	await write("package.json", { ...described, version });
	// There, .js and .d.ts mean CommonJS.
	await write("cjs/package.json", { type: "commonjs" });
	for (const [name, manifest] of entryFolders(described.exports)) await write(`${name}/package.json`, manifest);
}

/**
 * A folder for each entry, for tools that know no `exports`: Parcel 2, TypeScript's node10, webpack 4, Browserify.
 * They look for `countersign/login` in the folder login/.
 */
export function entryFolders(exports) {
	return Object.entries(exports)
		.filter(([name, target]) => name !== "." && typeof target === "object")
		.map(([name, { require, default: esm }]) => [
			name.slice(2),
			{ main: above(require.default), module: above(esm.default), types: above(esm.types) },
		]);
}

const above = (path) => `../${path.slice(2)}`;

async function write(path, manifest) {
	const file = join(pkg, path);
	await mkdir(join(file, ".."), { recursive: true });
	await writeFile(file, `${JSON.stringify(manifest, undefined, "\t")}\n`);
}

const ADAPTERS = ["hono", "express", "fastify", "next", "node", "mcp"].map((name) => `${name}/index`);
const ENTRIES = ["index", "login/index", "edge/index", ...ADAPTERS, "slim", "ml-dsa", "testing/index", "react/index"];

/** Removes the types that no entry leads to: what is internal needs types that a user's project need not have. */
export async function pruneTypes(folder) {
	const needed = new Set();
	const follow = async (file) => {
		if (needed.has(file)) return;
		needed.add(file);
		const text = await readFile(join(folder, file), "utf8");
		for (const [, target] of text.matchAll(/(?:from |import\()"(\.[^"]+)\.js"/g)) {
			await follow(join(dirname(file), `${target}.d.ts`));
		}
	};
	for (const name of ENTRIES) await follow(join(`${name}.d.ts`));
	for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
		const file = relative(folder, join(entry.parentPath, entry.name));
		if (file.endsWith(".d.ts") && !needed.has(file)) await rm(join(folder, file));
	}
}
