// Access tokens with time left: renewed once for all callers of this page, and one at a time for all tabs.

import type { Context } from "./context.js";
import { type Landing, perform } from "./flight.js";

/** An access token, and the thumbprint of the key that it is bound to. */
export interface Access {
	readonly token: string;
	readonly jkt: string | null;
}

/** Renews the tokens of one login. */
export class Refresh {
	readonly #context: Context;
	readonly #flights = new Map<number, Promise<Landing>>();

	constructor(context: Context) {
		this.#context = context;
	}

	/** An access token with time left, and not the one that an API has refused. */
	async access(refused?: string): Promise<Access> {
		const { machine, now } = this.#context;
		const session = await machine();
		let demand: Demand = session.use((core) => core.demand(refused, now()));
		while (demand.token === null) {
			// How it failed, the core knows; and a token that still has time may serve all the same.
			await this.#perform(demand.flight).catch(() => {});
			demand = session.use((core): Demand => core.demandAgain(refused, now()));
		}
		return demand;
	}

	/** Whether there may be another access token than this one, which an API has refused. */
	async canReplace(refused: string): Promise<boolean> {
		const session = await this.#context.machine();
		return session.use((core) => core.canReplace(refused));
	}

	/** Brings back the session that a store or another tab has. */
	async restore(): Promise<Landing> {
		const session = await this.#context.machine();
		return this.#perform(session.use((core) => core.restore(this.#context.hint.known, this.#context.now())));
	}

	/** Performs a flight, once for all who wait for it. */
	#perform(flight: number): Promise<Landing> {
		let landing = this.#flights.get(flight);
		if (!landing) {
			landing = this.#context
				.machine()
				.then((session) => perform(this.#context, session, flight))
				.finally(() => this.#flights.delete(flight));
			this.#flights.set(flight, landing);
		}
		return landing;
	}
}

/** What to do about an access token that is wanted. */
type Demand = Access | { readonly token: null; readonly flight: number };
