// Condition `edge-light` (Next.js, Vercel): `?module` asks the bundler for a compiled module.

import compiled from "countersign.wasm?module";

export function loadModule(): WebAssembly.Module {
	return compiled;
}

/** None: code from bytes is forbidden here, and Next.js compiles what `?module` names on Node.js versions without it. */
export function fusedModule(): undefined {
	return undefined;
}

export function requestBound(): boolean {
	return true;
}
