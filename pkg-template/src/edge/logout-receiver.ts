// Receives back-channel logouts: the core judges and answers, this file reads, verifies and tells the stores.

import { PolicyVerifier, readBody, snapshot, withInstance } from "../core.js";
import { TokenError } from "../error.js";
import type { Claims } from "../verifier/claims.js";
import type { LogoutReceiverOptions } from "./logout-options.js";
import { replyOf } from "./questions.js";
import type { ReplayStore } from "./replay-store.js";
import type { SessionStore } from "./session-store.js";
import type { EdgeRequest, EdgeResponse } from "./types.js";

/** What the core has read of the options. */
interface LogoutSettings {
	readonly sessions: SessionStore;
	readonly replay: ReplayStore | null;
	readonly now: (() => number) | null;
	/** Seconds. */
	readonly keepFor: number;
	/** Seconds. */
	readonly storeTimeout: number;
}

/** What a logout token ends. */
interface Ended {
	readonly sessions: readonly string[];
	readonly at: number;
	readonly until: number;
	/** The token itself, by a digest. */
	readonly token: string;
	readonly tokenUntil: number;
}

/**
 * Answers the requests by which an OpenID provider says that somebody has logged out (Back-Channel Logout 1.0): a handler for
 * the address that is registered as `backchannel_logout_uri`. Guards with `revoked` and the same store refuse the tokens
 * of the sessions that have ended.
 *
 * @example
 * const sessions = durableObjectSessions(env.SESSIONS);
 * const logout = logoutReceiver({ issuer, audience: clientId, sessions });
 * const api = guard({ issuer, audience, revoked: sessions });
 */
export function logoutReceiver(options: LogoutReceiverOptions): (request: EdgeRequest) => Promise<EdgeResponse> {
	const given = snapshot(options);
	const verifier = new PolicyVerifier<Claims>(given, (core, options) => core.Verifier.forLogout(options));
	const settings: LogoutSettings = withInstance(({ core }) => core.logoutSettings(given));
	return async (request) => {
		try {
			await receive(request as Request, verifier, settings);
			return answerTo(undefined);
		} catch (error) {
			if (error instanceof TokenError) return answerTo(error);
			throw error;
		}
	};
}

async function receive(request: Request, verifier: PolicyVerifier<Claims>, settings: LogoutSettings): Promise<void> {
	const type = request.headers.get("content-type") ?? undefined;
	const body = request.method === "POST" ? await readable(request) : "";
	const token = withInstance(({ core }) => core.logoutToken(request.method, type, body));
	const { claims } = await verifier.verify(token);
	const { sessions, replay, keepFor, now } = settings;
	const moment = now ? now() : Date.now() / 1000;
	const ended: Ended = withInstance(({ core }) => core.endedSessions(JSON.stringify(claims), keepFor, moment));
	// This first: a server that is told that it failed may send the same token again.
	await told("sessions", settings, async () => {
		await sessions.end(ended.sessions, ended.at, ended.until);
		return true;
	});
	if (replay) await told("logout", settings, async () => replay.use(ended.token, ended.tokenUntil));
}

/** Calls a store. Rejects with the refusal by what comes of that. */
async function told(kind: string, { storeTimeout }: LogoutSettings, call: () => Promise<unknown>): Promise<void> {
	const { how, what } = await replyOf(storeTimeout, call);
	withInstance(({ core }) => core.logoutReplied(kind, core.Replied[how], what));
}

/** The body; one that is too long or no text is none. */
async function readable(request: Request): Promise<string> {
	try {
		return await readBody(request);
	} catch {
		return "";
	}
}

function answerTo(error: TokenError | undefined): EdgeResponse {
	const { status, body } = withInstance(({ core }) => core.logoutAnswer(error));
	const headers = new Headers({ "cache-control": "no-store" });
	if (body !== null) headers.set("content-type", "application/json; charset=utf-8");
	return new Response(body, { status, headers }) as EdgeResponse;
}
