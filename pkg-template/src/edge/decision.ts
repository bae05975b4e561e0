import type { Auth } from "./types.js";

/** What the core decides about a request that may pass. */
export interface Decision<C extends object> {
	readonly auth: Auth<C>;
	/** The identifier of the proof that came with the token. */
	readonly jti: string | undefined;
}
