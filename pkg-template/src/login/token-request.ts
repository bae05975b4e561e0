// Requests for tokens, and what becomes of the tokens that are granted.

import { TokenError } from "../error.js";
import type { Answer } from "../jwks/http.js";
import type { Connection } from "./authorization-server.js";
import type { Context } from "./context.js";
import type { DpopKey } from "./dpop-keys.js";
import type { Machine } from "./machine.js";
import { redact, redactForm, stripSignature } from "./redact.js";
import type { TokenResponse } from "./token-response.js";
import { postByKey } from "./transport.js";

/** How the core reads an answer of the token endpoint; throws the server's refusal. */
type Judge = (answer: Answer) => TokenResponse;

/** Asks for tokens. */
export async function requestTokens(
	context: Context,
	connection: Connection,
	key: DpopKey | undefined,
	name: string,
	form: string,
	judge: Judge,
): Promise<TokenResponse> {
	const url = connection.metadata.tokenEndpoint as string;
	const request = { method: "POST", url, body: redactForm(form) };
	try {
		const seconds = connection.client.use(({ tokenTimeout }) => tokenTimeout);
		const answer = await postByKey(context, connection, key, url, form, seconds).catch((reason) => {
			throw connection.core.fetchError("token_request_failed", url, reason);
		});
		const response = judge(answer);
		context.reporter.step(() => ({
			step: 4,
			name: `${name}: granted`,
			request,
			response: { status: answer.status, body: redact(onTheWire(response)) },
			...stripSignature(response.accessToken),
		}));
		return response;
	} catch (error) {
		if (error instanceof TokenError)
			context.reporter.step(() => ({ step: 4, name: `${name}: refused`, request, error }));
		throw error;
	}
}

/** Gives a refresh token for new tokens, and tells the session what came of it. */
export async function renewTokens(
	context: Context,
	machine: Machine,
	flight: number,
	{ refreshToken, jkt }: { readonly refreshToken: string; readonly jkt: string | null },
): Promise<void> {
	let key: DpopKey | undefined;
	const judge: Judge = ({ status, headers, text }) => {
		const retryAfter = headers.get("retry-after") ?? undefined;
		return machine.use((session) => session.answered(flight, status, retryAfter, text, key?.jkt, context.now()));
	};
	try {
		key = await context.dpop.key(jkt);
		const connection = await context.server.connect();
		const form = connection.client.use((client) => client.refreshForm(refreshToken));
		await requestTokens(context, connection, key, "refresh", form, judge);
	} catch (error) {
		// Where it has heard an answer, this tells it nothing.
		machine.use((session) => session.notAnswered(flight, error, context.now()));
	}
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
