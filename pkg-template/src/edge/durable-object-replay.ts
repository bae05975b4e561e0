// Used DPoP proofs in Durable Objects: one object for each first character of their hashes, so that load spreads.

import type { ReplayStore } from "./replay-store.js";
import type { EdgeResponse } from "./types.js";

/** The part of a namespace of Durable Objects that is used. */
export interface ReplayNamespace {
	// biome-ignore lint/suspicious/noExplicitAny: the platform's own type, if it is there
	idFromName(name: string): any;
	// biome-ignore lint/suspicious/noExplicitAny: the same
	get(id: any): { fetch(url: string, init: { method: string; body: string }): Promise<ReplayAnswer> };
}

interface ReplayAnswer {
	readonly status: number;
	text(): Promise<string>;
}

/**
 * Remembers used DPoP proofs in Durable Objects, for `dpop.replay`: one answer for all isolates in all locations. Each
 * request with a proof waits for one call of an object, which lives where it was first called from.
 *
 * @example
 * export { DpopReplay } from "countersign/edge"; // wrangler.jsonc: durable_objects.bindings, migrations.new_sqlite_classes
 * export default { fetch: protect((env) => ({ issuer, audience, dpop: { replay: durableObjectReplay(env.REPLAY) } }), handler) };
 */
export function durableObjectReplay(namespace: ReplayNamespace): ReplayStore {
	if (typeof namespace?.idFromName !== "function" || typeof namespace.get !== "function") {
		throw new TypeError(
			"namespace: expected a namespace of Durable Objects; bind DpopReplay under durable_objects in wrangler.jsonc",
		);
	}
	return {
		async use(key, until) {
			const object = namespace.get(namespace.idFromName(`countersign:${key.slice(0, 1)}`));
			const body = JSON.stringify([key, until]);
			const answer = await object.fetch("https://replay.invalid/", { method: "POST", body });
			const text = await answer.text();
			if (answer.status !== 200) throw new Error(`DpopReplay answered ${answer.status}: ${text}`);
			return text === FIRST;
		},
	};
}

/** What an object answers about a proof. */
const FIRST = "first";
const USED = "used";

/** The part of an object's state that is used. */
export interface ReplayState {
	readonly storage: {
		readonly sql: { exec(query: string, ...values: unknown[]): { toArray(): Record<string, unknown>[] } };
		getAlarm(): Promise<number | null>;
		setAlarm(milliseconds: number): Promise<void>;
	};
}

/** The Durable Object behind {@link durableObjectReplay}, to be exported by the worker and bound as a class with SQLite. */
export class DpopReplay {
	readonly #storage: ReplayState["storage"];
	/** Whether an alarm is set, as far as is known. */
	#alarm = false;

	constructor(state: ReplayState) {
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
		if (isFirst) await this.#wakeAt(until);
		return new Response(isFirst ? FIRST : USED) as EdgeResponse;
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
