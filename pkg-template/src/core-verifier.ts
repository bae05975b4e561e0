// A verifier inside an instance of the core.

import type { Instance, Token } from "./engine.js";
import {
	type CoreExplanation,
	CREATE_VERIFIER,
	EXPLAIN,
	type JsonText,
	type KeySource,
	SET_KEYS,
} from "./operations.js";

/** A verifier inside an instance of the core, which forgets it when nobody holds this any more. */
export class CoreVerifier {
	/** Where the keys of each trusted issuer come from. */
	readonly sources: readonly KeySource[];
	/** How many verdicts may be kept, and in which slots: from 0. */
	readonly slots: number;
	readonly #instance: Instance;
	readonly #verifier: number;

	constructor(instance: Instance, options: JsonText) {
		const { verifier, slots, sources } = instance.ask(CREATE_VERIFIER, options);
		this.#instance = instance;
		this.#verifier = verifier;
		this.slots = slots;
		this.sources = sources;
		instance.hold(this, verifier);
	}

	setKeys(index: number, keys: string): void {
		this.#instance.ask(SET_KEYS, { verifier: this.#verifier, index, keys });
	}

	/** 0, or how the token is refused. */
	verify(token: Token, now: number): number {
		return this.#instance.core.verify(this.#verifier, this.#instance.write(token), now);
	}

	/** Keeps in a slot what the last verdict hangs on. */
	keep(slot: number): void {
		this.#instance.core.keep(this.#verifier, slot);
	}

	stillHolds(slot: number, now: number): boolean {
		return this.#instance.core.stillHolds(this.#verifier, slot, now) === 1;
	}

	explain(token: Token, now: number): CoreExplanation {
		return this.#instance.ask(EXPLAIN, { verifier: this.#verifier }, token, now);
	}

	free(): void {
		this.#instance.release(this, this.#verifier);
	}
}
