// RSA by fused multiply-add (rsa-fma.wasm): chosen once, when the core is loaded, where runtime and hardware have it.

import { rsaFmaModule } from "countersign:wasm";

let linked: WebAssembly.ModuleImports | undefined;

/** @internal What the core imports as `rsa-fma`. Without the means, functions that say so; the core then does it by itself. */
export function linkRsaFma(): WebAssembly.ModuleImports {
	linked ??= loaded();
	return linked;
}

function loaded(): WebAssembly.ModuleImports {
	try {
		// Relaxed SIMD leaves it to the hardware whether it rounds once or twice: the core asks `ready`, which knows.
		return new WebAssembly.Instance(rsaFmaModule() as WebAssembly.Module).exports as WebAssembly.ModuleImports;
	} catch {
		return MISSING; // There is no module; or the runtime does not know its instructions, or forbids code from bytes.
	}
}

/** To WebAssembly its result is 0: nothing is ready. */
const nothing = () => {};
const MISSING = { ready: nothing, set: nothing, get: nothing, precompute: nothing, power: nothing };
