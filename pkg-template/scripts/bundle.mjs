// Bundles the entries for each kind of runtime. They differ in a few files: how the wasm is loaded.

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as esbuild from "esbuild";
import { pkg, template } from "./paths.mjs";
import { codesOf, literal } from "./wasm-text.mjs";

const src = join(template, "src");

/**
 * `core`, `error` and `gate` are what others share: they stay files of their own, so that a page loads the wasm once, and
 * `login` loads it, with its own engine, only when somebody logs in. The adapters for frameworks stand on `gate`, as `edge`
 * does; `node` is under those that speak with Node.js.
 */
const ENTRIES = {
	core: "core.ts",
	error: "error.ts",
	index: "index.ts",
	login: "login/index.ts",
	"login-engine": "login/login-engine.ts",
	gate: "edge/gate.ts",
	edge: "edge/index.ts",
	hono: "hono/index.ts",
	express: "express/index.ts",
	fastify: "fastify/index.ts",
	next: "next/index.ts",
	node: "node/index.ts",
	mcp: "mcp/index.ts",
	"ml-dsa": "ml-dsa.ts",
};

const TESTING = { testing: "testing/index.ts" };
const REACT = { react: "react/index.ts" };

const VARIANTS = [
	{ folder: "esm", loader: "inline", entries: ENTRIES, format: "esm" },
	{ folder: "esm", loader: "inline", entries: { cli: "cli/main.ts" }, format: "esm", platform: "node" },
	// No wasm and nothing of the core: one file serves every runtime.
	{ folder: "esm", entries: TESTING, format: "esm" },
	{ folder: "cjs", entries: TESTING, format: "cjs", platform: "node" },
	{ folder: "esm", entries: REACT, format: "esm" },
	{ folder: "cjs", entries: REACT, format: "cjs", platform: "node" },
	// For Node.js's lexer of CommonJS, esbuild lists the names of what a file exports.
	{ folder: "cjs", loader: "inline", entries: ENTRIES, format: "cjs", platform: "node" },
	{ folder: "workerd", loader: "workerd", entries: ENTRIES, format: "esm" },
	{ folder: "edge-light", loader: "edge-light", entries: ENTRIES, format: "esm" },
	{ folder: "esm", loader: "provided", entries: { slim: "slim.ts" }, format: "esm", alone: true },
	{ folder: "cjs", loader: "provided", entries: { slim: "slim.ts" }, format: "cjs", platform: "node", alone: true },
];

/** Writes all bundles into pkg/: of the wasm modules by name, the file of wasm-bindgen's glue, and the version. */
export async function bundle(modules, glue, version) {
	const codes = codesOf(Object.values(modules));
	const texts = Object.fromEntries(Object.entries(modules).map(([name, bytes]) => [name, literal(bytes, codes)]));
	const bindings = await factory(glue);
	await Promise.all(VARIANTS.map((variant) => bundleVariant(variant, texts, bindings, version)));
}

/**
 * wasm-bindgen's glue keeps its instance in variables of the module: as a function's, each instance has its own. What it
 * does not export is named shortly: that code is generated, and nobody looks for a name in it.
 */
async function factory(glue) {
	const { outputFiles } = await esbuild.build({
		entryPoints: [glue],
		bundle: true,
		format: "esm",
		target: "es2022",
		minify: true,
		write: false,
		logLevel: "warning",
	});
	const [body, exported] = outputFiles[0].text.split(/\bexport\s*\{|\};?\s*$/);
	const members = exported.replaceAll(/([^\s,]+) as ([^\s,]+)/g, "$2: $1");
	return `export function createBindings({ TextDecoder, TextEncoder }) {
	${body}
	return { ${members} };
}`;
}

async function bundleVariant(
	{ folder, loader, entries, format, platform = "neutral", alone },
	texts,
	bindings,
	version,
) {
	const { outputFiles } = await esbuild.build({
		entryPoints: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, join(src, file)])),
		outdir: join(pkg, folder),
		bundle: true,
		format,
		target: "es2022",
		platform,
		// In CommonJS, `import()` of what `require` loads as well would be a second copy of it.
		supported: { "dynamic-import": format === "esm" },
		charset: "utf8",
		legalComments: "none",
		// Names stay, for whoever reads a stack trace; and lines stay short, as Node.js prints the one that throws. What
		// is made is put in place behind that: its lines are to stay whole.
		minifySyntax: true,
		minifyWhitespace: true,
		lineLimit: 100,
		write: false,
		logLevel: "warning",
		external: ["cloudflare:workers", "react", "@modelcontextprotocol/sdk"],
		define: { VERSION: JSON.stringify(version), IS_LOADED_AHEAD: String(loader === "workerd") },
		plugins: [made(loader, bindings, alone)],
	});
	for (const { path, text } of outputFiles) {
		await mkdir(dirname(path), { recursive: true });
		const placed = text
			// On a line of its own: tools that read a file's kind from its text look for it there.
			.replace(/(?<=[;}])export\{/, "\nexport{")
			.replaceAll(/"countersign:([a-z-]+)-text"/g, (_, name) => texts[name === "core" ? "countersign" : name]);
		await writeFile(path, placed);
	}
}

/** What the build puts in place of the names in src/ambient.d.ts. */
function made(loader, bindings, alone) {
	const wasm = (file) => () => ({ path: join(src, "core", "wasm", file) });
	return {
		name: "countersign",
		setup({ onResolve, onLoad }) {
			onResolve({ filter: /^countersign:wasm$/ }, wasm(`${loader}.ts`));
			onResolve({ filter: /^countersign:ml-dsa-wasm$/ }, wasm(`ml-dsa-${loader}.ts`));
			onResolve({ filter: /^countersign:/ }, ({ path }) => ({ path, namespace: "made" }));
			onResolve({ filter: /^[a-z-]+\.wasm(\?module)?$/ }, ({ path }) => ({ path: `../${path}`, external: true }));
			if (!alone) {
				for (const name of ["core", "error", "gate", "login-engine"]) {
					const shared = { path: `./${name}.js`, external: true, sideEffects: false };
					onResolve({ filter: new RegExp(`/${name}\\.js$`) }, ({ kind }) =>
						kind === "entry-point" ? undefined : shared,
					);
				}
			}
			onLoad({ filter: /bindings$/, namespace: "made" }, () => ({ contents: bindings, loader: "js" }));
			onLoad({ filter: /-text$/, namespace: "made" }, ({ path }) => ({ contents: path, loader: "text" }));
		},
	};
}
