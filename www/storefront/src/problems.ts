// Errors in words. The code stays visible: it is stable, documented, and what a developer looks up.
import { TokenError } from "countersign/login";
import { ApiRefusal } from "./purchases.js";
import type { Problem } from "./shop.js";

const WORDS: Record<string, [title: string, text: string]> = {
	access_denied: ["You did not allow it", "The shop got no access and no data. You can change your mind at any time."],
	state_missing: [
		"This sign-in link was used already",
		"The answer of a sign-in works once, in the tab that started it. Start again from here: if you are still signed in at the OAuth server, it takes one click.",
	],
	session_ended: ["Your session has ended", "Sign in again to see your purchases."],
	metadata_unavailable: [
		"The OAuth server cannot be reached",
		"Signing in needs it. Check that it runs, then try again.",
	],
	keys_unavailable: ["The OAuth server cannot be reached", "Its keys are needed to check the answer. Try again."],
	token_request_failed: [
		"The sign-in could not be finished",
		"The OAuth server did not give tokens for its answer. Start again.",
	],
};

export function explainProblem(error: unknown): Problem {
	if (error instanceof ApiRefusal) return explainRefusal(error);
	if (error instanceof TokenError) {
		const { code, message, claim, found, expected, spec } = error;
		const [title, text] = WORDS[code] ?? [
			"The answer was refused",
			"What came back from the sign-in is not what this page asked for, so it was not used. You are not signed in.",
		];
		return {
			title,
			text,
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
	if (error instanceof TypeError) {
		return {
			title: "No connection",
			text: "A server could not be reached. Check that all three parts run, then try again.",
			code: "network",
		};
	}
	return { title: "Something went wrong", text: error instanceof Error ? error.message : String(error) };
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
