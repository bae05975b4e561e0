import { refusal } from "./discovery.js";
import { ask } from "./engine.js";
import { VERIFY_DPOP_PROOF } from "./operations.js";
import { callable, snapshotOptions } from "./options.js";
import type { Algorithm, DpopProof } from "./types.js";

/** The request that a proof came with. RFC 9449 §4.3 */
export interface DpopOptions {
	/** The HTTP method, compared exactly. */
	readonly method: string;
	/** The request's address; its query and fragment play no part. */
	readonly url: string;
	/** The access token that came with the proof: `ath` must be its hash. */
	readonly accessToken?: string;
	/** The nonce that the server gave. RFC 9449 §8 */
	readonly nonce?: string;
	/** The thumbprint that the access token is bound to (`cnf.jkt`). RFC 9449 §6.1 */
	readonly thumbprint?: string;
	/** Allowed algorithms. Default: every asymmetric one that the proof's key implies. */
	readonly algorithms?: readonly Algorithm[];
	/** Seconds that `iat` may lie in the past or in the future. Default 60. */
	readonly maxAge?: number;
	/** The time in seconds since 1970. Default: the platform's clock. */
	readonly now?: () => number;
	/** Says whether a `jti` was seen before, and keeps it. Without it, replays are not found. RFC 9449 §11.1 */
	readonly seen?: (jti: string) => boolean | Promise<boolean>;
}

/** Checks a DPoP proof against the request that it came with. Rejects with a `TokenError`. RFC 9449 §4.3 */
export async function verifyDpopProof(proof: string | Uint8Array, options: DpopOptions): Promise<DpopProof> {
	const clock = callable(options, "now");
	const seen = callable(options, "seen");
	const policy = snapshotOptions(options, ["now", "seen"]);
	const now = clock ? clock() : Date.now() / 1000;
	if (typeof now !== "number") throw new TypeError("now: must return the seconds since 1970 as a number");
	const verified = ask(VERIFY_DPOP_PROOF, policy, proof, now);
	if (await seen?.(verified.jti)) throw refusal("dpop_replayed");
	return verified;
}
