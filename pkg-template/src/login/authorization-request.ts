// The way out: an authorization request made by the core, remembered by this tab, and sent by the browser.

import type { Connection } from "./authorization-server.js";
import { currentUrl, navigate } from "./browser.js";
import type { Context } from "./context.js";
import { redactForm } from "./redact.js";
import { post } from "./transport.js";
import type { StartOptions } from "./types.js";

/** An authorization request as the core makes it. */
interface AuthorizationRequest {
	readonly state: string;
	readonly nonce: string;
	readonly verifier: string;
	readonly url: string;
	readonly form: string;
}

/** Leaves for the authorization server. `silent`: the page asks by itself, and not the user. */
export async function sendAuthorizationRequest(
	context: Context,
	{ returnTo, ...options }: StartOptions,
	silent: boolean,
): Promise<void> {
	const connection = await context.server.connect();
	const endpoint = connection.metadata.authorizationEndpoint as string;
	const request: AuthorizationRequest = connection.client.use((client) =>
		client.authorizationRequest(endpoint, options),
	);
	const pushed = await push(connection, request.form);
	const url = pushed ? connection.client.use((client) => client.pushedUrl(endpoint, pushed)) : request.url;

	context.transactions.add(request.state, {
		verifier: request.verifier,
		nonce: request.nonce,
		returnTo: returnTo ?? currentUrl(),
		silent,
		createdAt: context.now(),
	});
	context.reporter.step(() => ({
		step: 1,
		name: pushed ? "authorization request, pushed beforehand" : "authorization request",
		request: { method: "GET", url, body: redactForm(request.form) },
	}));
	navigate(url);
}

/** Pushes the request where the server takes it; resolves to its name, or to nothing where the browser carries it. */
async function push(connection: Connection, form: string): Promise<string | undefined> {
	const { pushedAuthorizationRequestEndpoint: url, requirePushedAuthorizationRequests: isRequired } =
		connection.metadata;
	if (!url) return undefined;
	const { status, text } = await post(connection, url, form).catch((reason: Error) => ({
		status: undefined,
		text: `${reason.message} (${url})`,
	}));
	return connection.client.use((client) => client.pushedRequest(status, text, isRequired)) ?? undefined;
}
