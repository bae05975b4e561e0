import type { Attempt, Demand } from "../core.js";
import type { Explanation } from "../verifier/explanation.js";
import type { Question } from "./questions.js";
import type { Auth } from "./types.js";

/** What the core decides about a request that may pass. */
export interface Decision {
	/** Who called; nobody, where no token is required and none was sent. */
	readonly auth: Auth | null;
	/** What the decision hangs on still, in the order in which to ask. */
	readonly questions: readonly Question[];
}

/** To whom a token was issued, for what, and until when: by the verdict on it, whatever a schema makes of its claims. */
export interface Grant {
	readonly clientId: string | null;
	readonly scopes: readonly string[];
	/** Seconds since 1970. */
	readonly expiresAt: number | null;
}

/** Who called, by a guard that tells grants. */
export interface GrantedAuth extends Auth<object> {
	readonly grant: Grant;
}

/** A decision, and the list of its checks where somebody listens. */
export type Decided = Attempt<Decision> & { readonly explanation: Explanation | null };

/** The decision to let a request pass. */
export function decided(value: Decision, demand: Demand | undefined, explanation: Explanation | null): Decided {
	return { value, error: undefined, demand, explanation };
}
