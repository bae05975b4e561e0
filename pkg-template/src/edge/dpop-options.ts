import type { DpopOptions } from "../verifier/dpop.js";
import type { ReplayStore } from "./replay-store.js";

/** How a guard checks DPoP proofs. RFC 9449 §4.3, §7 */
export interface GuardDpopOptions extends Pick<DpopOptions, "algorithms" | "maxAge" | "nonce"> {
	/**
	 * `"allowed"`: tokens that are bound to a key pass with a proof, others as bearer tokens. `"required"`: no token passes
	 * without a proof. Default `"allowed"`. RFC 9449 §7.1, §7.2
	 */
	readonly mode?: "allowed" | "required";
	/** Asks for a nonce in each proof, one that this guard gives out: a proof that was made ahead is void. RFC 9449 §8, §9 */
	readonly nonces?: DpopNonces;
	/** Refuses a proof that was used before, on any isolate or machine that asks the same store. RFC 9449 §11.1 */
	readonly replay?: ReplayStore;
	/**
	 * For a store of your own that knows proofs by their `jti`, at most 256 bytes: says whether one was seen before, and
	 * keeps it until a moment in seconds since 1970. In place of `replay`. RFC 9449 §11.1
	 */
	readonly seen?: (jti: string, until: number) => boolean | Promise<boolean>;
}

/** Nonces that a guard makes of a secret and the time, and keeps nowhere. */
export interface DpopNonces {
	/** At least 32 random bytes, or a text of as many. All machines of an API have to have the same. */
	readonly secret: string | Uint8Array;
	/** Seconds for which a nonce is given out, 10 to 3600; it is accepted for as long again. Default 120. */
	readonly window?: number;
}
