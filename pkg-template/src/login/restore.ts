// The session that this browser had: from a kept refresh token, or by asking the server without a word to the user.

import type { Context } from "./context.js";
import type { Refresh } from "./refresh.js";
import { askSilently } from "./silent.js";
import type { Session } from "./types.js";

/** Brings the session back; `null` when there is none. */
export async function restoreSession(context: Context, refresh: Refresh): Promise<Session | null> {
	const { idToken } = await refresh.restore();
	await context.userClaims.loaded();
	return context.current.session ?? askSilently(context, idToken ?? undefined);
}
