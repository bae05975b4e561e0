import type { Fetch, KeyCache } from "../core/fetch-types.js";

/** What a key set needs from outside. */
export interface KeyIo {
	readonly fetch: Fetch;
	readonly cache: KeyCache | undefined;
	/** Seconds since 1970. */
	readonly now: () => number;
	/** Takes the text of a key set into the core; throws if nothing in it is usable. */
	readonly accept: (text: string) => void;
}
