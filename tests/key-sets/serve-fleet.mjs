// Run by a Node.js that miniflare accepts: serves a worker in as many isolates as are asked for, prints their addresses,
// and ends when its input does.

import { dirname } from "node:path";
import { Miniflare } from "miniflare";

const [scriptPath, isolates, objects] = process.argv.slice(2);
const names = Array.from({ length: Number(isolates) }, (_, at) => `isolate-${at}`);
const durableObjects = Object.fromEntries(
	Object.entries(JSON.parse(objects)).map(([binding, className]) => [
		binding,
		{ className, scriptName: names[0], useSQLite: true },
	]),
);
const miniflare = new Miniflare({
	workers: names.map((name) => ({
		name,
		modulesRoot: dirname(scriptPath),
		modules: true,
		modulesRules: [{ type: "CompiledWasm", include: ["**/*.wasm"] }],
		scriptPath,
		compatibilityDate: "2026-01-01",
		kvNamespaces: { KEYS: "keys" },
		durableObjects,
		unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
	})),
});
await miniflare.ready;
const addresses = await Promise.all(names.map((name) => miniflare.unsafeGetDirectURL(name)));
console.log(JSON.stringify(addresses.map(({ href }) => href)));
process.stdin.resume().once("end", () => miniflare.dispose());
