// Where an issuer says that it keeps its keys and endpoints. RFC 8414 §3, OpenID Connect Discovery §4.

import { ask } from "./engine.js";
import { type ErrorCode, TokenError } from "./error.js";
import { exchange } from "./http.js";
import { CHECK_METADATA, type Metadata, REFUSAL } from "./operations.js";
import type { Fetch } from "./types.js";

/** Metadata as checked by the core, and the text it came from. */
export interface Discovered {
	readonly metadata: Metadata;
	readonly text: string;
}

/**
 * Fetches an issuer's metadata, from the place of RFC 8414 and else from that of OpenID Connect.
 * `needed` names the members that must be there. Rejects with `metadata_invalid` or `metadata_unavailable`.
 */
export async function discover(issuer: string, needed: readonly string[], fetch: Fetch): Promise<Discovered> {
	const failures: unknown[] = [];
	for (const url of places(issuer)) {
		try {
			const { status, text } = await exchange(fetch, url, { headers: { accept: "application/json" } });
			// RFC 8414 §3.2: a successful response MUST use 200.
			if (status !== 200) throw new Error(`${url} answered with status ${status}`);
			return { metadata: checkMetadata(text, issuer, needed), text };
		} catch (error) {
			failures.push(error);
		}
	}
	// Metadata that is there and wrong says more than metadata that is not there.
	const refusal = failures.find((failure) => failure instanceof TokenError);
	if (refusal) throw refusal;
	throw unavailable("metadata_unavailable", places(issuer).join(" and "), failures[failures.length - 1]);
}

/** Metadata from its text, checked by the core. */
export function checkMetadata(document: string, issuer: string, needed: readonly string[]): Metadata {
	return ask(CHECK_METADATA, { document, issuer, needed: needed.join(" ") });
}

function places(issuer: string): string[] {
	const { origin, pathname } = new URL(issuer);
	const path = pathname.replace(/\/$/, "");
	return [
		`${origin}/.well-known/oauth-authorization-server${path}`, // RFC 8414 §3.1
		`${origin}${path}/.well-known/openid-configuration`, // OpenID Connect Discovery §4.1
	];
}

/** A refusal for want of something that had to be fetched. */
export function unavailable(
	code: "keys_unavailable" | "metadata_unavailable" | "token_request_failed",
	url: string,
	cause: unknown,
): TokenError {
	return refusal(code, `${url}: ${reasonOf(cause)}`, cause);
}

// A refusal's own text says what to do next, and so would the one that it becomes the reason of.
function reasonOf(cause: unknown): string {
	if (cause instanceof TokenError) return [cause.code, cause.found].filter(Boolean).join(", ");
	return cause instanceof Error ? cause.message : String(cause);
}

/** A refusal that begins out here: the core knows its text, its status and its RFC. */
export function refusal(code: ErrorCode, found?: string, cause?: unknown): TokenError {
	return new TokenError(ask(REFUSAL, { code, found }), cause);
}
