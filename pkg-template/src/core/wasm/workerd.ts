// Condition `workerd`: the import already is a compiled module, as bytes may not be compiled there.

import compiled from "countersign.wasm";
import rsaFma from "rsa-fma.wasm";

export function coreModule(): WebAssembly.Module {
	return compiled;
}

export async function compileCore(): Promise<WebAssembly.Module> {
	return compiled;
}

export function rsaFmaModule(): WebAssembly.Module {
	return rsaFma;
}

export function promisesAreRequestScoped(): boolean {
	return true;
}
