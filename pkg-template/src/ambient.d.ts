// What the build puts in place of these names (see scripts/build.mjs). Never emitted.

declare module "countersign:wasm" {
	/** The compiled core. Called once per instance, on first use, never at import. */
	export function loadModule(): WebAssembly.Module;
	/** rsa-fma.wasm, where the runtime can compile it. */
	export function fusedModule(): WebAssembly.Module | undefined;
	/** Whether this runtime forbids one request from awaiting a promise that another made. */
	export function requestBound(): boolean;
}

declare module "countersign:core-text" {
	/** countersign.wasm as text. */
	const text: string;
	export default text;
}

declare module "countersign:fused-text" {
	/** rsa-fma.wasm as text. */
	const text: string;
	export default text;
}

declare module "countersign:unpack" {
	/** unpack.wasm in hexadecimal. */
	const hex: string;
	export default hex;
}

declare module "*.wasm" {
	const compiled: WebAssembly.Module;
	export default compiled;
}

declare module "*.wasm?module" {
	const compiled: WebAssembly.Module;
	export default compiled;
}
