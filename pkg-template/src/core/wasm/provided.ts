// `countersign/slim`: the caller brings the core.

/** @internal */
export { rsaFmaModule } from "./rsa-fma-text.js";

let provided: WebAssembly.Module | undefined;

/** @internal */
export function coreModule(): WebAssembly.Module {
	if (!provided) {
		throw new TypeError("countersign/slim: call `await init(wasm)` or `initSync(wasm)` before anything else");
	}
	return provided;
}

/** @internal */
export async function compileCore(): Promise<WebAssembly.Module> {
	return coreModule();
}

/** @internal */
export function promisesAreRequestScoped(): boolean {
	return globalThis.navigator?.userAgent === "Cloudflare-Workers";
}

/** @internal None: what imports the module that has it loads in one runtime alone. */
export function platformWaitUntil(): undefined {
	return undefined;
}

/** Keeps a compiled module, or compiles bytes. */
export function setModule(wasm: unknown): void {
	provided = isBytes(wasm) ? new WebAssembly.Module(wasm) : (wasm as WebAssembly.Module);
}

/** As {@link setModule}, without blocking the thread while it compiles. */
export async function compileAndSetModule(wasm: unknown): Promise<void> {
	provided = isBytes(wasm) ? await WebAssembly.compile(wasm) : (wasm as WebAssembly.Module);
}

// Neither may be tested by `instanceof`: both can come from another realm (Next.js, vm, iframes).
function isBytes(wasm: unknown): wasm is ArrayBuffer | Uint8Array<ArrayBuffer> {
	const name = Object.prototype.toString.call(wasm);
	if (ArrayBuffer.isView(wasm) || name === "[object ArrayBuffer]") return true;
	if (name === "[object WebAssembly.Module]") return false;
	throw new TypeError("wasm: must be a URL, bytes or a WebAssembly.Module of countersign.wasm");
}
