// Where a request carries its token, if not in the header Authorization alone.

import { isRequest } from "./is-request.js";
import type { GuardSettings } from "./settings.js";
import type { EdgeRequest, RequestLike } from "./types.js";

/** The token that a function of the caller finds; an empty text: none; `undefined`: there is no such function. */
export function foundToken({ token }: GuardSettings, request: RequestLike): string | undefined {
	if (!token) return undefined;
	const found: unknown = token(request as EdgeRequest);
	if (found === undefined || found === null) return "";
	if (typeof found !== "string")
		throw new TypeError("token: must return the token as a text, or nothing, and not later");
	return found;
}

/** What stands for a request's credentials: where it is the same, so are they. */
export function credentialsOf(
	{ places }: GuardSettings,
	request: RequestLike,
	found: string | undefined,
): string | undefined {
	if (!isRequest(request)) return undefined;
	const first = found ?? request.headers.get("authorization");
	if (places.length === 0) return first ?? undefined;
	// No value of a header has a line break in it.
	return [first, ...places.map((name) => request.headers.get(name))].join("\n");
}
