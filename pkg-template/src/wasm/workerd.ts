// Condition `workerd`: the import already is a compiled module, as bytes may not be compiled there.

import compiled from "countersign.wasm";
import fused from "rsa-fma.wasm";

export function fusedModule(): WebAssembly.Module {
	return fused;
}

export function loadModule(): WebAssembly.Module {
	return compiled;
}

export function requestBound(): boolean {
	return true;
}
