// One instance of the core: made on first use, thrown away when it traps, made anew by the next call.

import { createGlue } from "countersign:glue";
import { loadModule } from "countersign:wasm";
import { type ErrorData, TokenError } from "./error.js";
import { fused } from "./fused.js";
import type { BoundGlue, Glue } from "./glue.js";

/** A token as callers hand it over: compact text, or its UTF-8 bytes. */
export type Token = string | Uint8Array;

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
		if (isErrorData(error)) throw new TokenError(error);
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

/** The core in one wasm instance, with its glue, its input buffer and its output frame. */
export class Instance {
	readonly glue: Glue;
	readonly #bound: BoundGlue;
	readonly #memory: WebAssembly.Memory;
	readonly #encoder = new TextEncoder();
	// The core has checked the UTF-8; a leading BOM in a payload it has refused.
	readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
	#bytes: Uint8Array;
	#frame: Uint32Array;
	readonly #framePointer: number;
	#pointer = 0;
	#capacity = 0;

	constructor() {
		this.#bound = createGlue();
		this.glue = this.#bound;
		const { exports } = new WebAssembly.Instance(loadModule(), {
			"./countersign_bg.js": this.#bound as unknown as WebAssembly.ModuleImports,
			"rsa-fma": fused(),
		});
		this.#bound.__wbg_set_wasm(exports);
		(exports.__wbindgen_start as () => void)();
		this.#memory = exports.memory as WebAssembly.Memory;
		this.#framePointer = this.glue.frame();
		this.#bytes = new Uint8Array(this.#memory.buffer);
		this.#frame = new Uint32Array(this.#memory.buffer, this.#framePointer, 4);
	}

	/** Copies a token into the core's memory and gives its length in bytes. */
	write(token: Token): number {
		if (typeof token === "string") return this.#writeText(token);
		// Not `instanceof`: under Jest and in iframes, bytes come from another realm.
		if (ArrayBuffer.isView(token)) return this.#writeBytes(token);
		// Not a token at all. The core says so when it meets a word without a dot; nothing at all is nothing.
		return token === undefined || token === null ? 0 : this.#writeText(typeof token);
	}

	#writeText(text: string): number {
		// Tokens are ASCII: a byte a character is enough for any that can pass.
		this.#reserve(text.length);
		const { read, written } = this.#encoder.encodeInto(text, this.#window());
		if (read === text.length) return written;
		return this.#writeBytes(this.#encoder.encode(text));
	}

	#writeBytes({ buffer, byteOffset, byteLength }: ArrayBufferView): number {
		if (byteLength === 0) return 0; // A detached buffer as well.
		this.#reserve(byteLength);
		this.#window().set(new Uint8Array(buffer, byteOffset, byteLength));
		return byteLength;
	}

	#reserve(length: number): void {
		if (length <= this.#capacity && this.#capacity > 0) return;
		const capacity = Math.max(length, 4096);
		this.#pointer = this.glue.input(capacity);
		this.#capacity = capacity;
	}

	#window(): Uint8Array {
		this.#refresh();
		return this.#bytes.subarray(this.#pointer, this.#pointer + this.#capacity);
	}

	// Growing the memory detaches every view of it.
	#refresh(): void {
		if (this.#bytes.buffer === this.#memory.buffer) return;
		this.#bytes = new Uint8Array(this.#memory.buffer);
		this.#frame = new Uint32Array(this.#memory.buffer, this.#framePointer, 4);
	}

	/** The payload of the last success: a view into the core's memory, to be copied before the next call. */
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

	/** The refusal that the last call recorded. */
	refusal(): TokenError {
		const data = this.glue.takeError();
		if (!data) throw new Error("a refusal without a reason");
		return new TokenError(data);
	}

	/** Cuts the glue off a dead instance, so that no finalizer of it enters the poisoned code. */
	retire(): void {
		const nothing = (): void => {};
		this.#bound.__wbg_set_wasm(new Proxy({}, { get: () => nothing }));
	}
}

function isErrorData(error: unknown): error is ErrorData {
	return (
		typeof error === "object" &&
		error !== null &&
		!(error instanceof Error) &&
		typeof (error as ErrorData).code === "string" &&
		typeof (error as ErrorData).message === "string"
	);
}
