/**
 * The same as `countersign` without the wasm inside: the caller brings `countersign/countersign.wasm`.
 *
 * @packageDocumentation
 */

import { compileAndSetModule, setModule } from "./core/wasm/provided.js";

export * from "./index.js";

/** The core: bytes, or a compiled `WebAssembly.Module`. */
export type Wasm = ArrayBuffer | ArrayBufferView | object;

/**
 * Takes the core, before anything else is called: the address of `countersign.wasm`, its bytes, or the
 * compiled module.
 */
export async function init(wasm: string | { readonly href: string } | Wasm | Promise<Wasm>): Promise<void> {
	const given = await wasm;
	const url = typeof given === "string" ? given : isUrl(given) ? given.href : undefined;
	if (url === undefined) return compileAndSetModule(given);
	const response = await globalThis.fetch(url);
	if (response.status !== 200) throw new TypeError(`wasm: ${url} answered with status ${response.status}`);
	return compileAndSetModule(await response.arrayBuffer());
}

/** As {@link init}, at once: for bytes or a compiled module. */
export function initSync(wasm: Wasm): void {
	setModule(wasm);
}

function isUrl(value: object): value is { readonly href: string } {
	return Object.prototype.toString.call(value) === "[object URL]";
}
