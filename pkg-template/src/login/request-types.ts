/** What authorization requests ask for, of `createLogin` for all of them and of {@link Login.start} for one. */
export interface RequestParameters {
	/**
	 * Seconds since the user logged in, at most: sent as `max_age`, and held. An ID token that does not show it by
	 * `auth_time` is refused with `auth_time_too_old` or `claim_missing`. A `max_age` in `parameters` or `extra` binds
	 * likewise. Needs the scope `openid`. OpenID Connect Core §3.1.2.1, §3.1.3.7 (13)
	 */
	readonly maxAge?: number;
	/**
	 * The authentication contexts of which one is needed, most wanted first: sent as `acr_values`, and held. An ID token
	 * with another `acr` is refused with `acr_mismatch`, one without with `claim_missing`. To wish without insisting, send
	 * `acr_values` in `parameters` or `extra`. Needs the scope `openid`. OpenID Connect Core §3.1.2.1, §3.1.3.7 (12)
	 */
	readonly acrValues?: string | readonly string[];
	/** The languages of the server's pages, most wanted first: `ui_locales`. OpenID Connect Core §3.1.2.1 */
	readonly uiLocales?: string | readonly string[];
	/**
	 * Single claims that are asked for. An `acr` of the ID token that is essential, with its `value` or `values`, is held.
	 * OpenID Connect Core §5.5, §5.5.1.1
	 */
	readonly claims?: Readonly<Record<string, unknown>>;
}

/** What {@link Login.start} can be asked for. */
export interface StartOptions extends RequestParameters {
	/**
	 * Where the user wants to be afterwards: an address of this site. It comes back from {@link Login.finish}, and with
	 * its errors. Default: the current address.
	 */
	readonly returnTo?: string;
	/** What else this page wants to know afterwards: a value of at most 4096 bytes as JSON. */
	readonly appState?: unknown;
	/** OpenID Connect Core §3.1.2.1 */
	readonly prompt?: "none" | "login" | "consent" | "select_account" | (string & {});
	/** OpenID Connect Core §3.1.2.1 */
	readonly loginHint?: string;
	/**
	 * Further parameters of this authorization request, beside or in place of `parameters`. They never take the place of
	 * one that the login sets itself (`state`, `redirect_uri`, `scope`, …): such a one is left out.
	 */
	readonly extra?: Readonly<Record<string, string>>;
}

/** How {@link Login.logout} signs out. */
export interface LogoutOptions {
	/** Whether to sign out at the authorization server too. Default `true`. */
	readonly global?: boolean;
	/**
	 * Further parameters of the server's logout, for example Cognito's `logout_uri`. They never take the place of those of
	 * OpenID Connect RP-Initiated Logout that the login sends. Default: none.
	 */
	readonly extra?: Readonly<Record<string, string>>;
}
