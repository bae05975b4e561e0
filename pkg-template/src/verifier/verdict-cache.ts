// Verdicts that are kept, for who asks for it: the same token again costs no signature check.

import { copyOf } from "./json-copies.js";

/** What keeps the timestamps of verdicts by slot, and says whether one still holds. */
interface Slots {
	cacheVerdict(slot: number): void;
	stillHolds(slot: number, policy: number, machine: number): boolean;
}

interface Kept<V> {
	readonly verdict: V;
	readonly slot: number;
}

/**
 * The verdicts of one policy, by the whole token: by its text, which no two tokens share. The oldest go first. Only
 * tokens that passed are kept, and the core says each time whether neither time nor other keys have changed its mind.
 */
export class VerdictCache<V extends object> {
	readonly #slots: number;
	readonly #kept = new Map<string, Kept<V>>();
	/** The core's slots that nothing is kept in. */
	#free: number[] = [];
	/** The object of the core that has them: another one knows nothing of ours. */
	#keeper: Slots | undefined;

	/** At least one slot. */
	constructor(slots: number) {
		this.#slots = slots;
	}

	get(keeper: Slots, token: unknown, policy: number, machine: number): V | undefined {
		if (this.#keeper !== keeper) this.#startWith(keeper);
		const kept = this.#kept.get(token as string);
		if (!kept) return undefined;
		if (keeper.stillHolds(kept.slot, policy, machine)) return copyOf(kept.verdict);
		this.#kept.delete(token as string);
		this.#free.push(kept.slot);
		return undefined;
	}

	/** Keeps the verdict that the core has just given, of a token that {@link get} was asked for. */
	set(keeper: Slots, token: unknown, verdict: V): void {
		// Bytes can be changed by whoever has them.
		if (typeof token !== "string") return;
		const slot = this.#free.pop() ?? this.#dropOldest();
		keeper.cacheVerdict(slot);
		this.#kept.set(token, { verdict: copyOf(verdict), slot });
	}

	#startWith(keeper: Slots): void {
		this.#keeper = keeper;
		this.#kept.clear();
		this.#free = Array.from({ length: this.#slots }, (_, slot) => slot);
	}

	/** Where no slot is free, verdicts are kept. */
	#dropOldest(): number {
		const [token, { slot }] = this.#kept.entries().next().value as [string, Kept<V>];
		this.#kept.delete(token);
		return slot;
	}
}
