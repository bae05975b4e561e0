// HTTP to the authorization server: forms go out, an answer comes back or the reason why there is none.

import type { Answer } from "../jwks/http.js";
import type { Connection } from "./authorization-server.js";

/** Sends a form. Rejects with a plain `Error` that says why there is no answer. */
export function post({ core, fetch }: Connection, url: string, form: string): Promise<Answer> {
	return core.exchange(fetch, url, {
		method: "POST",
		headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
		body: form,
		credentials: "omit",
	});
}
