import { enter } from "./engine.js";
import { snapshot, snapshotOptions } from "./options.js";
import type { Algorithm, Header, Keys } from "./types.js";

/** How {@link verifySignature} decides. */
export interface SignatureOptions {
	/** Allowed algorithms. RFC 8725 §3.1 */
	readonly algorithms?: readonly Algorithm[];
	/** Extension headers that the caller understands and handles. RFC 7515 §4.1.11 */
	readonly crit?: readonly string[];
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
	const [trusted, policy] = [snapshot(keys, "keys"), snapshotOptions(options)];
	return enter((instance) => {
		if (instance.glue.verifySignature(instance.write(compact), trusted, policy) !== 0) throw instance.refusal();
		return { header: JSON.parse(instance.headerText()) as Header, payload: instance.payload().slice() };
	});
}
