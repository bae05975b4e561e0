// Verdicts that are kept, for who asks for it: the same token again costs no signature check.

import type { CoreVerifier } from "./glue.js";

/** A verdict's texts; each hit parses them anew, so that no caller can change another's claims. */
export interface KeptVerdict {
	readonly claims: string;
	readonly header: string;
}

/**
 * The verdicts of one policy and one generation of its keys, by the whole token: by its text, which no two tokens
 * share. The oldest go first. Only tokens that passed are kept, and the core says each time whether time has not
 * changed its mind.
 */
export class Verdicts {
	readonly #core: CoreVerifier;
	readonly #kept = new Map<string, KeptVerdict & { readonly slot: number }>();
	/** The core's slots that nothing is kept in. */
	#free: number[] = [];

	constructor(core: CoreVerifier) {
		this.#core = core;
		this.clear();
	}

	find(token: unknown, now: number): KeptVerdict | undefined {
		const kept = this.#kept.get(token as string);
		if (!kept || this.#core.stillHolds(kept.slot, now)) return kept;
		this.#drop(token as string, kept.slot);
		return undefined;
	}

	/** Keeps the verdict that the core has just given. */
	keep(token: unknown, texts: KeptVerdict): void {
		if (typeof token !== "string") return;
		const oldest = this.#kept.entries().next().value;
		if (this.#free.length === 0 && oldest) this.#drop(oldest[0], oldest[1].slot);
		const slot = this.#free.pop();
		if (slot === undefined) return; // None are wanted.
		this.#core.keep(slot);
		this.#kept.set(token, { ...texts, slot });
	}

	/** Other keys, other verdicts. */
	clear(): void {
		this.#kept.clear();
		this.#free = Array.from({ length: this.#core.verdictSlots() }, (_, slot) => slot);
	}

	#drop(token: string, slot: number): void {
		this.#kept.delete(token);
		this.#free.push(slot);
	}
}
