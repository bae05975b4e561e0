// HTTP to the authorization server: forms go out, an answer comes back or the reason why there is none.

import type { Answer } from "../jwks/http.js";
import type { Connection } from "./authorization-server.js";

/** Sends a form, and waits so many seconds for the answer. Rejects with a plain `Error` that says why there is no answer. */
export function post(
	{ core, client, fetch }: Connection,
	url: string,
	form: string,
	seconds: number = client.use(({ requestTimeout }) => requestTimeout),
): Promise<Answer> {
	const init = {
		method: "POST",
		headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
		body: form,
		credentials: "omit",
	} as const;
	return core.exchange(fetch, url, init, seconds);
}
