// Bundles the worker as it is deployed: esbuild, the package's `workerd` entry, the wasm beside it as a module.
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export async function buildWorker() {
	await rm(here("dist"), { recursive: true, force: true });
	await build({
		entryPoints: { worker: here("src/demo.ts") },
		outdir: here("dist"),
		bundle: true,
		format: "esm",
		target: "es2022",
		conditions: ["workerd", "worker"],
		loader: { ".wasm": "copy" },
		assetNames: "[name]",
		logLevel: "warning",
	});
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildWorker();
