import type { PolicyOptions } from "./policy-options.js";

/** One trusted issuer with options of its own; the verifier's options apply where it has none. */
export interface IssuerOptions extends PolicyOptions {
	/** The `iss` of its tokens, or a template. */
	readonly issuer: string;
}

/**
 * Says whether an issuer is ours, and with which options: `undefined` or `null` if it is not. Called once for each issuer
 * and window, with an https URL that a token names and nobody has checked.
 */
export type IssuerResolver = (issuer: string) => IssuerAnswer | Promise<IssuerAnswer>;

/** What is known of an issuer. Its `issuer` is the one that was asked about. */
export type IssuerAnswer = IssuerOptions | undefined | null;

/** How many issuers are kept that were not known from the start, how long, and how often somebody is asked. */
export interface IssuerTableLimits {
	/** Issuers whose tokens have passed; who was seen last the longest time ago makes room. Default 500. */
	readonly maxIssuers?: number;
	/** Seconds for which an answer is believed. Default 300. */
	readonly knownFor?: number;
	/** Seconds for which an issuer that is not ours is not asked about again. Default 60. */
	readonly unknownFor?: number;
	/** Seconds beyond its time for which an answer serves while there is no other. Default 3600. */
	readonly maxStale?: number;
	/** Questions about unknown issuers; of 10 seconds at once. Default 20. */
	readonly questionsPerSecond?: number;
	/** Seconds that one question may take. Default 5. */
	readonly timeout?: number;
	/** Seconds that a token waits for an answer to be renewed. Default 0.08. */
	readonly patience?: number;
}
