// What can be said of a token while its keys cannot be had.

import { PolicyVerifier } from "../core.js";
import { TokenError } from "../error.js";
import type { Claims } from "../verifier/claims.js";
import type { Explanation } from "../verifier/explanation.js";
import type { VerifierOptions } from "../verifier/options.js";
import { printable } from "./terminal.js";

/** The exit statuses of `verify` and `explain`. */
export const STATUS = { valid: 0, refused: 1, undecided: 3 } as const;

/** An explanation, and why it lacks the checks that need keys. */
export interface Outcome {
	readonly explanation: Explanation;
	readonly unavailable: TokenError | undefined;
	readonly status: number;
}

/** Every check of a token, or those that need no key where none can be had. */
export async function examine(policy: VerifierOptions, token: string): Promise<Outcome> {
	const verifier = new PolicyVerifier<Claims>(policy);
	try {
		const explanation = await verifier.explain(token);
		return { explanation, unavailable: undefined, status: explanation.valid ? STATUS.valid : STATUS.refused };
	} catch (error) {
		if (!(error instanceof TokenError) || error.status !== 503) throw error;
		const explanation = verifier.explainWithoutKeys(token);
		if (explanation.checks.some(({ status }) => status === "failed")) {
			return { explanation, unavailable: error, status: STATUS.refused };
		}
		const { code, message, spec, status } = error;
		const told = { ...explanation, code, error: { code, message, spec, status } };
		return { explanation: told, unavailable: error, status: STATUS.undecided };
	}
}

/** What was not checked, and what to do about it. */
export function undecided({ explanation, unavailable, status }: Outcome): string {
	const missing = explanation.checks.filter(({ status }) => status === "not reached").map(({ name }) => name);
	const { code, message } = unavailable as TokenError;
	return [
		`${status === STATUS.undecided ? "undecided: " : ""}${code}; not checked: ${missing.join(", ")}`,
		printable(message),
		"Give the keys with --jwks FILE, or try again.",
	].join("\n");
}
