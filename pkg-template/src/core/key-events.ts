// What can be seen of key sets from outside. No type here needs DOM types.

import type { ErrorData } from "../error.js";

/** What happened to an issuer's key set. */
export interface KeysEvent {
	/**
	 * `fetched`: the issuer answered; `rotated`: with other keys than before; `failed`: it did not, and why is in `error`;
	 * `stale`: its keys serve beyond their age, since they cannot be renewed; `too-old`: they serve no longer.
	 */
	readonly type: "fetched" | "rotated" | "failed" | "stale" | "too-old";
	readonly issuer: string | null;
	readonly jwksUri: string | null;
	/** How many keys can be used now. */
	readonly keys: number;
	/** Why the last attempt failed. */
	readonly error: ErrorData | null;
}

/** Hears of key sets. What it throws, or rejects with, is logged and changes nothing. */
export type KeysListener = (event: KeysEvent) => void | Promise<void>;

/** The state of an issuer's key set. */
export interface KeySetStatus {
	readonly issuer: string | null;
	/** The key set's address, where the policy names it. */
	readonly jwksUri: string | null;
	/** `given`: by the caller, never fetched. `stale`: beyond its age, and serving. `too-old`: serving no longer. */
	readonly state: "given" | "empty" | "fresh" | "stale" | "too-old";
	/** Seconds since it was fetched. */
	readonly age: number | null;
	/** The fetched keys that can be used: `alg` where the key names one. None is listed where they were given. RFC 7517 §4.4 */
	readonly keys: readonly { readonly kid: string | null; readonly alg: string | null }[];
	/** The members of the set that cannot, and why. */
	readonly dropped: readonly { readonly kid: string | null; readonly reason: ErrorData }[];
	/** Why the last attempt failed; `null` since one did not. */
	readonly lastError: ErrorData | null;
	/** Seconds until a token leads to the next attempt; `null` while one is under way. */
	readonly nextAttempt: number | null;
}
