// Requests for tokens, and what becomes of the tokens that are granted.

import { TokenError } from "../error.js";
import type { Connection } from "./authorization-server.js";
import type { Context } from "./context.js";
import { redact, redactForm, stripSignature } from "./redact.js";
import type { Tokens } from "./session.js";
import type { TokenResponse } from "./token-response.js";
import { post } from "./transport.js";
import type { Session } from "./types.js";

/** What a renewal starts from. */
export interface PreviousTokens {
	readonly refreshToken: string;
	readonly scope: string | undefined;
}

/** Asks for tokens. `previous` is what a refresh token was granted with; none for a code. */
export async function requestTokens(
	context: Context,
	connection: Connection,
	name: string,
	form: string,
	previous?: PreviousTokens,
): Promise<TokenResponse> {
	const url = connection.metadata.tokenEndpoint as string;
	const request = { method: "POST", url, body: redactForm(form) };
	try {
		const seconds = connection.client.use(({ tokenTimeout }) => tokenTimeout);
		const sent = context.now();
		const { status, text, headers } = await post(connection, url, form, seconds).catch((reason) => {
			throw connection.core.fetchError("token_request_failed", url, reason);
		});
		context.clock.learn(connection.core, headers, sent);
		const response: TokenResponse = connection.client.use((client) =>
			client.tokenResponse(status, text, previous?.refreshToken, previous?.scope),
		);
		context.reporter.step(() => ({
			step: 4,
			name: `${name}: granted`,
			request,
			response: { status, body: redact(onTheWire(response)) },
			...stripSignature(response.accessToken),
		}));
		return response;
	} catch (error) {
		if (error instanceof TokenError)
			context.reporter.step(() => ({ step: 4, name: `${name}: refused`, request, error }));
		throw error;
	}
}

/** Makes a response the session of this page. */
export async function acceptTokens(
	{ now, clock, store, hint, current }: Context,
	{ accessToken, refreshToken, expiresIn, scope }: TokenResponse,
	claims: Session["claims"],
	idToken: string | null,
): Promise<Tokens> {
	const expiresAt = expiresIn === null ? null : now() + expiresIn;
	const tokens: Tokens = { session: { claims, scope, idToken, expiresAt }, accessToken, refreshToken };
	await store.write(refreshToken === null ? undefined : { refreshToken, idToken, scope, checkedAt: clock.now() });
	hint.put();
	current.set(tokens);
	return tokens;
}

/** A token response in the names it came with: those by which secrets are known. */
function onTheWire(response: TokenResponse): (readonly [string, unknown])[] {
	const members = [
		["access_token", response.accessToken],
		["token_type", response.tokenType],
		["expires_in", response.expiresIn],
		["refresh_token", response.refreshToken],
		["scope", response.scope],
		["id_token", response.idToken],
	] as const;
	return members.filter(([, value]) => value !== null);
}
