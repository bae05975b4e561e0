// The way back: an address that holds the answer of an authorization server.

import { TokenError } from "../error.js";
import { currentUrl, replaceUrl } from "./browser.js";
import type { Context } from "./context.js";
import { perform } from "./flight.js";
import { redactUrl } from "./redact.js";
import { requestTokens } from "./token-request.js";
import type { TokenResponse } from "./token-response.js";
import type { Transaction } from "./transaction-store.js";
import type { Finished, Session } from "./types.js";

/** Judges the answer and gives its code for tokens. `null`: nobody is logged in, and only the page had asked. */
export async function finishLogin(context: Context, address: string, cleaned: string): Promise<Finished | null> {
	const { searchParams } = new URL(address);
	const client = await context.server.client();
	const { transaction, returnTo, refusal } = context.transactions.take(client, searchParams.get("state"), address);
	try {
		if (!transaction) throw refusal;
		const session = await exchangeCode(context, address, transaction);
		if (session) {
			const repeat = await context.stepUps.ended(transaction, session);
			return { session, returnTo: returnTo ?? cleaned, appState: transaction.appState, repeat };
		}
		context.hint.refused((await context.server.connect()).core, context.now());
		return null;
	} catch (error) {
		context.stepUps.failed(transaction, error);
		if (error instanceof TokenError && returnTo !== undefined) {
			Object.defineProperty(error, "returnTo", { value: returnTo, enumerable: true });
		}
		throw error;
	} finally {
		// Whoever did not ask for anything sees the page that was asked for, however it went.
		if (transaction?.silent && currentUrl() === cleaned) replaceUrl(returnTo ?? cleaned);
	}
}

async function exchangeCode(context: Context, address: string, transaction: Transaction): Promise<Session | null> {
	const connection = await context.server.connect();
	const isIssuerRequired = connection.metadata.authorizationResponseIssParameterSupported;
	const { search } = new URL(address);
	const { state, verifier, silent, jkt } = transaction;
	const code = connection.client.use((client) => client.authorizationCode(search, state, isIssuerRequired, silent));
	if (code === undefined) return null;
	context.reporter.step(() => ({
		step: 3,
		name: "the user has agreed: authorization code",
		response: { status: 302, headers: { location: redactUrl(address) } },
	}));
	const key = await context.dpop.key(jkt);
	const form = connection.client.use((client) => client.codeForm(code, verifier));
	const response = await requestTokens(context, connection, key, "code for tokens", form, ({ status, text }) =>
		connection.client.use((client) => client.tokenResponse(status, text, code, verifier)),
	);
	const claims = await context.idTokens.verifyResponse(context.reporter, connection, response, transaction);
	return signIn(context, response, claims, key?.jkt);
}

/** Makes what a login has brought the session of this page. */
async function signIn(
	context: Context,
	response: TokenResponse,
	claims: Session["claims"],
	jkt: string | undefined,
): Promise<Session> {
	const machine = await context.machine();
	const [now, checkedAt] = [context.now(), context.clock.now()];
	// One that is no string, the core has refused.
	const { sub, nonce } = claims as Session["claims"] & { readonly nonce?: string };
	const flight = machine.use((session) => session.signedIn(response, sub, nonce, now, checkedAt, jkt));
	await perform(context, machine, flight);
	await context.userClaims.loaded();
	return context.current.session as Session;
}
