// Which pages of other origins may call, and read the answer.

import type { RequestLike } from "./types.js";

/** The origins that are allowed; `"*"` among them allows all. */
type Origins = readonly string[];

/** Headers, by name and value, that come to those of an answer. */
export type MoreHeaders = readonly (readonly [name: string, value: string])[];

/** The answer to a preflight, if this request is one. */
export function preflight(origins: Origins, request: RequestLike): Response | undefined {
	if (request.method !== "OPTIONS" || request.headers.get("access-control-request-method") === null) return undefined;
	const headers = new Headers({ vary: "Origin, Access-Control-Request-Headers" });
	const origin = allowed(origins, request);
	if (origin !== undefined) {
		const asked = request.headers.get("access-control-request-headers");
		headers.set("access-control-allow-origin", origin);
		headers.set("access-control-allow-methods", "GET, HEAD, POST, PUT, PATCH, DELETE");
		headers.set("access-control-allow-headers", asked ?? "authorization, content-type, dpop");
		headers.set("access-control-max-age", "600");
	}
	return new Response(null, { status: 204, headers });
}

/** The headers by which a page may read the answer, refusals and their challenges included. */
export function sharing(origins: Origins | null, request: RequestLike): MoreHeaders {
	if (!origins || request.headers.get("origin") === null) return [];
	const origin = allowed(origins, request);
	if (origin === undefined) return [["vary", "Origin"]];
	return [
		["vary", "Origin"],
		["access-control-allow-origin", origin],
		["access-control-expose-headers", "WWW-Authenticate, DPoP-Nonce"],
	];
}

/** Whether a header is a list, to which everybody who answers may add. RFC 9110 §5.3 */
export const isList = (name: string): boolean => name === "vary" || name === "access-control-expose-headers";

/** The answer with these headers besides its own. */
export function withHeaders(response: Response, headers: MoreHeaders): Response {
	if (headers.length === 0) return response;
	const changed = new Response(response.body, response);
	for (const [name, value] of headers) {
		if (isList(name)) changed.headers.append(name, value);
		else changed.headers.set(name, value);
	}
	return changed;
}

// Compared as whole words: `https://shop.example` allows neither a longer nor a shorter name.
function allowed(origins: Origins, request: RequestLike): string | undefined {
	if (origins.includes("*")) return "*";
	const asking = request.headers.get("origin");
	return asking !== null && origins.includes(asking) ? asking : undefined;
}
