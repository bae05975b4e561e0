// Lays out what stands beside the bundles in pkg/: the manifests. package.json's `exports` is the one list of entries.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
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
