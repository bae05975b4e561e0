// The way out of a session: revoked, forgotten, and ended at the server.

import { navigate } from "./browser.js";
import { type Context, forget } from "./context.js";
import { post } from "./transport.js";
import type { LogoutOptions } from "./types.js";

/** Ends the session here and, with `global`, at the authorization server. */
export async function endSession(context: Context, options: LogoutOptions): Promise<void> {
	const { tokens } = context.current;
	const stored = await context.store.read();
	const refreshToken = stored?.refreshToken ?? tokens?.refreshToken;
	await forget(context);
	if (refreshToken) await revoke(context, refreshToken);
	const { global = true, extra } = options;
	if (!global) return;
	const { client, metadata } = await context.server.connectToEnd();
	const endpoint = metadata.endSessionEndpoint;
	if (!endpoint) return;
	const idToken = tokens?.session.idToken ?? stored?.idToken;
	navigate(client.use((client) => client.logoutUrl(endpoint, idToken, { extra })));
}

/** Best effort: signing out must not fail for it. */
async function revoke(context: Context, refreshToken: string): Promise<void> {
	try {
		const connection = await context.server.connectToEnd();
		const url = connection.metadata.revocationEndpoint;
		if (!url) return;
		const form = connection.client.use((client) => client.revocationForm(refreshToken));
		await post(connection, url, form);
	} catch {
		// It expires by itself.
	}
}
