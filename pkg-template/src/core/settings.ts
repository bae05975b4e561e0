import type { Fetch, KeyCache } from "./fetch-types.js";
import type { KeysListener } from "./key-events.js";
import type { StandardSchema } from "./standard-schema.js";

/** Where the keys of one trusted issuer come from, as the core reads it again. */
export interface KeySource {
	readonly issuer: string | null;
	readonly jwksUri: string | null;
	/** Whose metadata says where they are, if not the issuer's own. */
	readonly metadataIssuer: string | null;
	readonly allowHttp: boolean;
	/** Whether the caller gave the keys themselves. */
	readonly loaded: boolean;
	/** Whether they are those of issuers that are not known yet: nothing is fetched for them. */
	readonly open: boolean;
	/** In seconds, in the core's order. */
	readonly durations: readonly number[];
}

/** How issuers are admitted that are not known from the start. */
export interface IssuerSettings {
	/** Says whether an issuer is ours, and with which options. */
	readonly ask: ((issuer: string) => unknown) | null;
	/** In the core's order. */
	readonly limits: readonly number[];
	readonly allowHttp: boolean;
}

/** What the core has read of a verifier's options for the shell. */
export interface Settings {
	readonly sources: readonly KeySource[];
	/** How many verdicts may be kept, and in which slots: from 0. */
	readonly slots: number;
	/** In bytes. */
	readonly maxTokenSize: number;
	readonly now: (() => number) | null | undefined;
	readonly fetch: Fetch | null | undefined;
	readonly cache: KeyCache | null | undefined;
	readonly onKeys: KeysListener | null | undefined;
	/** What the caller says about claims that all rules have passed. */
	readonly check: ((claims: object) => unknown) | null | undefined;
	/** `null`: all issuers are known. */
	readonly issuers: IssuerSettings | null;
	/** What has the last word about them, and says what they are from then on. */
	readonly schema: StandardSchema<object>["~standard"]["validate"] | null | undefined;
}
