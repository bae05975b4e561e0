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

/** A decision, and the list of its checks where somebody listens. */
export type Decided = Attempt<Decision> & { readonly explanation: Explanation | null };

/** The decision to let a request pass. */
export function decided(value: Decision, demand: Demand | undefined, explanation: Explanation | null): Decided {
	return { value, error: undefined, demand, explanation };
}
