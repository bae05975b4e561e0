// Verdicts that are kept, for who asks for it: the same token again costs no signature check.

import { copyOf } from "./json-copies.js";

/** What keeps the timestamps of verdicts by slot, and says whether one still holds. */
interface Slots {
	cacheVerdict(slot: number): void;
	stillHolds(slot: number, policy: number, machine: number): boolean;
}

/**
 * The verdicts of one policy, by the whole token: by its text, which no two tokens share. The oldest go first. Only
 * tokens that passed are kept, and the core says each time whether neither time nor other keys have changed its mind.
 */
export class VerdictCache<V extends object> {
	readonly #slots: number;
	readonly #kept = new Map<string, { readonly verdict: V; readonly slot: number }>();
	/** The core's slots that nothing is kept in. */
	#free: number[] = [];
	/** The object of the core that has them: another one knows nothing of ours. */
	#keeper: Slots | undefined;

	constructor(slots: number) {
		this.#slots = slots;
		this.clear();
	}

	get(keeper: Slots, token: unknown, policy: number, machine: number): V | undefined {
		if (this.#slots === 0) return undefined;
		if (this.#keeper !== keeper) this.clear();
		this.#keeper = keeper;
		const kept = this.#kept.get(token as string);
		if (!kept) return undefined;
		if (keeper.stillHolds(kept.slot, policy, machine)) return copyOf(kept.verdict);
		this.#drop(token as string, kept.slot);
		return undefined;
	}

	/** Keeps the verdict that the core has just given. */
	set(keeper: Slots, token: unknown, verdict: V): void {
		if (typeof token !== "string" || this.#slots === 0) return;
		const oldest = this.#kept.entries().next().value;
		if (this.#free.length === 0 && oldest) this.#drop(oldest[0], oldest[1].slot);
		const slot = this.#free.pop();
		if (slot === undefined) return;
		keeper.cacheVerdict(slot);
		this.#kept.set(token, { verdict: copyOf(verdict), slot });
	}

	clear(): void {
		this.#kept.clear();
		this.#free = Array.from({ length: this.#slots }, (_, slot) => slot);
	}

	#drop(token: string, slot: number): void {
		this.#kept.delete(token);
		this.#free.push(slot);
	}
}
