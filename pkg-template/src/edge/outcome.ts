import type { TokenError } from "../error.js";
import type { EdgeRequest } from "./types.js";

/** What became of a request. */
export interface GuardOutcome {
	/** `anonymous`: without a token, where none is required. */
	readonly type: "passed" | "refused" | "anonymous";
	/** Why it was refused, with its `code`. */
	readonly error: TokenError | null;
}

/** Hears what becomes of requests. */
export interface OutcomeOptions {
	/**
	 * Called with what became of each request: for counters and traces. It makes nothing slower, unlike `onVerdict`, whose
	 * list of checks is made for it. What it throws, or rejects with, is logged and changes no answer.
	 */
	readonly onOutcome?: (outcome: GuardOutcome, request: EdgeRequest) => void | Promise<void>;
}
