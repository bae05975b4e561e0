// ML-DSA by ml-dsa.wasm (pkg-template/ml-dsa): linked into the one core when its entry is imported.

import { mlDsaModule } from "countersign:ml-dsa-wasm";
import type { MlDsa } from "./kernels.js";

interface Kernel extends WebAssembly.Exports {
	readonly memory: WebAssembly.Memory;
	/** The address of a buffer of so many bytes. */
	readonly buffer: (length: number) => number;
	readonly is_key: (parameterSet: number, key: number) => number;
	readonly verify: (parameterSet: number, key: number, message: number) => number;
}

let kernel: Kernel | undefined;

/** The kernel, instantiated by its first key. */
export const mlDsa: MlDsa = {
	isKey: (parameterSet, key) => lay(key).is_key(parameterSet, key.length) === 1,
	verify: (parameterSet, key, message, signature) =>
		lay(key, message, signature).verify(parameterSet, key.length, message.length) === 1,
};

/** Lays parts one behind the other into the kernel's memory. */
function lay(...parts: Uint8Array[]): Kernel {
	kernel ??= new WebAssembly.Instance(mlDsaModule()).exports as Kernel;
	let at = kernel.buffer(parts.reduce((length, part) => length + part.length, 0)) >>> 0;
	const memory = new Uint8Array(kernel.memory.buffer);
	for (const part of parts) {
		memory.set(part, at);
		at += part.length;
	}
	return kernel;
}
