import type { VerifierOptions } from "../verifier/options.js";
import type { ReplayStore } from "./replay-store.js";
import type { SessionStore } from "./session-store.js";

/** What a logout token is judged by. `audience`: the clients that the provider tells of logouts. */
export interface LogoutReceiverOptions
	extends Pick<
		VerifierOptions,
		| "issuer"
		| "audience"
		| "keys"
		| "jwksUri"
		| "metadataIssuer"
		| "algorithms"
		| "typ"
		| "clockTolerance"
		| "maxTokenAge"
		| "maxTokenSize"
		| "now"
		| "allowHttp"
		| "fetch"
		| "cache"
		| "keySets"
		| "onKeys"
	> {
	/** Keeps which sessions have ended. Guards ask it by their option `revoked`. */
	readonly sessions: SessionStore;
	/**
	 * Refuses a logout token that came before. What it ended has ended again by then, at the same moment as before, so nothing
	 * hangs on it. Default: none. OpenID Connect Back-Channel Logout §2.6
	 */
	readonly replay?: ReplayStore;
	/**
	 * For how many seconds an ended session is kept: as long as the longest-lived access token, 60 to 31622400. Default
	 * 86400, a day.
	 */
	readonly keepFor?: number;
	/** Seconds that a call of a store may take, 0.05 to 30. Default 2. */
	readonly storeTimeout?: number;
}
