// `countersign/slim`: the caller brings the core.

/** @internal */
export { fusedModule } from "./fused-text.js";

let given: WebAssembly.Module | undefined;

/** @internal */
export function loadModule(): WebAssembly.Module {
	if (!given) {
		throw new TypeError("countersign/slim: call `await init(wasm)` or `initSync(wasm)` before anything else");
	}
	return given;
}

export function requestBound(): boolean {
	return globalThis.navigator?.userAgent === "Cloudflare-Workers";
}

/** Keeps a compiled module, or compiles bytes. */
export function giveSync(wasm: unknown): void {
	given = isBytes(wasm) ? new WebAssembly.Module(wasm) : (wasm as WebAssembly.Module);
}

/** As {@link giveSync}, without blocking the thread while it compiles. */
export async function give(wasm: unknown): Promise<void> {
	given = isBytes(wasm) ? await WebAssembly.compile(wasm) : (wasm as WebAssembly.Module);
}

// Neither may be tested by `instanceof`: both can come from another realm (Next.js, vm, iframes).
function isBytes(wasm: unknown): wasm is ArrayBuffer | Uint8Array<ArrayBuffer> {
	const name = Object.prototype.toString.call(wasm);
	if (ArrayBuffer.isView(wasm) || name === "[object ArrayBuffer]") return true;
	if (name === "[object WebAssembly.Module]") return false;
	throw new TypeError("wasm: must be a URL, bytes or a WebAssembly.Module of countersign.wasm");
}
