// Run by a Node.js that miniflare accepts: serves the worker on a port of its own, prints the address, and ends when its
// input does. Nothing is mocked: what the worker fetches goes over the network.

import { dirname } from "node:path";
import { Miniflare } from "miniflare";

const [worker] = process.argv.slice(2);
const miniflare = new Miniflare({
	modulesRoot: dirname(worker),
	modules: true,
	modulesRules: [{ type: "CompiledWasm", include: ["**/*.wasm"] }],
	scriptPath: worker,
	compatibilityDate: "2026-01-01",
});
console.log((await miniflare.ready).href);
process.stdin.resume().once("end", () => miniflare.dispose());
