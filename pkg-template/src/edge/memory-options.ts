import { optional, type Rules, readOptions } from "../own-options.js";

/** Options of {@link memoryReplay} and {@link memorySessions}. */
export interface MemoryStoreOptions {
	/**
	 * The most entries that are kept at once, 1 to 10,000,000. Default 100,000, some 15 MB. When as many are in use, every
	 * further one is refused with `store_unavailable`: none is forgotten before its time.
	 */
	readonly maxEntries?: number;
	/** The time in seconds since 1970: the clock of the guard, if that has one of its own. Default: the platform's. */
	readonly now?: () => number;
}

const DEFAULT_ENTRIES = 100_000;
const MOST_ENTRIES = 10_000_000;

const RULES: Rules<MemoryStoreOptions> = {
	maxEntries: optional(`a whole number from 1 to ${MOST_ENTRIES}`, (given) =>
		Number.isInteger(given) && (given as number) >= 1 && (given as number) <= MOST_ENTRIES ? given : undefined,
	),
	now: optional("a function", (given) => (typeof given === "function" ? given : undefined)),
};

/** The options with their defaults. Throws a `TypeError` that names the one that is wrong. */
export function readMemoryOptions(options: MemoryStoreOptions): Required<MemoryStoreOptions> {
	const { maxEntries = DEFAULT_ENTRIES, now = () => Date.now() / 1000 } = readOptions(options, RULES);
	return { maxEntries, now };
}
