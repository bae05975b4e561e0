// Run by a Node.js that miniflare accepts: serves the worker, prints its address, and ends when its input does.

import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";

const { outputFiles } = await build({
	entryPoints: [fileURLToPath(new URL("authorization-server.js", import.meta.url))],
	bundle: true,
	format: "esm",
	external: ["cloudflare:*"],
	write: false,
});
const miniflare = new Miniflare({
	modules: true,
	script: outputFiles[0].text,
	host: "localhost",
	compatibilityDate: "2026-01-01",
	kvNamespaces: ["OAUTH_KV"],
});
console.log((await miniflare.ready).origin);
process.stdin.resume().once("end", () => miniflare.dispose());
