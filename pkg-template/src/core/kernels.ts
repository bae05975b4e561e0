// The kernel modules that are linked into the core beside its own code.

import { linkRsaFma } from "./rsa-fma.js";

/** What `ml-dsa.wasm` does, once `countersign/ml-dsa` has been imported. */
export interface MlDsa {
	/** Whether the bytes are a public key of the parameter set 44, 65 or 87. */
	isKey(parameterSet: number, key: Uint8Array): boolean;
	verify(parameterSet: number, key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

let mlDsa: MlDsa | undefined;

/** Links ML-DSA into the core, for every entry of the package. */
export function linkMlDsa(kernel: MlDsa): void {
	mlDsa = kernel;
}

/** What an instance of the core imports besides its bindings; `memory` is that instance's own. */
export function kernels(memory: () => WebAssembly.Memory): WebAssembly.Imports {
	const bytes = (address: number, length: number) => new Uint8Array(memory().buffer, address >>> 0, length >>> 0);
	return {
		"rsa-fma": linkRsaFma(),
		"ml-dsa": {
			is_linked: () => Number(mlDsa !== undefined),
			is_key: (set: number, key: number, length: number) => Number(mlDsa?.isKey(set, bytes(key, length)) === true),
			verify: (set: number, ...at: [number, number, number, number, number, number]) =>
				Number(mlDsa?.verify(set, bytes(at[0], at[1]), bytes(at[2], at[3]), bytes(at[4], at[5])) === true),
		},
	};
}
