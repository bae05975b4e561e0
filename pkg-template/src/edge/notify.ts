import { explained, type Opinion } from "../core.js";
import type { TokenError } from "../error.js";
import type { Explanation } from "../verifier/explanation.js";
import type { GuardOutcome } from "./outcome.js";
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
	report(settings, request, error ? "refused" : "passed", error);
	const { onVerdict } = settings;
	const told = onVerdict && explanation && explained(settings, explanation, said);
	const verdict = error ? refusedAs(error, told) : told;
	if (onVerdict && verdict) quietly("onVerdict", () => onVerdict(verdict, request as EdgeRequest));
}

/** Tells the listener for outcomes of one. */
export function report(
	{ onOutcome }: GuardSettings,
	request: RequestLike,
	type: GuardOutcome["type"],
	error?: TokenError,
): void {
	if (onOutcome) quietly("onOutcome", () => onOutcome({ type, error: error ?? null }, request as EdgeRequest));
}

/** Calls a listener, which changes nothing by what it throws. */
function quietly(name: string, listener: () => unknown): void {
	const failed = (error: unknown) => console.error(`countersign: ${name} failed:`, error);
	try {
		Promise.resolve(listener()).catch(failed);
	} catch (error) {
		failed(error);
	}
}

/** A list of checks says more than an error, where it is the token that was refused. */
function refusedAs(error: TokenError, told: Explanation | null): Explanation | TokenError {
	if (!told?.error) return error;
	return { ...told, error: { ...told.error, challenge: error.challenge } };
}
