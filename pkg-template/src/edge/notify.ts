import { explained, type Opinion } from "../core.js";
import type { TokenError } from "../error.js";
import type { Explanation } from "../verifier/explanation.js";
import type { GuardSettings } from "./settings.js";
import type { EdgeRequest, RequestLike } from "./types.js";

/**
 * Tells the listener for verdicts of one: its list of checks, with what the caller says about the claims, and the error
 * that it ended with. The listener changes no answer, whatever it does.
 */
export function notify(
	settings: GuardSettings,
	request: RequestLike,
	explanation: Explanation | null,
	said: Opinion<object> | undefined,
	error?: TokenError,
): void {
	const { onVerdict } = settings;
	const told = onVerdict && explanation && explained(settings, explanation, said);
	const verdict = error ? refusedAs(error, told) : told;
	if (!onVerdict || !verdict) return;
	const failed = (error: unknown) => console.error("countersign: onVerdict failed:", error);
	try {
		Promise.resolve(onVerdict(verdict, request as EdgeRequest)).catch(failed);
	} catch (error) {
		failed(error);
	}
}

/** A list of checks says more than an error, where it is the token that was refused. */
function refusedAs(error: TokenError, told: Explanation | null): Explanation | TokenError {
	if (!told?.error) return error;
	return { ...told, error: { ...told.error, challenge: error.challenge } };
}
