// What a page or a worker has to load: each entry with all files that it imports, as they are in the package, and
// bundled and minified by esbuild, as jose is.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { root } from "../../../pkg-template/scripts/paths.mjs";

export const title = "download: octets to load";

/** Measured by the driver itself: no runtime has a say. */
export async function drive(folder) {
	const inPackage = (...path) => join(folder, "node_modules", "countersign", ...path);
	const rows = [];
	for (const [name, file] of [
		["countersign", "index.js"],
		["countersign/login", "login.js"],
		["countersign/edge", "edge.js"],
		["countersign/slim", "slim.js"],
	]) {
		rows.push({ name: `${name}, as published`, ...sizes(await closure(inPackage("esm", file))) });
	}
	rows.push({ name: "countersign.wasm, for slim", ...sizes([await readFile(inPackage("countersign.wasm"))]) });
	for (const [name, source] of [
		["countersign, minified", 'export * from "countersign"'],
		["countersign + login, minified", 'export * from "countersign"; export * from "countersign/login"'],
		["countersign + edge, minified", 'export * from "countersign"; export * from "countersign/edge"'],
		["jose, all, minified", 'export * from "jose"'],
		["jose, importJWK + jwtVerify, minified", 'export { importJWK, jwtVerify } from "jose"'],
		["jose, createRemoteJWKSet + jwtVerify, minified", 'export { createRemoteJWKSet, jwtVerify } from "jose"'],
	]) {
		rows.push({ name, ...sizes([await minified(folder, source)]) });
	}
	return { rows };
}

/** The contents of a file and of all that it imports by a relative path. */
async function closure(file, seen = new Set()) {
	if (seen.has(file)) return [];
	seen.add(file);
	const content = await readFile(file);
	const contents = [content];
	for (const [, path] of content.toString().matchAll(/^(?:import|export)\b[^"']*?["'](\.{1,2}\/[^"']+)["'];?$/gm)) {
		contents.push(...(await closure(join(dirname(file), path), seen)));
	}
	return contents;
}

async function minified(folder, contents) {
	const { outputFiles } = await esbuild.build({
		stdin: { contents, resolveDir: root },
		nodePaths: [join(folder, "node_modules")],
		bundle: true,
		minify: true,
		format: "esm",
		target: "es2022",
		write: false,
		logLevel: "silent",
	});
	return outputFiles[0].contents;
}

/** Compressed sizes by content: several entries share a file. */
const known = new Map();

/** Files are compressed one by one, as servers do it. */
function sizes(files) {
	const total = { files: files.length, raw: 0, gzip: 0, brotli: 0 };
	for (const file of files) for (const [kind, size] of Object.entries(sizesOf(file))) total[kind] += size;
	return total;
}

function sizesOf(file) {
	const digest = createHash("sha256").update(file).digest("hex");
	if (!known.has(digest)) {
		const gzip = gzipSync(file, { level: 9 }).length;
		const brotli = brotliCompressSync(file, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
		known.set(digest, { raw: file.length, gzip, brotli });
	}
	return known.get(digest);
}

export const columns = ["", "files", "raw", "gzip -9", "brotli -q 11"];
export const row = ({ name, files, raw, gzip, brotli }, { octets }) => [
	name,
	String(files),
	octets(raw),
	octets(gzip),
	octets(brotli),
];
