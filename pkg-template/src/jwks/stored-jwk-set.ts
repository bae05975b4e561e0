// A key set in a store of the caller's: what it holds, and when it was fetched.

import type { KeyCache } from "../core/fetch-types.js";
import { clampAge } from "./freshness.js";

/** A key set as it is stored. */
export interface StoredJwkSet {
	readonly text: string;
	/** Seconds since 1970, by the policy's clock. */
	readonly at: number;
	/** Seconds. */
	readonly age: number;
}

/** The entry of a store, if it is there and still fresh. */
export async function readStored(cache: KeyCache, name: string, now: number): Promise<StoredJwkSet | undefined> {
	const entry = JSON.parse((await cache.get(name)) ?? "null") as StoredJwkSet | null;
	const elapsed = entry ? now - entry.at : Number.NaN;
	if (!entry || !(elapsed >= 0 && elapsed < clampAge(entry.age))) return undefined;
	return { text: entry.text, at: entry.at, age: clampAge(entry.age) };
}

/** A store that fails costs a request, not a verdict. */
export async function writeStored(cache: KeyCache | undefined, name: string, entry: StoredJwkSet): Promise<void> {
	try {
		await cache?.set(name, JSON.stringify(entry), entry.age);
	} catch {
		// As above.
	}
}
