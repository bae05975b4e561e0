// What the build puts in place of these two names (see scripts/build.mjs). Never emitted.

declare module "countersign:glue" {
	/** A fresh copy of wasm-bindgen's glue: its state belongs to one instance and dies with it. */
	export function createGlue(): import("./glue.js").BoundGlue;
}

declare module "countersign:wasm" {
	/** The compiled core. Called once per instance, on first use, never at import. */
	export function loadModule(): WebAssembly.Module;
	/** Whether this runtime forbids one request from awaiting a promise that another made. */
	export function requestBound(): boolean;
}

declare module "countersign:bytes" {
	/** The compiled core in base64. */
	const base64: string;
	export default base64;
}

declare module "*.wasm" {
	const compiled: WebAssembly.Module;
	export default compiled;
}

declare module "*.wasm?module" {
	const compiled: WebAssembly.Module;
	export default compiled;
}
