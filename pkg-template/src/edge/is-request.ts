import type { RequestLike } from "./types.js";

/** Whether this is like a request. What is none goes to the core, whose TypeError says what was expected. */
export function isRequest(request: unknown): request is RequestLike {
	const { headers } = Object(request) as Partial<RequestLike>;
	return typeof Object(headers).get === "function";
}
