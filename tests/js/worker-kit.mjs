// The package as Workers load it, in this process: every promise is its request's there.

import { readFileSync } from "node:fs";
import { register } from "node:module";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { entryFile } from "./helpers.mjs";

// Workers get compiled modules from an import of .wasm. Node.js 20 lacks the relaxed SIMD of rsa-fma.wasm, which is optional.
globalThis.compiledHere = (url) => {
	const bytes = readFileSync(new URL(url));
	return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : undefined;
};
register(
	`data:text/javascript,${encodeURIComponent(`
		export const load = (url, context, next) => {
			if (!url.endsWith(".wasm")) return next(url, context);
			const source = "export default globalThis.compiledHere(" + JSON.stringify(url) + ")";
			return { format: "module", shortCircuit: true, source };
		};
	`)}`,
);

export const { guard } = await import(pathToFileURL(join(entryFile("edge"), "..", "..", "workerd", "edge.js")).href);

/** Begins what a request does, and ends that request after a moment: its timers end with it, and nobody is told. */
export async function cutOff(work) {
	const { setInterval } = globalThis;
	const timers = [];
	globalThis.setInterval = (...args) => {
		timers.push(setInterval(...args));
		return timers.at(-1);
	};
	try {
		work().catch(() => {});
		await pause(30);
	} finally {
		globalThis.setInterval = setInterval;
		for (const timer of timers) clearInterval(timer);
	}
}
