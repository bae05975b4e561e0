import { clocksOf } from "../core/clocks.js";
import { withInstance } from "../core/instance.js";
import { snapshot } from "../core/snapshot.js";
import { TokenError } from "../error.js";
import type { Claims, Header } from "./claims.js";
import type { Algorithm } from "./keys.js";

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

/** A proof that holds. */
export interface DpopProof {
	readonly jti: string;
	/** The thumbprint of the key that made it. RFC 7638 */
	readonly thumbprint: string;
	readonly claims: Claims;
	readonly header: Header;
}

/** Checks a DPoP proof against the request that it came with. Rejects with a `TokenError`. RFC 9449 §4.3 */
export async function verifyDpopProof(proof: string | Uint8Array, options: DpopOptions): Promise<DpopProof> {
	const given = snapshot(options);
	const policy = withInstance(({ core }) => new core.DpopPolicy(given));
	try {
		const now = clocksOf(policy.now)().policy;
		const verified: DpopProof = withInstance(({ buffer }) => policy.verify(buffer.write(proof), now));
		if (await policy.seen?.(verified.jti)) throw withInstance(({ core }) => new TokenError(core.proofReplayed()));
		return verified;
	} finally {
		policy.free();
	}
}
