import type { TokenError } from "../error.js";
import type { Explanation } from "../verifier/explanation.js";
import type { GuardSettings } from "./settings.js";
import type { EdgeRequest, RequestLike } from "./types.js";

/** Calls the listener for verdicts. It changes no answer, whatever it does. */
export function notify(
	{ onVerdict }: GuardSettings,
	request: RequestLike,
	verdict: () => Explanation | TokenError | null,
): void {
	const found = onVerdict && verdict();
	if (!found) return;
	const failed = (error: unknown) => console.error("countersign: onVerdict failed:", error);
	try {
		Promise.resolve(onVerdict(found, request as EdgeRequest)).catch(failed);
	} catch (error) {
		failed(error);
	}
}
