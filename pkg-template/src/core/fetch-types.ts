// What fetches key sets, and keeps them. No type here needs DOM types.

/** What is read of a response. The platform's `Response` is one. */
export interface ResponseLike {
	readonly status: number;
	readonly headers: { get(name: string): string | null };
	readonly body?: unknown;
	text(): Promise<string>;
}

/** The part of the platform's `fetch` that is used. */
export type Fetch = (
	url: string,
	init: {
		method?: string;
		headers?: Record<string, string>;
		body?: string;
		redirect?: "manual";
		credentials?: "omit";
		// biome-ignore lint/suspicious/noExplicitAny: every platform types its own AbortSignal
		signal?: any;
	},
) => Promise<ResponseLike>;

/**
 * Keeps key sets beyond the life of this process or isolate (Workers KV, the Cache API, Redis).
 * Whoever can write to it decides who is trusted: give it the protection of a key store.
 */
export interface KeyCache {
	get(url: string): Promise<string | null | undefined> | string | null | undefined;
	/** `ttl` in seconds: for how long the entry may be of use at all. */
	set(url: string, entry: string, ttl: number): Promise<void> | void;
}
