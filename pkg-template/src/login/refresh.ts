// The renewal of an access token: once for all callers of this page, and one at a time for all tabs.

import { TokenError } from "../error.js";
import { type Context, forget } from "./context.js";
import { loadCore } from "./load-core.js";
import { withLock } from "./lock.js";
import { secondsLeft, type Tokens } from "./session.js";
import { acceptTokens, requestTokens } from "./token-request.js";
import type { TokenResponse } from "./token-response.js";

/** Seconds before its expiry at which an access token is renewed. */
const REFRESH_LEEWAY = 30;

/** Renews the tokens of one login. */
export class Refresh {
	readonly #context: Context;
	#pending: Promise<Tokens> | undefined;

	constructor(context: Context) {
		this.#context = context;
	}

	/** An access token with time left. */
	async accessToken(): Promise<string> {
		const { current, now } = this.#context;
		const tokens = current.tokens;
		if (!tokens) throw await loginRequired("no session");
		const left = secondsLeft(tokens, now());
		if (left > REFRESH_LEEWAY) return tokens.accessToken;
		try {
			return (await this.refresh()).accessToken;
		} catch (error) {
			// An outage at the server is no reason to give up a token that still has time.
			if (left > 0 && current.tokens === tokens) return tokens.accessToken;
			throw error;
		}
	}

	/** A token in place of one that the API refused, or `undefined` if there is no way to get one. */
	async replace(refused: string): Promise<string | undefined> {
		const { tokens } = this.#context.current;
		if (tokens && tokens.accessToken !== refused) return tokens.accessToken;
		return tokens?.refreshToken ? (await this.refresh()).accessToken : undefined;
	}

	/** New tokens. A refresh token that is used twice ends the session: RFC 9700 §4.14.2. */
	refresh(): Promise<Tokens> {
		this.#pending ??= withLock(`${this.#context.name}:refresh`, () => refreshLocked(this.#context)).finally(() => {
			this.#pending = undefined;
		});
		return this.#pending;
	}
}

async function refreshLocked(context: Context): Promise<Tokens> {
	const before = context.current.tokens;
	// Another tab may have had its turn while this one waited: the storage knows the latest.
	const stored = await context.store.read();
	const refreshToken = stored?.refreshToken ?? before?.refreshToken;
	if (!refreshToken) throw await loginRequired("an expired access token and no refresh token");
	const connection = await context.server.connect();
	const form = connection.client.use((client) => client.refreshForm(refreshToken));
	const scope = before?.session.scope ?? stored?.scope;
	let response: TokenResponse;
	try {
		response = await requestTokens(context, connection, "refresh", form, { refreshToken, scope });
	} catch (error) {
		if (error instanceof TokenError && error.code === "session_ended") await forget(context);
		throw error;
	}
	const previous = before?.session.claims ?? (await context.idTokens.verifyStored(connection, stored));
	const idToken = response.idToken ?? before?.session.idToken ?? stored?.idToken ?? null;
	if (response.idToken === null) return acceptTokens(context, response, previous, idToken);
	const claims = await context.idTokens.verifyResponse(context.reporter, connection, response);
	const [was, is] = [previous.sub, claims.sub];
	if (was !== undefined) connection.core.withInstance(({ core }) => core.sameSubject(was, is ?? ""));
	connection.core.withInstance(({ core }) => core.sameNonce(text(previous.nonce), text(claims.nonce)));
	return acceptTokens(context, response, claims, idToken);
}

const text = (claim: unknown): string | undefined => (typeof claim === "string" ? claim : undefined);

async function loginRequired(why: string): Promise<TokenError> {
	const { withInstance } = await loadCore();
	return withInstance(({ core }) => new TokenError(core.loginRequired(why)));
}
