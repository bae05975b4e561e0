// Run by a Node.js that miniflare accepts: serves the worker, posts the corpus to it, prints its answer.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { Miniflare } from "miniflare";

const [worker, corpus] = process.argv.slice(2);
const { version } = createRequire(import.meta.url)("workerd/package.json");
const miniflare = new Miniflare({
	modulesRoot: dirname(worker),
	modules: true,
	modulesRules: [{ type: "CompiledWasm", include: ["**/*.wasm"] }],
	scriptPath: worker,
	compatibilityDate: "2026-01-01",
});
try {
	const response = await miniflare.dispatchFetch("http://suite/", { method: "POST", body: readFileSync(corpus) });
	const result = await response.json();
	if (result.error) throw new Error(result.error);
	console.log(JSON.stringify({ version, ...result }));
} finally {
	await miniflare.dispose();
}
