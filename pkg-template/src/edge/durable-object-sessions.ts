// Ended sessions in Durable Objects.

import { type DurableObjectState, type DurableObjects, tellObjects } from "./durable-objects.js";
import type { SessionStore } from "./session-store.js";
import type { EdgeResponse } from "./types.js";

/** What an object is told: that a session has ended, and for how long to keep that; or which is asked for. */
type Message = readonly [session: string, at: number, until: number] | readonly [session: string];

/**
 * Keeps ended sessions in Durable Objects, for `logoutReceiver` and for `revoked`: one answer for all isolates in all
 * locations. Each request waits for two calls at once, of objects that live where they were first called from.
 *
 * @example
 * export { EndedSessions } from "countersign/edge"; // wrangler.jsonc: durable_objects.bindings, migrations.new_sqlite_classes
 * export default { fetch: protect((env) => ({ issuer, audience, revoked: durableObjectSessions(env.SESSIONS) }), handler) };
 */
export function durableObjectSessions(namespace: DurableObjects): SessionStore {
	const objects = tellObjects(namespace, "EndedSessions");
	const tell = (...message: Message) => objects(message[0], message);
	return {
		async end(sessions, at, until) {
			await Promise.all(sessions.map((session) => tell(session, at, until)));
		},
		async ended(sessions) {
			const moments = await Promise.all(sessions.map((session) => tell(session)));
			const known = moments.filter((moment) => typeof moment === "number");
			return known.length === 0 ? null : Math.max(...known);
		},
	};
}

/** The Durable Object behind {@link durableObjectSessions}, to be exported by the worker and bound as a class with SQLite. */
export class EndedSessions {
	readonly #storage: DurableObjectState["storage"];

	constructor(state: DurableObjectState) {
		this.#storage = state.storage;
		this.#storage.sql.exec(
			'CREATE TABLE IF NOT EXISTS sessions (session TEXT PRIMARY KEY, "at" REAL, until REAL) WITHOUT ROWID',
		);
	}

	async fetch(request: { json(): Promise<unknown> }): Promise<EdgeResponse> {
		const message = (await request.json()) as Message;
		if (message.length === 1) {
			const found = this.#storage.sql.exec('SELECT "at" FROM sessions WHERE session = ?', ...message).toArray();
			return Response.json(found[0]?.at ?? null) as EdgeResponse;
		}
		const [session, at, until] = message;
		// The later moment counts. The answer leaves when the write is on disk.
		this.#storage.sql.exec(
			'INSERT INTO sessions VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET "at" = max("at", excluded."at"), until = max(until, excluded.until)',
			session,
			at,
			until,
		);
		if ((await this.#storage.getAlarm()) === null) await this.#storage.setAlarm((until + 1) * 1000);
		return Response.json(null) as EdgeResponse;
	}

	/** Forgets what need not be kept any longer, and comes back for the rest. */
	async alarm(): Promise<void> {
		this.#storage.sql.exec("DELETE FROM sessions WHERE until < ?", Date.now() / 1000);
		const [next] = this.#storage.sql.exec("SELECT MIN(until) AS until FROM sessions").toArray();
		if (typeof next?.until === "number") await this.#storage.setAlarm((next.until + 1) * 1000);
	}
}
