// The resource server of each story: countersign/edge's guard over HTTP. It keeps what it was asked with.

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { serve } from "../way-kit.mjs";

/** Starts it; `guard` are the options for the server at hand. `files` are the package's. */
export async function startApi(files) {
	const { protect } = await import(pathToFileURL(join(files, "edge.js")).href);
	const state = { tokens: [], verdicts: [], ahead: 0, open: undefined };
	const { origin, close } = await serve(async (url, _body, { method, headers }) => {
		if (headers.authorization) state.tokens.push(headers.authorization.split(" ")[1]);
		const response = await state.open(new Request(origin + url.pathname, { method, headers: { ...headers } }));
		if (headers.authorization) state.ahead = 0;
		return [response.status, await response.text(), Object.fromEntries(response.headers)];
	});
	return {
		origin,
		state,
		close,
		/** `guard` are the options for the tokens of a server. */
		guards(guard) {
			const options = {
				cors: { origin: "*" },
				onOutcome: ({ type, error }) => state.verdicts.push(error?.code ?? type),
				now: () => Date.now() / 1000 + state.ahead,
				...guard,
			};
			state.open = protect(options, (_request, { claims }) => Response.json({ hello: claims.sub ?? claims.username }));
		},
		/** The next request finds its token expired. */
		expire: () => {
			state.ahead = 30 * 86_400;
		},
		/** What the API says to a token, by a client of its own. */
		async says(token) {
			const response = await fetch(`${origin}/purchases`, { headers: { authorization: `Bearer ${token}` } });
			return `${response.status} ${(await response.json()).code ?? ""}`.trim();
		},
	};
}
