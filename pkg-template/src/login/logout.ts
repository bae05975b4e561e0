// The way out of a session: over at once, then forgotten, revoked, and ended at the server.

import type { Context } from "./context.js";
import { perform } from "./flight.js";
import type { LogoutOptions } from "./types.js";

/** Ends the session here and, with `global`, at the authorization server. */
export async function endSession(context: Context, { global = true, extra }: LogoutOptions): Promise<void> {
	const machine = await context.machine();
	const ended = await perform(
		context,
		machine,
		machine.use((session) => session.signOut()),
	);
	if (!global) return;
	const { client, metadata } = await context.server.connectTo("endSessionEndpoint");
	const endpoint = metadata.endSessionEndpoint;
	if (!endpoint) return;
	const url = client.use((client) => client.logoutUrl(endpoint, ended.idToken ?? undefined, { extra }));
	context.navigate(url, "assign");
}

/** Another tab has ended the session: here it is over at once. */
export async function endedElsewhere(context: Context): Promise<void> {
	const machine = context.loaded ?? (await context.machine());
	const flight = machine.use((session) => session.signedOutElsewhere());
	if (flight !== undefined) await perform(context, machine, flight);
}
