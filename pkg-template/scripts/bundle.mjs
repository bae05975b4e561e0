// Bundles the entries for each kind of runtime. They differ in one file: how the wasm is loaded.

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as esbuild from "esbuild";
import { pkg, template } from "./paths.mjs";

const src = join(template, "src");
/** `core` is what the others share: it stays a file of its own, so that a page loads it, and the wasm, once. */
const ENTRIES = { core: "core.ts", index: "index.ts", login: "login/index.ts", edge: "edge/index.ts" };

// jsdom, under Jest, has neither of the two.
const JSDOM =
	'const { TextDecoder, TextEncoder } = globalThis.TextDecoder ? globalThis : process.getBuiltinModule("node:util");';

const VARIANTS = [
	{ folder: "esm", wasm: "inline", entries: ENTRIES, format: "esm" },
	{ folder: "esm", wasm: "inline", entries: { cli: "cli/main.ts" }, format: "esm", platform: "node" },
	{ folder: "cjs", wasm: "inline", entries: ENTRIES, format: "cjs", banner: JSDOM },
	{ folder: "workerd", wasm: "workerd", entries: ENTRIES, format: "esm" },
	{ folder: "edge-light", wasm: "edge-light", entries: ENTRIES, format: "esm" },
	{ folder: "esm", wasm: "given", entries: { slim: "slim.ts" }, format: "esm", alone: true },
	{ folder: "cjs", wasm: "given", entries: { slim: "slim.ts" }, format: "cjs", alone: true, banner: JSDOM },
	...["esm", "cjs", "workerd", "edge-light"].map((folder) => ({
		folder,
		wasm: folder === "esm" || folder === "cjs" ? "inline" : folder,
		core: "countersign-ml-dsa",
		entries: { "ml-dsa": "ml-dsa.ts" },
		format: folder === "cjs" ? "cjs" : "esm",
		alone: true,
		...(folder === "cjs" && { banner: JSDOM }),
	})),
];

/** Writes all bundles into pkg/. `texts` has each wasm module as text by its name; `unpack` is what unpacks them. */
export async function bundle(texts, unpack) {
	await Promise.all(VARIANTS.map((variant) => bundleVariant(variant, texts, unpack)));
}

async function bundleVariant(
	{ folder, wasm: loader, core = "countersign", entries, format, platform = "neutral", alone, banner },
	texts,
	unpack,
) {
	const made = {
		"countersign:core-text": texts[core],
		"countersign:fused-text": texts["rsa-fma"],
		"countersign:unpack": unpack.toString("hex"),
	};
	const { outputFiles } = await esbuild.build({
		entryPoints: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, join(src, file)])),
		outdir: join(pkg, folder),
		bundle: true,
		format,
		target: "es2022",
		platform,
		charset: "utf8",
		legalComments: "none",
		// Names stay, for whoever reads a stack trace; and lines stay short, as Node.js prints the one that throws. What
		// is made is put in place behind that: its lines are to stay whole.
		minifySyntax: true,
		minifyWhitespace: true,
		lineLimit: 100,
		write: false,
		logLevel: "warning",
		...(banner && { banner: { js: banner } }),
		plugins: [
			{
				name: "countersign",
				setup({ onResolve, onLoad }) {
					onResolve({ filter: /^countersign:wasm$/ }, () => ({ path: join(src, "wasm", `${loader}.ts`) }));
					onResolve({ filter: /^countersign:/ }, ({ path }) => ({ path, namespace: "made" }));
					onResolve({ filter: /^(countersign|rsa-fma)\.wasm(\?module)?$/ }, ({ path }) => ({
						path: `../${path.replace("countersign", core)}`,
						external: true,
					}));
					if (!alone) {
						onResolve({ filter: /\/core\.js$/ }, () => ({ path: "./core.js", external: true, sideEffects: false }));
					}
					onLoad({ filter: /./, namespace: "made" }, ({ path }) => ({ contents: path, loader: "text" }));
				},
			},
		],
	});
	for (const { path, text } of outputFiles) {
		await mkdir(dirname(path), { recursive: true });
		await writeFile(
			path,
			text.replaceAll(/"(countersign:[a-z-]+)"/g, (_, name) => `"${made[name]}"`),
		);
	}
}
