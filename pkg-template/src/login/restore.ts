// The session that this browser had: from a kept refresh token, or by asking the server without a word to the user.

import { TokenError } from "../error.js";
import type { Context } from "./context.js";
import type { Refresh } from "./refresh.js";
import { askSilently } from "./silent.js";
import type { Session } from "./types.js";

/** Brings the session back; `null` when there is none. An anonymous visitor's page loads nothing for it. */
export async function restoreSession(context: Context, refresh: Refresh): Promise<Session | null> {
	const stored = await context.store.read();
	if (stored) {
		try {
			return (await refresh.refresh()).session;
		} catch (error) {
			if (!(error instanceof TokenError && error.code === "session_ended")) throw error;
		}
	}
	return askSilently(context, stored?.idToken ?? undefined);
}
