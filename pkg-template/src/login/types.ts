import type { Claims, Explanation, Fetch, TokenError } from "../core.js";

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

// The platform's own types where it has them; no DOM types are needed where it does not.

/** The platform's `fetch`. */
export type PlatformFetch = typeof globalThis extends { fetch: infer F } ? F : Fetch;

/** What the platform's `fetch` takes first. */
export type FetchInput = typeof globalThis extends { Request: { prototype: infer R } }
	? R | { readonly href: string } | string
	: string;

/** What the platform's `fetch` takes second. */
export type FetchInit = typeof globalThis extends { fetch: (input: never, init?: infer I) => unknown } ? I : object;

/** What the platform's `fetch` resolves to. */
export type FetchResponse = typeof globalThis extends { Response: { prototype: infer R } } ? R : object;

/** A user who is logged in. */
export interface Session {
	/** The ID token's claims, every one of them checked; empty without the scope `openid`. */
	readonly claims: Claims;
	/** The granted scope. RFC 6749 §5.1 */
	readonly scope: string;
	/** When the access token expires, in seconds since 1970; `null` if the server does not say. */
	readonly expiresAt: number | null;
	/** The ID token itself. */
	readonly idToken: string | null;
}

/** What {@link Login.start} can be asked for. */
export interface StartOptions {
	/** Where the user wants to be afterwards; comes back from {@link Login.finish}. Default: the current address. */
	readonly returnTo?: string;
	/** OpenID Connect Core §3.1.2.1 */
	readonly prompt?: "none" | "login" | "consent" | "select_account" | (string & {});
	/** OpenID Connect Core §3.1.2.1 */
	readonly loginHint?: string;
	/** Further parameters of the authorization request, for example `acr_values`. */
	readonly extra?: Readonly<Record<string, string>>;
}

/** A login that came back. */
export interface Finished {
	readonly session: Session;
	readonly returnTo: string;
}

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

/** A page's login at one authorization server. */
export interface Login {
	/** The user who is logged in, or `null`. */
	readonly session: Session | null;
	/** Sends the browser to the authorization server: authorization code with PKCE. OAuth 2.1 §4.1, RFC 7636 */
	start(options?: StartOptions): Promise<void>;
	/**
	 * On the redirect address: checks the answer, exchanges the code, checks the ID token and takes both off the
	 * address bar. `null` when the address holds no answer. Called twice (React's StrictMode), it gives the same
	 * promise. Rejects with a `TokenError`; after any refusal the way on is {@link Login.start}.
	 */
	finish(url?: string): Promise<Finished | null>;
	/**
	 * Brings back the session that this browser had: by a kept refresh token, or by a redirect that shows nothing
	 * to the user. `null` when there is none.
	 */
	restore(): Promise<Session | null>;
	/** A fresh access token: renewed before it expires, once for all callers and all tabs. */
	accessToken(): Promise<string>;
	/** `fetch` with the access token, which goes to no origin but those of `resource` and `origins`. RFC 6750 §2.1 */
	fetch(input: FetchInput, init?: FetchInit): Promise<FetchResponse>;
	/**
	 * Revokes the refresh token (RFC 7009), forgets everything, and signs out at the authorization server too
	 * (OpenID Connect RP-Initiated Logout), unless `global` is `false`.
	 */
	logout(options?: { readonly global?: boolean }): Promise<void>;
	/** Calls `listener` whenever the session begins, is renewed or ends. Returns how to stop that. */
	onChange(listener: (session: Session | null) => void): () => void;
}
