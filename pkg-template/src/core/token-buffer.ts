// The buffer by which tokens go into the core's memory, and header and payload come out of it.

import type { Bindings } from "countersign:bindings";
import { encoding } from "./text-encoding.js";

/** A token as callers hand it over: compact text, or its UTF-8 bytes. */
export type Token = string | Uint8Array;

/** The core has a bound of its own. */
const MAX_LENGTH = 0xffff_ffff;
/** How many numbers the core's frame has. */
const FRAME = 5;

/** Reads and writes the core's memory in place: a string that crosses by itself takes several times as long. */
export class TokenBuffer {
	readonly #core: Bindings;
	readonly #memory: WebAssembly.Memory;
	readonly #encoder = new encoding.TextEncoder();
	// The core has checked the UTF-8; a leading BOM, which this would pass over, it has refused.
	readonly #decoder = new encoding.TextDecoder();
	readonly #framePointer: number;
	#bytes: Uint8Array;
	#frame: Uint32Array;
	#input: Uint8Array;
	#pointer = 0;

	constructor(core: Bindings, memory: WebAssembly.Memory) {
		this.#core = core;
		this.#memory = memory;
		this.#framePointer = core.frame();
		this.#bytes = new Uint8Array(memory.buffer);
		this.#frame = new Uint32Array(memory.buffer, this.#framePointer, FRAME);
		this.#input = new Uint8Array(memory.buffer, 0, 0);
	}

	/** Copies a token of at most `max` bytes into the core's memory, and gives its length in bytes. */
	write(token: Token, max: number = MAX_LENGTH): number {
		if (typeof token === "string") return this.#writeText(token, max);
		// Not `instanceof`: under Jest and in iframes, bytes come from another realm.
		if (ArrayBuffer.isView(token)) return this.#writeBytes(token, max);
		return 0; // Not a token at all: the core refuses it like an empty one.
	}

	#writeText(text: string, max: number): number {
		// Tokens are ASCII: a byte a character is enough for any that can pass.
		this.#reserve(text.length, max);
		const { read, written } = this.#encoder.encodeInto(text, this.#input);
		if (read === text.length) return written;
		return this.#writeBytes(this.#encoder.encode(text), max);
	}

	#writeBytes({ buffer, byteOffset, byteLength }: ArrayBufferView, max: number): number {
		if (byteLength === 0) return 0; // A detached buffer as well.
		this.#reserve(byteLength, max);
		this.#input.set(new Uint8Array(buffer, byteOffset, byteLength));
		return byteLength;
	}

	#reserve(length: number, max: number): void {
		this.#refresh();
		if (length <= max && length <= (this.#frame[4] as number)) return;
		this.#pointer = this.#core.tokenBuffer(length, max) >>> 0;
		this.#bytes = new Uint8Array(this.#memory.buffer);
		this.#frame = new Uint32Array(this.#memory.buffer, this.#framePointer, FRAME);
		this.#input = this.#bytes.subarray(this.#pointer, this.#pointer + this.#core.tokenBufferLength());
	}

	// Growing the memory detaches every view of it, which then has no length. (To ask for `buffer` takes longer.)
	#refresh(): void {
		if (this.#bytes.length > 0) return;
		const { buffer } = this.#memory;
		this.#bytes = new Uint8Array(buffer);
		this.#frame = new Uint32Array(buffer, this.#framePointer, FRAME);
		this.#input = new Uint8Array(buffer, this.#pointer, this.#core.tokenBufferLength());
	}

	/** The payload of the last token that passed. */
	payloadText(): string {
		return this.#text(0);
	}

	/** The header of the last token that passed. */
	headerText(): string {
		return this.#text(2);
	}

	#text(at: 0 | 2): string {
		this.#refresh();
		const start = this.#frame[at] as number;
		return this.#decoder.decode(this.#bytes.subarray(start, start + (this.#frame[at + 1] as number)));
	}
}
