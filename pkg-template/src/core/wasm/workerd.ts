// Condition `workerd`: the import already is a compiled module, as bytes may not be compiled there.

import compiled from "countersign.wasm";
import rsaFma from "rsa-fma.wasm";

let platform: Partial<typeof import("cloudflare:workers")> | undefined;
import("cloudflare:workers")
	.catch(() => undefined)
	.then((module) => {
		platform = module;
	});

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

export function platformWaitUntil(): ((work: Promise<unknown>) => void) | undefined {
	return platform?.waitUntil;
}
