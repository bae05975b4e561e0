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
	export const values: readonly number[];
	export const length: number;
	export const text: string;
}

declare module "countersign:fused-text" {
	export const values: readonly number[];
	export const length: number;
	export const text: string;
}

declare module "*.wasm" {
	const compiled: WebAssembly.Module;
	export default compiled;
}

declare module "*.wasm?module" {
	const compiled: WebAssembly.Module;
	export default compiled;
}
