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
