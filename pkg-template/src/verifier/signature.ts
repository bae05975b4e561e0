import { withInstance } from "../core/instance.js";
import { snapshot } from "../core/snapshot.js";
import type { Header } from "./claims.js";
import type { Algorithm, Keys } from "./keys.js";

/** How {@link verifySignature} decides. */
export interface SignatureOptions {
	/** Allowed algorithms. RFC 8725 §3.1 */
	readonly algorithms?: readonly Algorithm[];
	/** Extension headers that the caller understands and handles. RFC 7515 §4.1.11 */
	readonly crit?: readonly string[];
	/** Bytes. Default 16384. */
	readonly maxTokenSize?: number;
	/**
	 * The payload of a token that has none of its own, `header..signature`. RFC 7515 Appendix F. The header says whether
	 * it was signed in base64url or, with `b64: false`, as it is. RFC 7797
	 */
	readonly payload?: string | Uint8Array;
}

/** What was signed. */
export interface VerifiedSignature {
	readonly header: Header;
	/** The payload's bytes, whatever they mean. */
	readonly payload: Uint8Array;
}

/**
 * Checks the signature of a compact JWS (RFC 7515 §5.2) and nothing else: no claim is looked at.
 * Throws a `TokenError`.
 */
export function verifySignature(
	compact: string | Uint8Array,
	keys: Keys,
	options?: SignatureOptions,
): VerifiedSignature {
	const trusted = snapshot(keys, "keys");
	const policy = snapshot(options);
	return withInstance(({ core, buffer }) => {
		const [header, payload] = core.verifySignature(buffer.write(compact), trusted, policy);
		return { header, payload };
	});
}
