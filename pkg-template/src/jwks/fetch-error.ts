import { withInstance } from "../core/instance.js";
import { TokenError } from "../error.js";

/** A refusal for want of something that had to be fetched: the reason first, then the address. */
export function fetchError(
	code: "keys_unavailable" | "metadata_unavailable" | "token_request_failed",
	url: string,
	cause: unknown,
): TokenError {
	return withInstance(({ core }) => new TokenError(core.refusalOf(code, `${reasonOf(cause)} (${url})`), cause));
}

// A refusal's own text says what to do next, and so would the one that it becomes the reason of.
export function reasonOf(cause: unknown): string {
	if (cause instanceof TokenError) return [cause.code, cause.found].filter(Boolean).join(", ");
	return cause instanceof Error ? cause.message : String(cause);
}
