import { optional, type Rules, readOptions } from "../own-options.js";
import type { ReplayStore } from "./replay-store.js";

/** Options of {@link memoryReplay}. */
export interface MemoryReplayOptions {
	/**
	 * The most proofs that are remembered at once, 1 to 10,000,000. Default 100,000, some 15 MB: enough for 700 requests a
	 * second with the default `maxAge`. When as many are in use, every further one is refused with `store_unavailable`:
	 * none is forgotten before its time.
	 */
	readonly maxEntries?: number;
	/** The time in seconds since 1970: the clock of the guard, if that has one of its own. Default: the platform's. */
	readonly now?: () => number;
}

const DEFAULT_ENTRIES = 100_000;
const MOST_ENTRIES = 10_000_000;

const RULES: Rules<MemoryReplayOptions> = {
	maxEntries: optional(`a whole number from 1 to ${MOST_ENTRIES}`, (given) =>
		Number.isInteger(given) && (given as number) >= 1 && (given as number) <= MOST_ENTRIES ? given : undefined,
	),
	now: optional("a function", (given) => (typeof given === "function" ? given : undefined)),
};

/**
 * Remembers used DPoP proofs in the memory of this process, for `dpop.replay`. An API on several machines, or on Workers,
 * whose isolates share no memory, needs a store that all of them ask: {@link durableObjectReplay}.
 */
export function memoryReplay(options: MemoryReplayOptions = {}): ReplayStore {
	const { maxEntries = DEFAULT_ENTRIES, now = () => Date.now() / 1000 } = readOptions(options, RULES);
	const used = new Map<string, number>();
	/** No entry has ended before this moment. */
	let nextEnd = Number.NEGATIVE_INFINITY;

	/** Forgets what has ended; looked for only when something has. */
	const forget = (moment: number) => {
		if (moment <= nextEnd) return;
		nextEnd = Number.POSITIVE_INFINITY;
		for (const [key, until] of used) {
			if (until < moment) used.delete(key);
			else nextEnd = Math.min(nextEnd, until);
		}
	};

	return {
		use(key, until) {
			if (used.has(key)) return false;
			const moment = now();
			// Also where one of them is no number: nothing would ever end.
			if (!(until >= moment)) throw new Error("the proof has ended by the store's clock, which is not the guard's");
			if (used.size >= maxEntries) forget(moment);
			if (used.size >= maxEntries) throw new Error(`${maxEntries} proofs are in use, as many as maxEntries`);
			used.set(key, until);
			nextEnd = Math.min(nextEnd, until);
			return true;
		},
	};
}
