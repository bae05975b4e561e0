// Condition `edge-light` (Next.js, Vercel): `?module` asks the bundler for a compiled module.

import compiled from "countersign.wasm?module";

// Not by `?module` as well: Next.js runs this on Node.js too, which may not know the instructions.
export { fusedModule } from "./fused-text.js";

export function loadModule(): WebAssembly.Module {
	return compiled;
}

export function requestBound(): boolean {
	return true;
}
