// Verdicts that are kept, for who asks for it: the same token again costs no signature check.

import type { CoreVerifier } from "./core-verifier.js";
import { copyOf } from "./json.js";
import type { Verified } from "./types.js";

/**
 * The verdicts of one policy and one generation of its keys, by the whole token: by its text, which no two tokens
 * share. The oldest go first. Only tokens that passed are kept, and the core says each time whether time has not
 * changed its mind.
 */
export class Verdicts<C extends object> {
	readonly #core: CoreVerifier;
	readonly #kept = new Map<string, { readonly verified: Verified<C>; readonly slot: number }>();
	/** The core's slots that nothing is kept in. */
	#free: number[] = [];

	constructor(core: CoreVerifier) {
		this.#core = core;
		this.clear();
	}

	find(token: unknown, now: number): Verified<C> | undefined {
		const kept = this.#kept.get(token as string);
		if (!kept) return undefined;
		if (this.#core.stillHolds(kept.slot, now)) return copyOf(kept.verified);
		this.#drop(token as string, kept.slot);
		return undefined;
	}

	/** Keeps the verdict that the core has just given. */
	keep(token: unknown, verified: Verified<C>): void {
		if (typeof token !== "string") return;
		const oldest = this.#kept.entries().next().value;
		if (this.#free.length === 0 && oldest) this.#drop(oldest[0], oldest[1].slot);
		const slot = this.#free.pop();
		if (slot === undefined) return; // None are wanted.
		this.#core.keep(slot);
		this.#kept.set(token, { verified: copyOf(verified), slot });
	}

	/** Other keys, other verdicts. */
	clear(): void {
		this.#kept.clear();
		this.#free = Array.from({ length: this.#core.slots }, (_, slot) => slot);
	}

	#drop(token: string, slot: number): void {
		this.#kept.delete(token);
		this.#free.push(slot);
	}
}
