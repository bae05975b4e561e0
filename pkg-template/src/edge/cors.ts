// Which pages of other origins may call, and read the answer.

/** The origins that are allowed; `"*"` among them allows all. */
type Origins = readonly string[];

/** The answer to a preflight, if this request is one. */
export function preflight(origins: Origins, request: Request): Response | undefined {
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

/** Lets the page read the answer, refusals and their challenges included. */
export function share(origins: Origins, request: Request, response: Response): Response {
	if (request.headers.get("origin") === null) return response;
	const shared = new Response(response.body, response);
	shared.headers.append("vary", "Origin");
	const origin = allowed(origins, request);
	if (origin !== undefined) {
		shared.headers.set("access-control-allow-origin", origin);
		shared.headers.append("access-control-expose-headers", "WWW-Authenticate, DPoP-Nonce");
	}
	return shared;
}

// Compared as whole words: `https://shop.example` allows neither a longer nor a shorter name.
function allowed(origins: Origins, request: Request): string | undefined {
	if (origins.includes("*")) return "*";
	const asking = request.headers.get("origin");
	return asking !== null && origins.includes(asking) ? asking : undefined;
}
