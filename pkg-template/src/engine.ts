// One instance of the core: made on first use, thrown away when it traps, made anew by the next call.

import { loadModule } from "countersign:wasm";
import { TokenError } from "./error.js";
import { fused } from "./fused.js";
import type { Operations } from "./operations.js";
import { type Arguments, requestOf } from "./options.js";

/** A token as callers hand it over: compact text, or its UTF-8 bytes. */
export type Token = string | Uint8Array;

/** What src/wasm exports. Calls end with a number: 0, or how they failed. */
interface Core {
	readonly memory: { readonly buffer: ArrayBuffer };
	input(length: number): number;
	request(length: number): number;
	frame(): number;
	call(operation: number, length: number, now: number): number;
	verify(verifier: number, length: number, now: number): number;
	keep(verifier: number, slot: number): void;
	stillHolds(verifier: number, slot: number, now: number): number;
	release(verifier: number): void;
}

const REFUSED = 1;
/** An argument is wrong: a `TypeError`. */
const WRONG = 2;
/** `verify` refuses by 3 + i where the keys of source i lack the token's. */
export const LACKS_KEY = 3;

let current: Instance | undefined;

/**
 * Runs `work` on the instance. What the core refuses arrives as a {@link TokenError}; a wrong argument
 * as a `TypeError`; after a trap, this call fails with `internal` and the next one finds a new instance.
 */
export function enter<T>(work: (instance: Instance) => T): T {
	current ??= start();
	const instance = current;
	try {
		return work(instance);
	} catch (error) {
		if (error instanceof TokenError || error instanceof TypeError) throw error;
		instance.retire();
		if (current === instance) current = undefined;
		throw new TokenError(
			{
				code: "internal",
				message:
					"internal: the core stopped; nothing was accepted, and the next call works. Please report what led to it",
				status: 503,
			},
			error,
		);
	}
}

function start(): Instance {
	try {
		return new Instance();
	} catch (error) {
		if (error instanceof TypeError) throw error;
		throw new Error(
			"countersign: this runtime would not start WebAssembly. Under a Content-Security-Policy, script-src needs 'wasm-unsafe-eval'",
			{ cause: error },
		);
	}
}

/** The core in one wasm instance, with its input buffers and its output frame. */
export class Instance {
	readonly core: Core;
	readonly #encoder = new TextEncoder();
	// The core has checked the UTF-8; a leading BOM in a payload it has refused.
	readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
	readonly #framePointer: number;
	#bytes: Uint8Array;
	#frame: Uint32Array;
	/** Where tokens go: at an address that stays, with a capacity. */
	#input: Uint8Array;
	#pointer = 0;
	#capacity = 0;
	#retired = false;
	/** Some runtimes have none: there, verifiers stay until they are disposed of. */
	readonly #abandoned: FinalizationRegistry<number> | undefined;

	constructor() {
		const { exports } = new WebAssembly.Instance(loadModule(), {
			"./countersign_bg.js": { __wbindgen_init_externref_table() {} },
			"rsa-fma": fused(),
		});
		this.core = exports as unknown as Core;
		this.#framePointer = this.core.frame();
		this.#bytes = new Uint8Array(this.core.memory.buffer);
		this.#frame = new Uint32Array(this.core.memory.buffer, this.#framePointer, 4);
		this.#input = new Uint8Array(this.core.memory.buffer, 0, 0);
		if (globalThis.FinalizationRegistry) {
			this.#abandoned = new FinalizationRegistry((verifier) => this.#release(verifier));
		}
	}

	/** Does what is asked for. Throws what the core refuses. */
	run(operation: number, asked: Arguments | string, token?: Token, now = 0): void {
		const length = this.write(token);
		const request = this.#encoder.encode(typeof asked === "string" ? asked : requestOf(asked));
		const pointer = this.core.request(request.length) >>> 0;
		this.#refresh();
		this.#bytes.set(request, pointer);
		const end = this.core.call(operation, length, now);
		if (end !== 0) throw this.refusal(end);
	}

