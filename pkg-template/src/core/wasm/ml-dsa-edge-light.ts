// Condition `edge-light`: `?module` asks the bundler for a compiled module.

import compiled from "ml-dsa.wasm?module";

export function mlDsaModule(): WebAssembly.Module {
	return compiled;
}
