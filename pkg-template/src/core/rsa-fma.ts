// RSA by fused multiply-add (rsa-fma.wasm): chosen once, when the core is loaded, where runtime and hardware have it.

import { rsaFmaModule } from "countersign:wasm";

let linked: WebAssembly.ModuleImports | undefined;

/** @internal What the core imports as `rsa-fma`. Without the means, functions that say so; the core then does it by itself. */
export function linkRsaFma(): WebAssembly.ModuleImports {
	linked ??= working() ?? MISSING;
	return linked;
}

function working(): WebAssembly.ModuleImports | undefined {
	const module = rsaFmaModule();
	if (!module) return undefined;
	try {
		const functions = new WebAssembly.Instance(module).exports as WebAssembly.ModuleImports;
		// Relaxed SIMD leaves it to the hardware whether it rounds once or twice: one known product tells.
		return (functions.ready as () => number)() === 1 ? functions : undefined;
	} catch {
		return undefined;
	}
}

const MISSING: WebAssembly.ModuleImports = {
	ready: () => 0,
	set: () => {},
	get: () => 0n,
	precompute: () => {},
	power: () => {},
};
