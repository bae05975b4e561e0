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

/** What the core imports. */
export function kernels(): { readonly rsaFma: WebAssembly.ModuleImports; readonly mlDsa: object } {
	return {
		rsaFma: linkRsaFma(),
		mlDsa: {
			isLinked: () => mlDsa !== undefined,
			isKey: (set: number, key: Uint8Array) => mlDsa?.isKey(set, key) === true,
			verify: (set: number, key: Uint8Array, message: Uint8Array, signature: Uint8Array) =>
				mlDsa?.verify(set, key, message, signature) === true,
		},
	};
}
