// Run by a Node.js that miniflare accepts: serves a worker at PORT, in real workerd.

import { dirname } from "node:path";
import { Miniflare } from "miniflare";

const [worker] = process.argv.slice(2);
const miniflare = new Miniflare({
	host: "127.0.0.1",
	port: Number(process.env.PORT),
	modulesRoot: dirname(worker),
	modules: true,
	modulesRules: [{ type: "CompiledWasm", include: ["**/*.wasm"] }],
	scriptPath: worker,
	compatibilityDate: "2026-01-01",
	compatibilityFlags: ["nodejs_compat"],
	analyticsEngineDatasets: { METRICS: { dataset: "metrics" } },
});
await miniflare.ready;
