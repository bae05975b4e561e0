/// <reference lib="esnext.disposable" preserve="true" />

import type { KeySetStatus } from "../core/key-events.js";
import type { Claims, Verified } from "./claims.js";
import type { Explanation } from "./explanation.js";
import type { Algorithm } from "./keys.js";

/** What is demanded of the tokens of one issuer: options, defaults, and what `provider` has added. `null`: not compared. */
export interface EffectivePolicy {
	/** RFC 7519 §4.1.1; a template as it was given. */
	readonly issuer: readonly string[] | null;
	/** One of these. RFC 7519 §4.1.3 */
	readonly audience: readonly string[] | null;
	/** Whether a token without `aud` is judged by its client instead. */
	readonly audienceOrClient: boolean;
	readonly profile: "jwt" | "access-token" | "id-token" | "logout-token";
	/** `null`: the profile's; `[]`: any. RFC 8725 §3.11 */
	readonly typ: readonly string[] | null;
	/** `null`: the asymmetric ones that the trusted keys name or imply. RFC 8725 §3.1 */
	readonly algorithms: readonly Algorithm[] | null;
	/** The clients, and the claims that may name them. */
	readonly authorizedParty: readonly string[] | null;
	readonly clientClaims: readonly string[];
	/** RFC 7519 §4.1.2 */
	readonly subject: string | null;
	/** The profile's, and those that another demand is about. */
	readonly requiredClaims: readonly string[];
	/** All of these. RFC 6750 §3.1 */
	readonly scope: readonly string[];
	/** One of these. */
	readonly anyScope: readonly string[];
	/** Rules about single claims. */
	readonly claims: readonly { readonly claim: string; readonly expected: string }[];
	/** Seconds. */
	readonly clockTolerance: number;
	/** Seconds. */
	readonly maxTokenAge: number | null;
	/** Bytes. */
	readonly maxTokenSize: number;
}

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
	/** What is demanded, for each issuer in the order of `issuer`; of tenants that a function names, those known by now. */
	readonly policy: readonly EffectivePolicy[];
	/** Fetches the key sets now, so that the first token need not wait and `verifySync` works. */
	loadKeys(): Promise<void>;
	/** The state of each issuer's keys, in the order of `issuer`. */
	status(): KeySetStatus[];
	/** Frees the core's memory for this verifier. Later calls throw. */
	dispose(): void;
	[Symbol.dispose](): void;
}
