import { enter } from "./engine.js";
import { VERIFY_SIGNATURE } from "./operations.js";
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
	const trusted = snapshot(keys, "keys");
	const policy = options === undefined ? "{}" : snapshotOptions(options);
	return enter((instance) => {
		instance.run(VERIFY_SIGNATURE, `{"keys":${trusted},"options":${policy}}`, compact);
		return { header: JSON.parse(instance.headerText()) as Header, payload: instance.payload().slice() };
	});
}
