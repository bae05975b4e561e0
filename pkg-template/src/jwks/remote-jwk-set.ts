// The key set of one issuer: the core decides about it, this file performs and waits.

import type { RemoteKeySet } from "countersign:bindings";
import type { Clocks } from "../core/clocks.js";
import { CoreObject } from "../core/core-object.js";
import type { Fetch, KeyCache } from "../core/fetch-types.js";
import type { KeySetStatus, KeysEvent, KeysListener } from "../core/key-events.js";
import type { KeySource } from "../core/settings.js";
import type { RequestContext } from "./background.js";
import { perform } from "./flight.js";
import { Landings } from "./landings.js";
import { tell } from "./tell.js";

/** Whoever asks: by which clocks, who hears of it, and what lasts beyond its request. */
export interface Asker {
	readonly clocks: Clocks;
	readonly listener: KeysListener | undefined;
	readonly context: RequestContext | undefined;
}

/** The remote key set of one trusted issuer. */
export class RemoteJwkSet {
	readonly core: CoreObject<RemoteKeySet>;
	readonly #fetch: Fetch;
	readonly #cache: KeyCache | undefined;
	/** The last keys: an object that is made again gets them again. */
	#kept: { readonly entry: string; readonly clocks: Clocks } | undefined;
	/** Whoever did not bring a listener has none; the last one that was brought hears of what nobody else does. */
	#listener: KeysListener | undefined;
	readonly #landings = new Landings();

	constructor(source: KeySource, fetch: Fetch, cache: KeyCache | undefined) {
		this.#fetch = fetch;
		this.#cache = cache;
		this.core = new CoreObject(
			(core) => new core.RemoteKeySet(source, cache !== undefined),
			(set) => {
				if (!this.#kept) return;
				const { policy, machine } = this.#kept.clocks();
				set.restore(this.#kept.entry, policy, machine);
			},
		);
	}

	listen(listener: KeysListener | null | undefined): void {
		this.#listener = listener ?? this.#listener;
	}

	/** Begins a flight. Resolves when its keys can be used, or it has failed; at once where it goes on by itself. */
	begin(flight: number, asker: Asker): Promise<void> {
		const { clocks } = asker;
		const keep = (entry: string) => {
			this.#kept = { entry, clocks };
		};
		const work = (landed: () => void) => {
			const stepped = () => {
				if (!this.#isUnderWay(flight, clocks)) landed();
				if (!this.core.use((set) => set.hasKeys())) this.#kept = undefined; // Withdrawn keys come back by no trap.
				this.report(asker);
			};
			return perform(flight, { core: this.core, fetch: this.#fetch, cache: this.#cache, clocks, keep, stepped });
		};
		const beat = () => this.#at(clocks, (set, ...at) => set.beat(flight, ...at));
		return this.#landings.begin(flight, work, beat, asker.context);
	}

	/** Waits until a flight has landed or died, or so many seconds. Resolves to whether it is over. */
	wait(flight: number, seconds: number | null, { clocks }: Asker, isMine: boolean): Promise<boolean> {
		return this.#landings.wait(flight, seconds, isMine, () => this.#isUnderWay(flight, clocks));
	}

	/** Tells the listener what happened. */
	report(asker: Pick<Asker, "listener">): void {
		const events = this.core.use((set) => set.takeReports()) as KeysEvent[];
		for (const event of events) tell(asker.listener ?? this.#listener, event);
	}

	status(clocks: Clocks): KeySetStatus {
		return this.#at(clocks, (set, ...at) => set.status(...at));
	}

	#isUnderWay(flight: number, clocks: Clocks): boolean {
		return this.#at(clocks, (set, ...at) => set.isUnderWay(flight, ...at));
	}

	#at<R>(clocks: Clocks, ask: (set: RemoteKeySet, policy: number, machine: number) => R): R {
		const { policy, machine } = clocks();
		return this.core.use((set) => ask(set, policy, machine));
	}
}
