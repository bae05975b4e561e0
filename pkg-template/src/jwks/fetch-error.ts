import { withInstance } from "../core/instance.js";
import { TokenError } from "../error.js";

/** A refusal for want of something that had to be fetched: the reason first, then the address. */
export function fetchError(
	code: "keys_unavailable" | "metadata_unavailable" | "token_request_failed",
	url: string,
	cause: unknown,
): TokenError {
	return withInstance(({ core }) => new TokenError(core.fetchFailed(code, reasonOf(cause), url), cause));
}

/** How many causes of a cause are told. */
const MAX_CAUSES = 3;

/** Why something failed, in the platform's own words, down to the code of the socket's error. */
export function reasonOf(cause: unknown, depth = 0): string {
	// A refusal's own text says what to do next, and so would the one that it becomes the reason of.
	if (cause instanceof TokenError) return [cause.code, cause.found].filter(Boolean).join(", ");
	if (!(cause instanceof Error)) return String(cause);
	const { message, code, cause: inner } = cause as Error & { code?: unknown };
	const own = typeof code === "string" && !message.includes(code) ? `${message} (${code})`.trim() : message;
	// A cause may be its own.
	return inner instanceof Error && depth < MAX_CAUSES ? `${own}: ${reasonOf(inner, depth + 1)}` : own;
}
