// Condition `workerd`: the import already is a compiled module.

import compiled from "ml-dsa.wasm";

export function mlDsaModule(): WebAssembly.Module {
	return compiled;
}
