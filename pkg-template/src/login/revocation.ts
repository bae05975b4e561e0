// A refresh token that is of no use any more is given back.

import { within } from "../jwks/within.js";
import type { Context } from "./context.js";
import { post } from "./transport.js";

/** Best effort: signing out must not fail for it. */
export async function revoke(context: Context, refreshToken: string, seconds: number): Promise<void> {
	try {
		await within(
			seconds,
			() => new Error(),
			async () => {
				const connection = await context.server.connectTo("revocationEndpoint");
				const url = connection.metadata.revocationEndpoint;
				if (!url) return;
				const form = connection.client.use((client) => client.revocationForm(refreshToken));
				await post(connection, url, form);
			},
		);
	} catch {
		// It expires by itself.
	}
}
