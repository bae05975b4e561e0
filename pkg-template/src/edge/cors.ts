// Which pages of other origins may call, and read the answer. Fetch §3.3 (the CORS protocol)

import type { GuardOptions } from "./types.js";

type Cors = NonNullable<GuardOptions["cors"]>;

/** The answer to a preflight, if this request is one. */
export function preflight(cors: Cors | undefined, request: Request): Response | undefined {
	if (!cors || request.method !== "OPTIONS" || !request.headers.has("access-control-request-method")) return undefined;
	const headers = new Headers({ vary: "Origin, Access-Control-Request-Headers" });
	const origin = allowed(cors, request);
	if (origin) {
		headers.set("access-control-allow-origin", origin);
		headers.set("access-control-allow-methods", "GET, HEAD, POST, PUT, PATCH, DELETE");
		headers.set(
			"access-control-allow-headers",
			request.headers.get("access-control-request-headers") ?? "authorization, content-type, dpop",
		);
		headers.set("access-control-max-age", "600");
	}
	return new Response(null, { status: 204, headers });
}

/** Lets the page read the answer, refusals and their challenges included. */
export function share(cors: Cors | undefined, request: Request, response: Response): Response {
	if (!cors || !request.headers.has("origin")) return response;
	const shared = new Response(response.body, response);
	shared.headers.append("vary", "Origin");
	const origin = allowed(cors, request);
	if (origin) {
		shared.headers.set("access-control-allow-origin", origin);
		const exposed = shared.headers.get("access-control-expose-headers");
		shared.headers.set("access-control-expose-headers", exposed ? `${exposed}, WWW-Authenticate` : "WWW-Authenticate");
	}
	return shared;
}

function allowed({ origin }: Cors, request: Request): string | undefined {
	const asking = request.headers.get("origin");
	if (!asking) return undefined;
	if (origin === "*") return "*";
	return (typeof origin === "string" ? origin === asking : origin.includes(asking)) ? asking : undefined;
}
