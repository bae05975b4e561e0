import { withInstance } from "../core/instance.js";

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
	return withInstance(({ core }) => core.createPkce());
}

/** The S256 challenge of a verifier. Throws `pkce_verifier_invalid`. RFC 7636 §4.2 */
export function pkceChallenge(verifier: string): string {
	return withInstance(({ core }) => core.pkceChallenge(verifier));
}

/**
 * For authorization servers: whether the verifier belongs to the challenge. RFC 7636 §4.6
 * Malformed input throws; `method` must be given, so that nobody is talked down to `plain` unawares.
 */
export function verifyPkce(verifier: string, challenge: string, method: "S256" | "plain"): boolean {
	return withInstance(({ core }) => core.verifyPkce(verifier, challenge, method));
}
