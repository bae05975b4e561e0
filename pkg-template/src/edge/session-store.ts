/**
 * Remembers which sessions have ended: a logout receiver tells it, guards ask it. All isolates and machines of an API have
 * to use the same one. A call of a guard that rejects, or takes longer than `storeTimeout`, refuses its request with
 * `store_unavailable`.
 */
export interface SessionStore {
	/**
	 * Keeps that these sessions have ended. Of a session that has ended before, the later moment counts.
	 *
	 * @param sessions Each stands for one: 43 characters of base64url.
	 * @param at When, in seconds since 1970.
	 * @param until For how long to keep it, in seconds since 1970. A store that cannot has to reject.
	 */
	end(sessions: readonly string[], at: number, until: number): void | Promise<void>;
	/** The latest moment at which one of these sessions has ended; nothing, if none has. */
	ended(sessions: readonly string[]): number | null | undefined | Promise<number | null | undefined>;
}

/** Which tokens a guard refuses although they are good by themselves. */
export interface RevocationOptions {
	/**
	 * Knows which sessions have ended; asked about each token with `sub` or `sid`. A token that was issued after the end of
	 * a session is of a new one, and passes. Refuses with `token_revoked`; `store_unavailable` without an answer. OpenID
	 * Connect Back-Channel Logout §2.7
	 */
	readonly revoked?: Pick<SessionStore, "ended">;
}
