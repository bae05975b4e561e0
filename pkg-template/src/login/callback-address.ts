// Which address holds the answer of an authorization server, and what it is without.

import type { LoginOptions } from "./types.js";

/** What every `state` begins with. */
export const STATE = "cs-";

/** A login, as far as its answers are known by it. */
interface Asker {
	readonly options: LoginOptions;
	readonly statePrefix: string;
}

/**
 * Whether an address holds an answer for this login. Its `state` tells, wherever a host has moved the redirect address
 * to; or the issuer that is named in it. A page's own parameters of the same names are left alone. Found out without the
 * core, which a page loads for an answer only.
 */
export function isAnswer({ options, statePrefix }: Asker, address: string): boolean {
	const { origin, pathname, searchParams } = new URL(address);
	const state = searchParams.get("state");
	// Another login's, at the same issuer perhaps, knows its own.
	if (state?.startsWith(STATE)) return state.startsWith(statePrefix);
	const expected = new URL(options.redirectUri);
	const named = ["code", "error"].some((name) => searchParams.has(name)) && searchParams.get("iss") === options.issuer;
	return named && origin === expected.origin && pathname === expected.pathname;
}

/** The address without the parameters of an answer. */
export function withoutAnswer(address: string): string {
	const cleaned = new URL(address);
	for (const name of ["code", "state", "iss", "session_state", "error", "error_description", "error_uri"]) {
		cleaned.searchParams.delete(name);
	}
	return cleaned.href;
}
