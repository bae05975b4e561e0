// The session brought back without a word to the user: by a redirect that shows nothing, or in a frame that nobody sees.

import { authorizationRequest } from "./authorization-request.js";
import { currentUrl } from "./browser.js";
import { finishLogin } from "./callback.js";
import type { Context } from "./context.js";
import { answerInFrame } from "./frame.js";
import { loadCore } from "./load-core.js";
import type { Session } from "./types.js";

/** Asks the server whether it knows the user; `idToken` says whom. `null` where it does not, or may not be asked. */
export async function askSilently(context: Context, idToken: string | undefined): Promise<Session | null> {
	const { hint, options, server, now } = context;
	if (options.silent === "never" || !hint.present) return null;
	const kept = hint.attempt(await loadCore(), now());
	if (!kept) return null;
	const asked = { prompt: "none", idTokenHint: idToken, silent: true, returnTo: currentUrl(), appState: undefined };
	const url = await authorizationRequest(context, asked);
	const seconds = (await server.client()).use(({ silentTimeout }) => silentTimeout);
	// From here on nobody may come back to tell how it went.
	hint.keep(kept);
	if (options.silent === "iframe") {
		const answer = await answerInFrame(context.name, url, seconds);
		return answer === undefined ? null : ((await finishLogin(context, answer, answer))?.session ?? null);
	}
	context.navigate(url, "replace");
	await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
	return null;
}
