// Errors in words. The code stays visible: it is stable, documented, and what a developer looks up.
import { type SignedOutCause, TokenError } from "countersign/login";
import { ApiRefusal, NoAnswer } from "./purchases.js";
import type { Problem } from "./shop.js";

/** Why nobody is signed in any more. */
export const ENDED: Record<SignedOutCause, string> = {
	"signed-out": "You are signed out.",
	"signed-out-elsewhere": "You were signed out in another tab.",
	idle: "You were signed out, because nobody was here for a while.",
	expired: "Your session has ended. Sign in to go on.",
	"key-missing": "This browser has lost the key of your session. Sign in to go on.",
	"ended-by-server": "The OAuth server has ended your session. Sign in to go on.",
	"another-user": "Somebody else has signed in with this browser.",
};

export const STILL_ASKING = "Still asking the OAuth server whether you are signed in …";
export const NOT_ASKED =
	"The OAuth server does not answer, so the shop cannot tell who you are. Look around, and sign in when it is back.";
export const NOT_TOLD =
	"You are signed out of the shop. The OAuth server could not be told: on a shared computer, close the browser.";
export const UNREACHABLE: Problem = {
	title: "The OAuth server cannot be reached",
	text: "Signing in needs it; looking around does not. Try again in a moment.",
};

const WORDS: Record<string, Problem> = {
	access_denied: {
		title: "You did not allow it",
		text: "The shop got no access and no data. You can change your mind at any time.",
	},
	state_missing: {
		title: "This sign-in link was used already",
		text: "The answer of a sign-in works once, in the tab that started it. Start again from here: if you are still signed in at the OAuth server, it takes one click.",
	},
	session_ended: {
		title: "Your session has ended",
		text: "Sign in again to see your purchases.",
	},
	login_required: {
		title: "You are not signed in",
		text: "Sign in to see your purchases.",
	},
	metadata_unavailable: UNREACHABLE,
	metadata_invalid: {
		title: "The OAuth server is not itself",
		text: "It answered with something else than its description, so the shop does not send you there. Try again in a moment.",
	},
	keys_unavailable: UNREACHABLE,
	authorization_error: {
		title: "The OAuth server did not sign you in",
		text: "It sent you back with an error. Try again; if it stays so, the shop cannot help it.",
	},
	token_request_failed: {
		title: "The sign-in could not be finished",
		text: "The OAuth server did not give tokens for its answer. Start again.",
	},
};

const REFUSED: Problem = {
	title: "The answer was refused",
	text: "What came back from the sign-in is not what this page asked for, so it was not used. You are not signed in.",
};

export function explainProblem(error: unknown): Problem {
	if (error instanceof ApiRefusal) return explainRefusal(error);
	if (error instanceof NoAnswer) {
		return {
			title: "No connection",
			text: "The shop API cannot be reached. Check your connection, then try again.",
			code: "network",
			facts: [["what", error.message]],
		};
	}
	if (error instanceof TokenError) {
		const { code, message, claim, found, expected, spec } = error;
		return {
			...(WORDS[code] ?? REFUSED),
			code,
			facts: [
				["what", message],
				["claim", claim],
				["found", found],
				["expected", expected],
				["rule", spec],
			],
		};
	}
	// What the browser lacks for signing in, or a fault of the shop's own.
	console.error(error);
	return { title: "That does not work here", text: error instanceof Error ? error.message : String(error) };
}

function explainRefusal({ status, answer, message }: ApiRefusal): Problem {
	const facts: Problem["facts"] = [
		["what", message],
		["claim", answer.claim],
		["found", answer.found],
		["expected", answer.expected],
		["rule", answer.spec],
	];
	const code = answer.code ?? answer.error;
	if (status === 401)
		return {
			title: "The shop API refused the token",
			text: "It gave no data. Signing in again gets a fresh token.",
			code,
			facts,
		};
	if (status === 403)
		return {
			title: "The token may not read purchases",
			text: "Sign in again and allow the shop to read them.",
			code,
			facts,
		};
	return {
		title: "The shop API has trouble",
		text: "Your sign-in is fine; the API is not. Try again.",
		code: code ?? `http_${status}`,
		facts,
	};
}
