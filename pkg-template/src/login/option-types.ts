import type { PlatformFetch } from "./platform-types.js";
import type { LoginStep } from "./step-types.js";

/** How a page logs its users in. */
export interface LoginOptions {
	/** The authorization server, exactly as its metadata spells it. RFC 8414 §2 */
	readonly issuer: string;
	/** RFC 6749 §2.2 */
	readonly clientId: string;
	/** Where the server sends the user back to, exactly as registered. RFC 6749 §3.1.2 */
	readonly redirectUri: string;
	/** Where the server sends the user after signing out. OpenID Connect RP-Initiated Logout §3 */
	readonly postLogoutRedirectUri?: string;
	/** Default `"openid"`. */
	readonly scope?: string;
	/** The API (or APIs) that the access token is for. RFC 8707 §2 */
	readonly resource?: string | readonly string[];
	/** Audiences that an ID token may name beside the client. Default: none. OpenID Connect Core §3.1.3.7 (3) */
	readonly trustedAudiences?: readonly string[];
	/** Origins besides those of `resource` that {@link Login.fetch} may send the access token to. */
	readonly origins?: readonly string[];
	/**
	 * What survives a reload of the page. `"memory"` (default): no token; `restore()` asks the server again,
	 * by a redirect that the user does not see. `"session"`: the refresh token and the ID token, in this tab's
	 * `sessionStorage`. Or a storage of yours, for example `localStorage`, which tabs then share.
	 * The access token is never stored.
	 */
	readonly storage?: "memory" | "session" | LoginStorage;
	/** Replaces the platform's `fetch`, for the authorization server and for {@link Login.fetch}. */
	readonly fetch?: PlatformFetch;
	/** The time in seconds since 1970. Default: the platform's clock. */
	readonly now?: () => number;
	/** Told of each step as it happens, with secrets shortened: for diagrams and diagnosis. */
	readonly onStep?: (step: LoginStep) => void;
}

/** The part of the Web's `Storage` that is used; its functions may also be asynchronous. */
export interface LoginStorage {
	getItem(name: string): string | null | Promise<string | null>;
	setItem(name: string, value: string): void | Promise<void>;
	removeItem(name: string): void | Promise<void>;
}

/** What {@link Login.start} can be asked for. */
export interface StartOptions {
	/** Where the user wants to be afterwards; comes back from {@link Login.finish}. Default: the current address. */
	readonly returnTo?: string;
	/** OpenID Connect Core §3.1.2.1 */
	readonly prompt?: "none" | "login" | "consent" | "select_account" | (string & {});
	/** OpenID Connect Core §3.1.2.1 */
	readonly loginHint?: string;
	/**
	 * Further parameters of the authorization request, for example `acr_values`. They never take the place of one that
	 * the login sets itself (`state`, `redirect_uri`, `scope`, …): such a one is left out.
	 */
	readonly extra?: Readonly<Record<string, string>>;
}

/** How {@link Login.logout} signs out. */
export interface LogoutOptions {
	/** Whether to sign out at the authorization server too. Default `true`. */
	readonly global?: boolean;
}
