import { type MemoryStoreOptions, readMemoryOptions } from "./memory-options.js";
import type { ReplayStore } from "./replay-store.js";

/**
 * Remembers used DPoP proofs in the memory of this process, for `dpop.replay`. An API on several machines, or on Workers,
 * whose isolates share no memory, needs a store that all of them ask: {@link durableObjectReplay}. 100,000 entries are
 * enough for 700 requests a second with the default `maxAge`.
 */
export function memoryReplay(options: MemoryStoreOptions = {}): ReplayStore {
	const { maxEntries, now } = readMemoryOptions(options);
	const used = new Map<string, number>();
	/** No entry has ended before this moment. */
	let nextEnd = Number.POSITIVE_INFINITY;

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
