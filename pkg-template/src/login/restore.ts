// The session that this browser had: from a kept refresh token, or by a redirect that shows nothing to the user.

import { sendAuthorizationRequest } from "./authorization-request.js";
import type { Context } from "./context.js";
import type { Refresh } from "./refresh.js";
import type { Session } from "./types.js";

/** Milliseconds that a page waits to be left, before it takes the redirect for failed. */
const REDIRECT_TIMEOUT = 10_000;

/** Brings the session back; `null` when there is none. An anonymous visitor's page loads nothing for it. */
export async function restoreSession(context: Context, refresh: Refresh): Promise<Session | null> {
	if ((await context.store.read()) !== undefined) {
		const session = await refresh.restore();
		if (session) return session;
	}
	if (!context.hint.present) return null;
	await sendAuthorizationRequest(context, { prompt: "none" }, true);
	await new Promise((resolve) => setTimeout(resolve, REDIRECT_TIMEOUT));
	return null;
}
