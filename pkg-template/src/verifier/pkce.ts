import { ask } from "./engine.js";
import { CREATE_PKCE, PKCE_CHALLENGE, RANDOM_TOKEN, VERIFY_PKCE } from "./operations.js";

/** A code verifier and what to send of it beforehand (RFC 7636 §4). */
export interface Pkce {
	/** 43 characters from 256 random bits: a secret until the code is exchanged. RFC 7636 §4.1 */
	readonly verifier: string;
	/** RFC 7636 §4.2 */
	readonly challenge: string;
	readonly method: "S256";
}

/** Makes a new code verifier and its S256 challenge. RFC 7636 §4.1, §4.2 */
export function createPkce(): Pkce {
	return ask(CREATE_PKCE, "", randomOctets());
}

/** The S256 challenge of a verifier. Throws `pkce_verifier_invalid`. RFC 7636 §4.2 */
export function pkceChallenge(verifier: string): string {
	return ask(PKCE_CHALLENGE, { verifier });
}

/**
 * For authorization servers: whether the verifier belongs to the challenge. RFC 7636 §4.6
 * Malformed input throws; `method` must be given, so that nobody is talked down to `plain` unawares.
 */
export function verifyPkce(verifier: string, challenge: string, method: "S256" | "plain"): boolean {
	return ask(VERIFY_PKCE, { verifier, challenge, method });
}

/** 256 random bits, base64url: a `state`, a `nonce`. */
export function randomToken(): string {
	return ask(RANDOM_TOKEN, "", randomOctets());
}

/** 32 random octets; none where the runtime has no random numbers, which the core refuses. */
function randomOctets(): Uint8Array {
	try {
		return globalThis.crypto.getRandomValues(new Uint8Array(32));
	} catch {
		return new Uint8Array(0);
	}
}
