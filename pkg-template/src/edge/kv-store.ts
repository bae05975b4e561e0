import type { KeyCache } from "../core/fetch-types.js";

/** The part of a Workers KV namespace that is used. */
export interface KvNamespace {
	get(key: string): Promise<string | null>;
	put(key: string, value: string, options: { expirationTtl: number }): Promise<void>;
}

/** KV keeps nothing for less than a minute. */
const LEAST = 60;

const stores = new WeakMap<KvNamespace, KeyCache>();

/**
 * Keeps key sets in Workers KV, for `cache`: a new isolate then answers without the issuer, in an outage too. The same
 * namespace is the same store. Whoever can write to it decides who is trusted.
 *
 * @example
 * protect((env) => ({ issuer, audience, cache: kvStore(env.KEYS) }), handler);
 */
export function kvStore(namespace: KvNamespace): KeyCache {
	if (typeof namespace?.get !== "function" || typeof namespace.put !== "function") {
		throw new TypeError("namespace: expected a KV namespace; bind one under kv_namespaces in wrangler.jsonc");
	}
	const known = stores.get(namespace);
	if (known) return known;
	const store: KeyCache = {
		get: (name) => namespace.get(keyOf(name)),
		set: (name, entry, ttl) => namespace.put(keyOf(name), entry, { expirationTtl: Math.max(LEAST, Math.ceil(ttl)) }),
	};
	stores.set(namespace, store);
	return store;
}

const keyOf = (name: string) => `countersign:${name}`;
