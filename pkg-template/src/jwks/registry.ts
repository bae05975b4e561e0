// The key sets of this module, one for each issuer, address and way of fetching: whoever trusts it shares it.

import type { Fetch, KeyCache } from "../core/fetch-types.js";
import type { KeySource, Settings } from "../core/settings.js";
import { platformFetch } from "./http.js";
import { RemoteJwkSet } from "./remote-jwk-set.js";

/** Options made for each request find the same key set again; issuers that nobody asks about any more make room. */
const MAX_SETS = 1_000;

type Sets = Map<string, RemoteJwkSet>;

type Registry = WeakMap<object, WeakMap<object, Sets>>;

const registry: Registry = new WeakMap();
const admitted: Registry = new WeakMap();
const NOTHING = {};

/**
 * The key set of a source, shared by all whose settings agree with it. Those of issuers that tokens have named are kept
 * apart: they make room for each other only.
 */
export function keySetOf(source: KeySource, { fetch, cache }: Settings, isAdmitted: boolean): RemoteJwkSet {
	const sets = setsOf(isAdmitted ? admitted : registry, fetch ?? globalThis.fetch ?? NOTHING, cache ?? NOTHING);
	const name = JSON.stringify(source);
	const set = sets.get(name) ?? new RemoteJwkSet(source, fetch ?? platformFetch, cache ?? undefined);
	sets.delete(name); // The last one to be asked for is the last to go.
	sets.set(name, set);
	if (sets.size > MAX_SETS) sets.delete(sets.keys().next().value as string);
	return set;
}

function setsOf(registry: Registry, fetch: Fetch | object, cache: KeyCache | object): Sets {
	const byCache = registry.get(fetch) ?? new WeakMap<object, Sets>();
	registry.set(fetch, byCache);
	const sets = byCache.get(cache) ?? new Map<string, RemoteJwkSet>();
	byCache.set(cache, sets);
	return sets;
}
