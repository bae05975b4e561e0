// Wasm modules from strings of printable ASCII (made by scripts/wasm-text.mjs).

import unpacker from "countersign:unpack-base64";
import { encoding } from "../text-encoding.js";

interface Unpacker {
	readonly memory: WebAssembly.Memory;
	/** See unpack.wat. */
	unpack(end: number): number;
}

/** Where unpack.wat expects the text: at the second page. */
const START = 0x10000;

/** The bytes of a module from its text. */
export function fromText(text: string): Uint8Array<ArrayBuffer> {
	const module = new WebAssembly.Module(Uint8Array.from(atob(unpacker), (character) => character.charCodeAt(0)));
	const { memory, unpack } = new WebAssembly.Instance(module).exports as unknown as Unpacker;
	memory.grow(Math.ceil(text.length / START) + 1);
	const { written } = new encoding.TextEncoder().encodeInto(text, new Uint8Array(memory.buffer, START));
	const end = unpack(START + written);
	if (end === 0) throw new WebAssembly.CompileError("its text has characters that were never put there");
	return new Uint8Array(memory.buffer, START, end - START);
}
