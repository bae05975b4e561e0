import type { Claims } from "../verifier/claims.js";
import type { LoginEvents } from "./event-types.js";
import type { ApiInit, FetchInput, FetchResponse } from "./platform-types.js";
import type { LogoutOptions, StartOptions } from "./request-types.js";

export type { LoginOptions, LoginStorage } from "./option-types.js";
export type { ApiInit, FetchInit, FetchInput, FetchResponse, PlatformFetch } from "./platform-types.js";
export type { LogoutOptions, RequestParameters, StartOptions } from "./request-types.js";

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

/** What is known of the user. */
export interface LoginSnapshot {
	/**
	 * `"pending"` until the first {@link Login.restore}, or {@link Login.finish} of an answer, has ended: whether somebody is
	 * logged in is not known yet. On a server it stays so.
	 */
	readonly status: "pending" | "signed-in" | "signed-out";
	readonly session: Session | null;
}

/** A login that came back. */
export interface Finished {
	readonly session: Session;
	/** Where the user wanted to be: an address of this site. */
	readonly returnTo: string;
	/** What {@link Login.start} was given as `appState`. */
	readonly appState: unknown;
	/**
	 * The request that led to this login, where an API has asked for it ({@link Login.fetch} with `stepUp`) and the page was
	 * left: `send` makes it again, once. A `GET` of the same user; `null` for all others.
	 */
	readonly repeat: { readonly url: string; send(): Promise<FetchResponse> } | null;
}

/** A page's login at one authorization server. Its functions need no `this`: `const { fetch } = login` works. */
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
	/**
	 * `fetch` with the access token, which goes to no origin but those of `resource` and `origins`, by https or to this very
	 * machine. RFC 6750 §2.1, §5.3
	 *
	 * An answer that refuses the token itself (RFC 6750 §3.1) leads to one renewal and one repetition; a body that can be
	 * sent only once, as a stream, is not repeated, and the answer is what it was. A redirect is not followed: the promise
	 * rejects with a `TypeError`, unless `redirect` is `"manual"` and the answer itself is wanted.
	 *
	 * With `stepUp: true`, an answer that asks for another login (RFC 9470 §3) sends the user to the authorization server, with
	 * the `acr_values` and `max_age` that the API names. The page is left; the one that comes back finds the request in
	 * {@link Finished.repeat}. Where `navigate` has kept the page, and {@link Login.finish} is called there, this promise goes on
	 * with the answer to the same request. A second login for the same demand is not begun within a minute, unless the API was
	 * content in between: its answer comes out.
	 */
	fetch(input: FetchInput, init?: ApiInit): Promise<FetchResponse>;
	/**
	 * Further claims about the user, from the server's userinfo endpoint, about the subject of the ID token. JSON is the server's
	 * word over TLS; of a signed answer (`application/jwt`) signature, `iss` and `aud` are checked like those of an ID token.
	 * Rejects with `subject_mismatch` where they are about somebody else.
	 * OpenID Connect Core §5.3.2
	 */
	userinfo(): Promise<Claims>;
	/**
	 * Revokes the refresh token (RFC 7009), forgets everything, and signs out at the authorization server too
	 * (OpenID Connect RP-Initiated Logout), unless `global` is `false`.
	 */
	logout(options?: LogoutOptions): Promise<void>;
	/** Calls `listener` whenever the session begins, is renewed or ends. Returns how to stop that. */
	onChange(listener: (session: Session | null) => void): () => void;
	/**
	 * Calls `listener` with each event of that name: what has happened, and why. Returns how to stop that. An event comes
	 * after the change that it tells of.
	 */
	on<N extends keyof LoginEvents>(event: N, listener: (event: LoginEvents[N]) => void): () => void;
	/**
	 * Calls `listener` whenever {@link Login.getSnapshot} gives another object. Returns how to stop that. The two are what
	 * React's `useSyncExternalStore` takes, and the stores of other frameworks.
	 */
	subscribe(listener: () => void): () => void;
	/** What is known of the user now: the same object until something changes. */
	getSnapshot(): LoginSnapshot;
}
