import type { TokenError } from "../error.js";
import type { Session } from "./types.js";

/**
 * Why a session has ended.
 *
 * - `"signed-out"`: by {@link Login.logout} on this page; `"signed-out-elsewhere"`: in another tab.
 * - `"idle"`: nobody was there for as long as `idleTimeout`.
 * - `"key-missing"`: the browser has deleted the key of `dpop: true`, without which the tokens are of no use.
 * - `"expired"`: the access token has expired, and there is no refresh token.
 * - `"ended-by-server"`: the server has refused the refresh token. RFC 6749 §5.2
 * - `"another-user"`: somebody else has logged in, here or in another tab.
 */
export type SignedOutCause =
	| "signed-out"
	| "signed-out-elsewhere"
	| "idle"
	| "key-missing"
	| "expired"
	| "ended-by-server"
	| "another-user";

/** What {@link Login.on} tells of, by the names of the events. */
export interface LoginEvents {
	/** The user has logged in on this page. */
	"signed-in": { readonly type: "signed-in"; readonly session: Session };
	/** The session of an earlier page goes on, or another tab's login has reached this page. */
	restored: { readonly type: "restored"; readonly session: Session };
	/** The tokens were renewed, by this page or by another tab. */
	renewed: { readonly type: "renewed"; readonly session: Session };
	/** The access token is about to expire: once for each, 30 seconds before, or in the last fifth of a short life. */
	expiring: { readonly type: "expiring"; readonly session: Session };
	/** A renewal has failed. The session goes on, and the next call tries again. */
	"renewal-failed": {
		readonly type: "renewal-failed";
		readonly session: Session | null;
		readonly error: TokenError;
	};
	/** With `userinfo: true`: the claims of the userinfo endpoint could not be had. The session has those of the ID token. */
	"userinfo-failed": {
		readonly type: "userinfo-failed";
		readonly session: Session | null;
		readonly error: unknown;
	};
	/** The session has ended. */
	"signed-out": { readonly type: "signed-out"; readonly session: null; readonly cause: SignedOutCause };
}

/** An event of a login. */
export type LoginEvent = LoginEvents[keyof LoginEvents];
