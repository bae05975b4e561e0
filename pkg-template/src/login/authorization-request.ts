// The way out: an authorization request made by the core, remembered by this tab, and sent by the browser.

import type { Connection } from "./authorization-server.js";
import { currentUrl } from "./browser.js";
import type { Context } from "./context.js";
import type { DpopKey } from "./dpop-keys.js";
import { redactForm, redactUrl } from "./redact.js";
import type { Transaction } from "./transaction-store.js";
import { postByKey } from "./transport.js";
import type { StartOptions } from "./types.js";

/** An authorization request as the core makes it. */
interface AuthorizationRequest extends Omit<Transaction, "silent"> {
	readonly url: string;
	readonly form: string;
}

/** What a request is made of: `silent` where the page asks by itself, and not the user. */
export interface Asked extends StartOptions, Pick<Transaction, "stepUp" | "repeat" | "subject"> {
	readonly idTokenHint?: string | undefined;
	readonly silent?: boolean;
}

/** Leaves for the authorization server. */
export async function sendAuthorizationRequest(context: Context, options: StartOptions): Promise<void> {
	context.store.check();
	context.dpop.check();
	context.hint.userActed(context.now());
	context.navigate(await authorizationRequest(context, options), "assign");
}

/** Makes an authorization request and remembers it. Resolves to where it goes. */
export async function authorizationRequest(
	context: Context,
	{ returnTo = currentUrl(), appState, silent = false, stepUp, repeat, subject, ...options }: Asked,
): Promise<string> {
	const key = await context.dpop.key();
	const connection = await context.server.connect();
	const endpoint = connection.metadata.authorizationEndpoint as string;
	const { url, form, ...request }: AuthorizationRequest = connection.client.use((client) =>
		client.authorizationRequest(endpoint, { ...options, dpopJkt: key?.jkt }),
	);
	const pushed = await push(context, connection, key, form);
	const target = pushed ? connection.client.use((client) => client.pushedUrl(endpoint, pushed)) : url;
	context.transactions.add(connection.client, {
		...request,
		jkt: key?.jkt,
		returnTo,
		appState: appState as string | undefined,
		silent,
		stepUp,
		repeat,
		subject,
	});
	context.reporter.step(() => ({
		step: 1,
		name: pushed ? "authorization request, pushed beforehand" : "authorization request",
		request: { method: "GET", url: redactUrl(target), body: redactForm(form) },
	}));
	return target;
}

/** Pushes the request where the server takes it; resolves to its name, or to nothing where the browser carries it. */
async function push(
	context: Context,
	connection: Connection,
	key: DpopKey | undefined,
	form: string,
): Promise<string | undefined> {
	const { pushedAuthorizationRequestEndpoint: url, requirePushedAuthorizationRequests: isRequired } =
		connection.metadata;
	if (!url) return undefined;
	const { status, text } = await postByKey(context, connection, key, url, form).catch((reason: Error) => ({
		status: undefined,
		text: `${reason.message} (${url})`,
	}));
	return connection.client.use((client) => client.pushedRequest(status, text, isRequired)) ?? undefined;
}
