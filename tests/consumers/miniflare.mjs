// Run by a Node.js that miniflare accepts: serves a worker, asks it once, prints the answer.

import { dirname } from "node:path";
import { Miniflare } from "miniflare";

const [worker, ...compatibilityFlags] = process.argv.slice(2);
const miniflare = new Miniflare({
	modulesRoot: dirname(worker),
	modules: true,
	modulesRules: [{ type: "CompiledWasm", include: ["**/*.wasm"] }],
	scriptPath: worker,
	compatibilityDate: "2026-01-01",
	compatibilityFlags,
});
try {
	console.log(await (await miniflare.dispatchFetch("http://worker/")).text());
} finally {
	await miniflare.dispose();
}
