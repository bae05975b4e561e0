// Wasm modules from the text that the build makes of them. What does it is a module itself, of two kilobytes: JavaScript
// that runs for the first time would take longer than all the rest of the start.

import hex from "countersign:unpack";

interface Unpack extends WebAssembly.Exports {
	readonly memory: WebAssembly.Memory;
	/** The address for the text. */
	readonly text: () => number;
	/** Unpacks a text of so many characters; returns how many bytes the module has. */
	readonly unpack: (length: number) => number;
	/** The address of the module. */
	readonly module: () => number;
}

/** The bytes of a module, from the text that `pkg-template/wasm-text` made of it. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
	const compiled = new WebAssembly.Module(Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)));
	const { memory, ...unpack } = new WebAssembly.Instance(compiled).exports as Unpack;
	const { buffer } = memory as { buffer: ArrayBuffer };
	new TextEncoder().encodeInto(text, new Uint8Array(buffer, unpack.text()));
	const length = unpack.unpack(text.length);
	return new Uint8Array(buffer, unpack.module(), length);
}
