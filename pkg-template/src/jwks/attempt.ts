// A verdict that may demand something of its keys, and be asked for again.

import type { Bindings } from "countersign:bindings";
import type { KeySource } from "../core/settings.js";
import type { TokenError } from "../error.js";

/** What the core demands before a verdict stands, or beside it. */
export interface Demand {
	/**
	 * `keys`: of the key set of an issuer; `issuer`: of whoever knows whether an issuer is trusted; `admitted`: an issuer has
	 * been admitted, and the verdict is to be asked for again; `introspection`: an opaque token is to be asked about.
	 */
	readonly about: "keys" | "issuer" | "admitted" | "introspection";
	/** The index of the issuer whose keys are meant. */
	readonly issuer: number;
	/** The flight or question to begin. */
	readonly begin: number | null;
	/** The flight or question to wait for, before the verdict is asked for again. */
	readonly wait: number | null;
	/** Seconds. */
	readonly atMost: number | null;
	/** What to say when asking again. */
	readonly arrival: number | null;
	readonly outcome: number;
	/** Where the keys of an admitted issuer come from; none unless one is. */
	readonly source: KeySource | null;
}

/** A verdict or a refusal, and what is demanded. All members are its own: none is looked for in a prototype. */
export interface Attempt<V> {
	readonly value: V | undefined;
	readonly error: TokenError | undefined;
	readonly demand: Demand | undefined;
}

/** What an attempt came to. */
export function verdict<V>({ value, error }: Attempt<V>): V {
	if (error) throw error;
	return value as V;
}

/** How long whoever asks waits, as the core names it. */
export type Patience = keyof Bindings["Patience"];

/** Asks the core for a verdict. */
export type Attempting<A extends Pick<Attempt<unknown>, "demand">> = (
	patience: Patience,
	arrival: number | undefined,
) => A;
