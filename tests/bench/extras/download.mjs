// What a page or a worker has to load: each entry with all files that it imports, as they are in the package, and
// bundled and minified by esbuild, as jose is.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { root } from "../../../pkg-template/scripts/paths.mjs";
import { installed } from "../workplace.mjs";

export const title = "download: bytes to load";

/** Measured by the driver itself: no runtime has a say. */
export async function drive(folder, { against }) {
	const rows = [];
	for (const build of ["countersign", ...(against ? ["countersign-before"] : [])]) {
		rows.push(...(await published(folder, build)));
		for (const [name, source] of [
			["countersign, minified", `export * from "${build}"`],
			["countersign + login, minified", `export * from "${build}"; export * from "${build}/login"`],
			["countersign + edge, minified", `export * from "${build}"; export * from "${build}/edge"`],
		]) {
			rows.push({ name: named(name, build), ...sizes([await minified(folder, source)]) });
		}
	}
	for (const [name, source] of [
		["jose, all, minified", 'export * from "jose"'],
		["jose, importJWK + jwtVerify, minified", 'export { importJWK, jwtVerify } from "jose"'],
		["jose, createRemoteJWKSet + jwtVerify, minified", 'export { createRemoteJWKSet, jwtVerify } from "jose"'],
	]) {
		rows.push({ name, ...sizes([await minified(folder, source)]) });
	}
	return { rows };
}

const named = (name, build) => (build === "countersign" ? name : `before: ${name}`);

/** Every entry that the package exports to pages: scripts by what they import at once, and wasm. */
async function published(folder, build) {
	const inPackage = (path) => join(installed(folder, build), path);
	const { exports } = JSON.parse(await readFile(inPackage("package.json"), "utf8"));
	const rows = [];
	for (const [entry, target] of Object.entries(exports)) {
		const file = fileOf(target);
		const name = named(join("countersign", entry), build);
		if (file?.endsWith(".js")) {
			rows.push({ name: `${name}, as published`, ...sizes(await closure(inPackage(file))) });
		}
		if (file?.endsWith(".wasm")) rows.push({ name, ...sizes([await readFile(inPackage(file))]) });
	}
	return rows;
}

/** The file that a page gets. */
const fileOf = (target) => (typeof target === "string" ? target : target && fileOf(target.browser ?? target.default));

/** The contents of a file and of all that it imports by a relative path; what `import()` brings later is left out. */
async function closure(file) {
	const { metafile } = await esbuild.build({
		entryPoints: [file],
		absWorkingDir: dirname(file),
		bundle: true,
		format: "esm",
		loader: { ".wasm": "file" },
		outdir: "unwritten",
		metafile: true,
		write: false,
		logLevel: "silent",
	});
	const entry = Object.keys(metafile.inputs).find((name) => join(dirname(file), name) === file);
	const seen = new Set();
	const walk = (name) => {
		if (seen.has(name)) return;
		seen.add(name);
		for (const { path, kind, external } of metafile.inputs[name].imports) {
			if (kind === "import-statement" && !external) walk(path);
		}
	};
	walk(entry);
	return Promise.all([...seen].map((name) => readFile(join(dirname(file), name))));
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
export const row = ({ name, files, raw, gzip, brotli }, { bytes }) => [
	name,
	String(files),
	bytes(raw),
	bytes(gzip),
	bytes(brotli),
];
