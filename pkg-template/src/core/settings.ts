import type { Fetch, KeyCache } from "./fetch-types.js";

/** Where the keys of one trusted issuer come from. */
export interface KeySource {
	readonly issuer: string | null;
	readonly jwksUri: string | null;
	/** Whether the caller gave the keys themselves. */
	readonly loaded: boolean;
}

/** What the core has read of a verifier's options for the shell. */
export interface Settings {
	readonly sources: readonly KeySource[];
	/** How many verdicts may be kept, and in which slots: from 0. */
	readonly slots: number;
	/** In bytes. */
	readonly maxTokenSize: number;
	readonly now: (() => number) | null | undefined;
	readonly fetch: Fetch | null | undefined;
	readonly cache: KeyCache | null | undefined;
}

/** Seconds since 1970, by the caller's clock or the platform's. */
export function clockOf({ now }: Pick<Settings, "now">): () => number {
	if (!now) return () => Math.floor(Date.now() / 1000);
	// On its way into the core a text would become a number: what is none is none there, and named.
	return () => {
		const seconds: unknown = now();
		return typeof seconds === "number" ? seconds : Number.NaN;
	};
}
