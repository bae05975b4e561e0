import type { EdgeResponse } from "./types.js";

/** An answer as the core makes it: header and body of one refusal. */
export interface Answer {
	readonly status: number;
	readonly wwwAuthenticate: string | null;
	readonly dpopNonce: string | null;
	/** Seconds. */
	readonly retryAfter: number | null;
	readonly body: string;
}

/** The response that an answer is. */
export function responseTo({ status, wwwAuthenticate, dpopNonce, retryAfter, body }: Answer): EdgeResponse {
	const headers = new Headers({ "content-type": "application/json; charset=utf-8", "cache-control": "no-store" });
	if (wwwAuthenticate !== null) headers.set("www-authenticate", wwwAuthenticate);
	if (dpopNonce !== null) headers.set("dpop-nonce", dpopNonce);
	if (retryAfter !== null) headers.set("retry-after", String(retryAfter));
	return new Response(body, { status, headers }) as EdgeResponse;
}
