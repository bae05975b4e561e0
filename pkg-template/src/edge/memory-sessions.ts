import { type MemoryStoreOptions, readMemoryOptions } from "./memory-options.js";
import type { SessionStore } from "./session-store.js";

/**
 * Keeps ended sessions in the memory of this process, for `logoutReceiver` and for `revoked`. An API on several machines, or
 * on Workers, needs a store that all of them use: {@link durableObjectSessions}.
 */
export function memorySessions(options: MemoryStoreOptions = {}): SessionStore {
	const { maxEntries, now } = readMemoryOptions(options);
	const kept = new Map<string, { at: number; until: number }>();
	return {
		end(sessions, at, until) {
			if (kept.size + sessions.length > maxEntries) {
				for (const [session, { until }] of kept) if (until < now()) kept.delete(session);
			}
			const added = sessions.filter((session) => !kept.has(session));
			if (kept.size + added.length > maxEntries) throw new Error(`more than ${maxEntries} sessions have ended`);
			for (const session of sessions) {
				const before = kept.get(session);
				kept.set(session, { at: Math.max(at, before?.at ?? at), until: Math.max(until, before?.until ?? until) });
			}
		},
		ended(sessions) {
			const moments = sessions.flatMap((session) => {
				const one = kept.get(session);
				return one && one.until >= now() ? [one.at] : [];
			});
			return moments.length === 0 ? undefined : Math.max(...moments);
		},
	};
}
