import type { PlatformFetch } from "./platform-types.js";
import type { RequestParameters } from "./request-types.js";
import type { LoginStep } from "./step-types.js";

/** How a page logs its users in. */
export interface LoginOptions extends RequestParameters {
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
	/**
	 * Further parameters of every authorization request, also of those without interaction: for example Auth0's
	 * `audience`. They never take the place of one that the login sets itself. Default: none.
	 */
	readonly parameters?: Readonly<Record<string, string>>;
	/**
	 * The server's metadata, as RFC 8414 §2 has it: where it cannot be fetched, for want of CORS or because its address
	 * does not follow from the issuer. Its `issuer` has to be the option's. Default: discovered.
	 */
	readonly metadata?: Readonly<Record<string, unknown>>;
	/** Audiences that an ID token may name beside the client. Default: none. OpenID Connect Core §3.1.3.7 (3) */
	readonly trustedAudiences?: readonly string[];
	/** Origins besides those of `resource` that {@link Login.fetch} may send the access token to. */
	readonly origins?: readonly string[];
	/**
	 * Where the refresh token outlives the page; the access token never does.
	 *
	 * - `"memory"` (default): nowhere. `restore()` asks the server again, as `silent` says. A script that an attacker has
	 *   brought into the page can use the session while the page is open.
	 * - `"session"`: with the ID token in this tab's `sessionStorage`. Such a script can also carry the refresh token off.
	 *   Of a tab and its copies one renews at a time, and the others hear of it.
	 * - `"shared"`: the same in IndexedDB, for all tabs of this origin: one session, one renewal at a time for all, and a
	 *   new tab takes it up. Needs Web Locks (browsers since 2022, pages loaded by https).
	 * - A storage of yours, which all tabs share: what one tab has written, the next one to read must see.
	 *   `localStorage` does not promise that, and is refused.
	 */
	readonly storage?: "memory" | "session" | "shared" | LoginStorage;
	/**
	 * How {@link Login.restore} asks the server whether it knows the user, without a word to the user (`prompt=none`,
	 * OpenID Connect Core §3.1.2.1). `"redirect"` (default): the page is left and comes back. `"iframe"`: in a frame that
	 * nobody sees, which needs a server on this site: elsewhere browsers keep its cookies from it, and nobody is found.
	 * `"never"`: not at all. It is asked only where there was a session, and at most three times in a row.
	 */
	readonly silent?: "redirect" | "iframe" | "never";
	/** Seconds for which `restore` waits for such a request. Default 10, from 1 to 60. */
	readonly silentTimeout?: number;
	/**
	 * Seconds for which an answer to {@link Login.start} is awaited: registration and codes by mail take their time.
	 * Default 3600, from 60 to 86400.
	 */
	readonly transactionLifetime?: number;
	/** Seconds for one request to the authorization server. Default 5, and 20 for tokens; from 0.1 to 60. */
	readonly timeout?: number;
	/**
	 * Seconds by which an ID token's times may be off. Default 0, at most 3600. A device's clock that is off by up to a day
	 * is put right by the `Date` of the token response, where the server lets pages see it (`Access-Control-Expose-Headers:
	 * Date`); this option is for servers that do not.
	 */
	readonly clockTolerance?: number;
	/**
	 * Binds the tokens to a key of this browser, which nobody can export: whoever steals them cannot use them. The key is kept
	 * in IndexedDB, for all tabs, from the first {@link Login.start} until the user logs out; its proofs go with every request
	 * for tokens, to the userinfo endpoint and of {@link Login.fetch}. The server has to answer with `token_type` `DPoP`, and
	 * APIs of other origins have to allow the request headers `authorization` and `dpop`, and to expose `DPoP-Nonce` and
	 * `WWW-Authenticate` where they ask for nonces. Needs WebCrypto and IndexedDB (pages loaded by https). A script in the page
	 * can still make proofs as long as the page is open. Default `false`. RFC 9449
	 */
	readonly dpop?: boolean;
	/**
	 * Adds the claims of the server's userinfo endpoint to `session.claims`, asked for once after each login and in each page.
	 * Claims of the ID token come first, and what is about a token or a login (`iss`, `acr`, `auth_time` and the like) comes
	 * from the ID token alone. Where they cannot be had, the session goes on without them and `"userinfo-failed"` tells why.
	 * Needs the scope `openid`. Default `false`. OpenID Connect Core §5.3
	 */
	readonly userinfo?: boolean;
	/**
	 * Seconds after which the session ends if the user has neither pressed a key nor touched or clicked anything, on any
	 * page of this origin: the refresh token is forgotten and revoked, and nothing brings the session back without the user.
	 * At the server the user may still be logged in. From 10 to 2592000. Default: it does not end by that.
	 */
	readonly idleTimeout?: number;
	/**
	 * Leaves the page in place of `location.assign` and `location.replace`: for apps that open the system's browser
	 * (Capacitor), and for extensions. `how` is `"replace"` where the history is to have no entry of it. The address that the
	 * answer comes to is for {@link Login.finish}.
	 */
	readonly navigate?: (url: string, how: "assign" | "replace") => void;
	/** Replaces the platform's `fetch`, for the authorization server and for {@link Login.fetch}. */
	readonly fetch?: PlatformFetch;
	/** The time in seconds since 1970. Default: the platform's clock. */
	readonly now?: () => number;
	/** Told of each step as it happens, with secrets shortened: for diagrams and diagnosis. What it throws changes nothing. */
	readonly onStep?: (step: LoginStep) => void;
}

/**
 * The part of the Web's `Storage` that is used; its functions may also be asynchronous. A read that begins after a write has
 * ended gives what was written, in every tab. A call that fails or takes longer than 3 seconds costs no session: the page
 * goes on with what it has.
 */
export interface LoginStorage {
	getItem(name: string): string | null | Promise<string | null>;
	setItem(name: string, value: string): void | Promise<void>;
	removeItem(name: string): void | Promise<void>;
}
