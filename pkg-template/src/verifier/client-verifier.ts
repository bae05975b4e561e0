// The verifier of a login: of the ID tokens that one client is given.

import type { Claims } from "./claims.js";
import type { VerifierOptions } from "./options.js";
import type { Verifier } from "./types.js";
import { PolicyVerifier } from "./verifier.js";

/** What the ID tokens of one client have to agree with. */
export interface ClientVerifierOptions extends Pick<VerifierOptions, "now" | "fetch" | "cache"> {
	readonly issuer: string;
	readonly clientId: string;
	/** Audiences that a token may name beside the client. */
	readonly trustedAudiences?: readonly string[] | undefined;
	readonly jwksUri?: string | undefined;
	/** Of the authorization request. */
	readonly nonce?: string | undefined;
	/** That came with the ID token. */
	readonly accessToken?: string | undefined;
	/** Seconds since the user's authentication, at most. */
	readonly maxAge?: number | undefined;
	readonly acr?: readonly string[] | undefined;
	/** Seconds. */
	readonly clockTolerance?: number | undefined;
	/** Whether it is the signed answer of a userinfo endpoint that is checked. OpenID Connect Core §5.3.2 */
	readonly userinfo?: boolean | undefined;
	readonly keySets?: VerifierOptions["keySets"] | undefined;
}

/** Creates the verifier of one client's ID tokens: OpenID Connect Core §3.1.3.7. */
export function verifierForClient(options: ClientVerifierOptions): Verifier {
	return new PolicyVerifier<Claims>(options, (core, given) => core.Verifier.forClient(given));
}
