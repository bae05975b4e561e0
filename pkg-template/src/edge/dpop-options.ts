import type { DpopOptions } from "../verifier/dpop.js";
import type { ReplayStore } from "./replay-store.js";

/** How a guard checks DPoP proofs. RFC 9449 §4.3, §7 */
export interface GuardDpopOptions extends Pick<DpopOptions, "algorithms" | "maxAge" | "nonce"> {
	/** Refuses a proof that was used before, on any isolate or machine that asks the same store. RFC 9449 §11.1 */
	readonly replay?: ReplayStore;
	/**
	 * For a store of your own that knows proofs by their `jti`, at most 256 bytes: says whether one was seen before, and
	 * keeps it until a moment in seconds since 1970. In place of `replay`. RFC 9449 §11.1
	 */
	readonly seen?: (jti: string, until: number) => boolean | Promise<boolean>;
}
