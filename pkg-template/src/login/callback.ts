// The way back: an address that holds the answer of an authorization server.

import { replaceUrl } from "./browser.js";
import type { Context } from "./context.js";
import { perform } from "./flight.js";
import { redactUrl } from "./redact.js";
import { requestTokens } from "./token-request.js";
import type { TokenResponse } from "./token-response.js";
import type { NamedTransaction } from "./transaction-store.js";
import type { Finished, Session } from "./types.js";

/** Judges the answer and gives its code for tokens. `null`: nobody is logged in, and only the page had asked. */
export async function finishLogin(context: Context, address: string, cleaned: string): Promise<Finished | null> {
	const { searchParams, search } = new URL(address);
	const answered = context.transactions.take(searchParams.get("state"));
	const session = await exchangeCode(context, search, redactUrl(address), answered);
	const { silent = false, returnTo = cleaned } = answered?.transaction ?? NONE;
	if (silent) replaceUrl(returnTo);
	if (session) return { session, returnTo };
	context.hint.remove();
	return null;
}

/** No transaction: nothing of it, not even what it might inherit. */
const NONE: { readonly silent?: boolean; readonly returnTo?: string } = Object.create(null);

async function exchangeCode(
	context: Context,
	query: string,
	shown: string,
	answered: NamedTransaction | undefined,
): Promise<Session | null> {
	const connection = await context.server.connect();
	const isIssuerRequired = connection.metadata.authorizationResponseIssParameterSupported;
	const state = answered?.state ?? context.transactions.latest();
	const silent = answered?.transaction.silent ?? false;
	const code = connection.client.use((client) => client.authorizationCode(query, state, isIssuerRequired, silent));
	if (code === undefined) return null;
	context.reporter.step(() => ({
		step: 3,
		name: "the user has agreed: authorization code",
		response: { status: 302, headers: { location: shown } },
	}));
	// Without its transaction, the core has refused the answer above.
	const { verifier, nonce } = (answered as NamedTransaction).transaction;
	const form = connection.client.use((client) => client.codeForm(code, verifier));
	const response = await requestTokens(context, connection, "code for tokens", form, ({ status, text }) =>
		connection.client.use((client) => client.tokenResponse(status, text)),
	);
	const claims = await context.idTokens.verifyResponse(context.reporter, connection, response, nonce);
	return signIn(context, response, claims);
}

/** Makes what a login has brought the session of this page. */
async function signIn(context: Context, response: TokenResponse, claims: Session["claims"]): Promise<Session> {
	const machine = await context.machine();
	await perform(
		context,
		machine,
		machine.use((session) => session.signedIn(response, claims.sub, context.now())),
	);
	return context.current.session as Session;
}
