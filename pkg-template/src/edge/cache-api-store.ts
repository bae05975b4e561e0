import type { KeyCache } from "../core/fetch-types.js";

/**
 * Keeps key sets in the platform's Cache API, for `cache`: shared by the isolates of one data center, and free of charge.
 * Workers on a custom domain have it, those on workers.dev have one that keeps nothing. There is one such store.
 */
export function cacheApiStore(): KeyCache {
	if (typeof globalThis.caches === "undefined") {
		throw new TypeError(
			"cacheApiStore: this runtime has no Cache API; give a store of your own, or kvStore(namespace)",
		);
	}
	return store;
}

const store: KeyCache = {
	async get(name) {
		const kept = await (await open()).match(addressOf(name));
		return kept?.text();
	},
	async set(name, entry, ttl) {
		const headers = { "cache-control": `max-age=${Math.ceil(ttl)}`, "content-type": "application/json" };
		await (await open()).put(addressOf(name), new Response(entry, { headers }));
	},
};

const open = () => globalThis.caches.open("countersign");

// The Cache API keeps answers by URL: one that nobody serves, so that no other entry is met.
const addressOf = (name: string) => `https://countersign.invalid/${encodeURIComponent(name)}`;
