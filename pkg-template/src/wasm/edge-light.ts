// Condition `edge-light` (Next.js, Vercel): `?module` asks the bundler for a compiled module.

import compiled from "countersign.wasm?module";

export function loadModule(): WebAssembly.Module {
	return compiled;
}

export function requestBound(): boolean {
	return true;
}