	/** The answer to what is asked for. Throws what the core refuses. */
	ask<O extends keyof Operations>(
		operation: O,
		asked: Parameters<Operations[O]>[0],
		token?: Token,
		now?: number,
	): ReturnType<Operations[O]> {
		this.run(operation, asked, token, now);
		return JSON.parse(this.payloadText());
	}

	/** Copies a token into the core's memory and gives its length in bytes. */
	write(token: Token | undefined): number {
		if (typeof token === "string") return this.#writeText(token);
		// Not `instanceof`: under Jest and in iframes, bytes come from another realm.
		if (ArrayBuffer.isView(token)) return this.#writeBytes(token);
		// Not a token at all. The core says so when it meets a word without a dot; nothing at all is nothing.
		return token === undefined || token === null ? 0 : this.#writeText(typeof token);
	}

	#writeText(text: string): number {
		// Tokens are ASCII: a byte a character is enough for any that can pass.
		this.#reserve(text.length);
		const { read, written } = this.#encoder.encodeInto(text, this.#input);
		if (read === text.length) return written;
		return this.#writeBytes(this.#encoder.encode(text));
	}

	#writeBytes({ buffer, byteOffset, byteLength }: ArrayBufferView): number {
		if (byteLength === 0) return 0; // A detached buffer as well.
		this.#reserve(byteLength);
		this.#input.set(new Uint8Array(buffer, byteOffset, byteLength));
		return byteLength;
	}

	#reserve(length: number): void {
		this.#refresh();
		if (length <= this.#capacity && this.#capacity > 0) return;
		const capacity = Math.max(length, 4096);
		const pointer = this.core.input(capacity) >>> 0;
		if (pointer === 0) throw this.refusal(REFUSED);
		this.#pointer = pointer;
		this.#capacity = capacity;
		this.#input = new Uint8Array(this.core.memory.buffer, pointer, capacity);
	}

	// Growing the memory detaches every view of it, which then has no length. (To ask for `buffer` takes longer.)
	#refresh(): void {
		if (this.#bytes.length > 0) return;
		const { buffer } = this.core.memory;
		this.#bytes = new Uint8Array(buffer);
		this.#frame = new Uint32Array(buffer, this.#framePointer, 4);
		this.#input = new Uint8Array(buffer, this.#pointer, this.#capacity);
	}

	/** The payload, or answer, of the last success: a view into the core's memory, to be copied before the next call. */
	payload(): Uint8Array {
		this.#refresh();
		const start = this.#frame[0] as number;
		return this.#bytes.subarray(start, start + (this.#frame[1] as number));
	}

	/** The payload of the last success, which the core has parsed as a JSON object. */
	payloadText(): string {
		return this.#decoder.decode(this.payload());
	}

	/** The header of the last success. */
	headerText(): string {
		this.#refresh();
		const start = this.#frame[2] as number;
		return this.#decoder.decode(this.#bytes.subarray(start, start + (this.#frame[3] as number)));
	}

	/** The refusal that the last call ended with. */
	refusal(end: number): TokenError {
		const text = this.payloadText();
		if (end === WRONG) throw new TypeError(text);
		return new TokenError(JSON.parse(text));
	}

	/** Releases a verifier when nobody holds `holder` any more. */
	hold(holder: object, verifier: number): void {
		this.#abandoned?.register(holder, verifier, holder);
	}

	release(holder: object, verifier: number): void {
		this.#abandoned?.unregister(holder);
		this.#release(verifier);
	}

	// No finalizer enters the poisoned code of a dead instance.
	#release(verifier: number): void {
		if (!this.#retired) this.core.release(verifier);
	}

	retire(): void {
		this.#retired = true;
	}
}

/** {@link Instance.ask} of the current instance. */
export function ask<O extends keyof Operations>(
	operation: O,
	asked: Parameters<Operations[O]>[0],
	token?: Token,
	now?: number,
): ReturnType<Operations[O]> {
	return enter((instance) => instance.ask(operation, asked, token, now));
}
