/// <reference lib="esnext.disposable" preserve="true" />

import type { KeySetStatus } from "../core/key-events.js";
import type { Claims, Verified } from "./claims.js";
import type { Explanation } from "./explanation.js";

/** Gives the verdict of one policy on any number of tokens. */
export interface Verifier<C extends object = Claims> {
	/**
	 * Checks a token, fetching keys as needed. Rejects with a {@link TokenError}.
	 * A `Uint8Array` is taken as the token's UTF-8.
	 */
	verify(token: string | Uint8Array): Promise<Verified<C>>;
	/**
	 * The same verdict at once; `keys_not_loaded` if it would need the network first. Keys that are due are renewed behind
	 * it, as `verify` does.
	 */
	verifySync(token: string | Uint8Array): Verified<C>;
	/** Every check with its RFC section. Never throws for a bad token. */
	explain(token: string | Uint8Array): Promise<Explanation>;
	/** Fetches the key sets now, so that the first token need not wait and `verifySync` works. */
	loadKeys(): Promise<void>;
	/** The state of each issuer's keys, in the order of `issuer`. */
	status(): KeySetStatus[];
	/** Frees the core's memory for this verifier. Later calls throw. */
	dispose(): void;
	[Symbol.dispose](): void;
}
