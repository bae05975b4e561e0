import { withInstance } from "../core/instance.js";
import type { Claims, Header } from "./claims.js";

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
	return withInstance(({ core, buffer }) => {
		const [header, claims] = core.decodeUnverified(buffer.write(token));
		return { header, claims };
	});
}
