import { withInstance } from "../core/instance.js";
import type { ErrorData } from "../error.js";
import type { ErrorCode } from "../error-code.js";
import type { Claims, Header } from "./claims.js";

/** One check of a verdict. */
export interface Check {
	readonly name: string;
	/** The rule, for example `RFC 7519 §4.1.4`. */
	readonly spec: string;
	readonly status: "passed" | "failed" | "not reached";
	readonly found: string | null;
	readonly expected: string | null;
}

/** A verdict told as the list of its checks, in order. */
export interface Explanation {
	readonly valid: boolean;
	/** The code of the first check that failed. */
	readonly code: ErrorCode | null;
	/** The refusal as data, as `verify` would have thrown it. */
	readonly error: ErrorData | null;
	readonly checks: readonly Check[];
	readonly header: Header | null;
	/** Present only when the signature held. */
	readonly claims: Claims | null;
}

/** @internal The explanation of a token that passed every rule, and was refused by a function of the caller. */
export function refusedBy(reason: string, passed: Explanation): Explanation {
	const error: ErrorData = withInstance(({ core }) => core.refusalOf("claim_refused", reason));
	const check: Check = { name: "check", spec: error.spec ?? "", status: "failed", found: reason, expected: null };
	return { ...passed, valid: false, code: error.code, error, checks: [...passed.checks, check] };
}
