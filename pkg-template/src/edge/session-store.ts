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

/** How many sessions are kept: each takes some 150 bytes. */
const MOST = 100_000;

/**
 * Keeps ended sessions in the memory of this process: for a single one, and for tests. It forgets none before its time:
 * when 100,000 have ended that it still has to keep, it rejects the next.
 */
export function memorySessions(now: () => number = () => Date.now() / 1000): SessionStore {
	const kept = new Map<string, { at: number; until: number }>();
	return {
		end(sessions, at, until) {
			if (kept.size + sessions.length > MOST) {
				for (const [session, { until }] of kept) if (until < now()) kept.delete(session);
			}
			if (kept.size + sessions.length > MOST) throw new Error(`more than ${MOST} sessions have ended`);
			for (const session of sessions) {
				const before = kept.get(session);
				kept.set(session, { at: Math.max(at, before?.at ?? at), until: Math.max(until, before?.until ?? until) });
			}
		},
		ended(sessions) {
			const moments = sessions.map((session) => kept.get(session)).filter((one) => one && one.until >= now());
			return moments.length === 0 ? undefined : Math.max(...moments.map((one) => one?.at ?? 0));
		},
	};
}
