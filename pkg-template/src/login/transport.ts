// HTTP to the authorization server: forms go out, an answer comes back or the reason why there is none.

import type { Answer } from "../jwks/http.js";
import type { Connection } from "./authorization-server.js";
import type { Context } from "./context.js";
import type { DpopKey } from "./dpop-keys.js";

/** Sends a form, and waits so many seconds for the answer; `proof` are the headers of a proof. Rejects with a plain `Error` that says why there is no answer. */
export function post(
	{ core, client, fetch }: Connection,
	url: string,
	form: string,
	seconds: number = client.use(({ requestTimeout }) => requestTimeout),
	proof: Readonly<Record<string, string>> = {},
): Promise<Answer> {
	const init = {
		method: "POST",
		headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json", ...proof },
		body: form,
		credentials: "omit",
	} as const;
	return core.exchange(fetch, url, init, seconds);
}

/** The same by a key, where there is one; learns the time from the answer. */
export function postByKey(
	{ dpop, clock, now }: Context,
	connection: Connection,
	key: DpopKey | undefined,
	url: string,
	form: string,
	seconds?: number,
): Promise<Answer> {
	return dpop.send(connection.client, key, { method: "POST", url }, async (proof) => {
		const sent = now();
		const answer = await post(connection, url, form, seconds, proof);
		return [answer, clock.learn(connection.core, answer.headers, sent)];
	});
}
