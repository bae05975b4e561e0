// Used DPoP proofs in Durable Objects.

import { type DurableObjectState, type DurableObjects, tellObjects } from "./durable-objects.js";
import type { ReplayStore } from "./replay-store.js";
import type { EdgeResponse } from "./types.js";

/**
 * Remembers used DPoP proofs in Durable Objects, for `dpop.replay`: one answer for all isolates in all locations. Each
 * request with a proof waits for one call of an object, which lives where it was first called from.
 *
 * @example
 * export { DpopReplay } from "countersign/edge"; // wrangler.jsonc: durable_objects.bindings, migrations.new_sqlite_classes
 * export default { fetch: protect((env) => ({ issuer, audience, dpop: { replay: durableObjectReplay(env.REPLAY) } }), handler) };
 */
export function durableObjectReplay(namespace: DurableObjects): ReplayStore {
	const tell = tellObjects(namespace, "DpopReplay");
	return { use: (key, until) => tell(key, [key, until]) as Promise<boolean> };
}

/** The Durable Object behind {@link durableObjectReplay}, to be exported by the worker and bound as a class with SQLite. */
export class DpopReplay {
	readonly #storage: DurableObjectState["storage"];
	/** Whether an alarm is set, as far as is known. */
	#alarm = false;

	constructor(state: DurableObjectState) {
		this.#storage = state.storage;
		this.#storage.sql.exec("CREATE TABLE IF NOT EXISTS proofs (key TEXT PRIMARY KEY, until REAL) WITHOUT ROWID");
	}

	async fetch(request: { json(): Promise<unknown> }): Promise<EdgeResponse> {
		const [key, until] = (await request.json()) as [string, number];
		if (!(until * 1000 >= Date.now())) {
			return new Response("the proof has ended by the clock here", { status: 400 }) as EdgeResponse;
		}
		// One statement looks and remembers: nothing comes between. The answer leaves when the write is on disk.
		const added = this.#storage.sql.exec("INSERT OR IGNORE INTO proofs VALUES (?, ?) RETURNING key", key, until);
		const isFirst = added.toArray().length === 1;
		await this.#wakeAt(until);
		return Response.json(isFirst) as EdgeResponse;
	}

	/** Forgets what has ended, and comes back when the rest has. */
	async alarm(): Promise<void> {
		this.#alarm = false;
		this.#storage.sql.exec("DELETE FROM proofs WHERE until < ?", Date.now() / 1000);
		const [last] = this.#storage.sql.exec("SELECT MAX(until) AS until FROM proofs").toArray();
		if (typeof last?.until === "number") await this.#wakeAt(last.until);
	}

	async #wakeAt(until: number): Promise<void> {
		if (this.#alarm) return;
		// After the second that it ends in.
		if ((await this.#storage.getAlarm()) === null) await this.#storage.setAlarm((until + 1) * 1000);
		this.#alarm = true;
	}
}
