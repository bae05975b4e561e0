import { enter } from "./engine.js";
import { DECODE_UNVERIFIED } from "./operations.js";
import type { Claims, Header } from "./types.js";

/** What a token says of itself. Nobody has checked a word of it. */
export interface UnverifiedToken {
	readonly header: Header;
	readonly claims: Claims;
}

/**
 * Reads a token WITHOUT checking its signature: for display and debugging, never for a decision.
 * Throws a `TokenError` if it cannot be read strictly (RFC 7519 §7.2).
 */
export function decodeUnverified(token: string | Uint8Array): UnverifiedToken {
	return enter((instance) => {
		instance.run(DECODE_UNVERIFIED, "", token);
		return {
			header: JSON.parse(instance.headerText()) as Header,
			claims: JSON.parse(instance.payloadText()) as Claims,
		};
	});
}
