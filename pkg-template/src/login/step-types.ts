import type { TokenError } from "../error.js";
import type { Explanation } from "../verifier/explanation.js";

/** One of the eight steps between asking for a token and showing what it opens. */
export interface LoginStep {
	/** 1 request a token · 3 the user has agreed · 4 tokens · 5 request the resource · 8 the resource answers. */
	readonly step: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;
	readonly name: string;
	readonly request?: {
		readonly method: string;
		readonly url: string;
		readonly headers?: Readonly<Record<string, string>>;
		readonly body?: Readonly<Record<string, string>>;
	};
	readonly response?: {
		readonly status: number;
		readonly headers?: Readonly<Record<string, string>>;
		readonly body?: unknown;
	};
	/** The token that crossed, with its signature cut off: `decodeUnverified` reads it, and it opens nothing. */
	readonly token?: string;
	readonly explanation?: Explanation;
	readonly error?: TokenError;
}
