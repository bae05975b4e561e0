// The key sets that the verdicts of one policy need: what the core demands of them is performed, and who has to, waits.

import type { RemoteKeySet } from "countersign:bindings";
import { type Clocks, clocksOf } from "../core/clocks.js";
import type { KeySetStatus } from "../core/key-events.js";
import type { Settings } from "../core/settings.js";
import type { Attempt, Attempting, Demand } from "./attempt.js";
import type { RequestContext } from "./background.js";
import { keySetOf } from "./registry.js";
import type { Asker, RemoteJwkSet } from "./remote-jwk-set.js";

/** An object of the core that takes keys. */
interface TakesKeys {
	attach(issuer: number, set: RemoteKeySet): void;
}

/** The key sets of one policy. */
export class KeySets {
	readonly #settings: Settings;
	readonly #sets: readonly (RemoteJwkSet | undefined)[];
	readonly clocks: Clocks;

	constructor(settings: Settings) {
		this.#settings = settings;
		this.clocks = clocksOf(settings.now);
		this.#sets = settings.sources.map((source) => (source.loaded ? undefined : keySetOf(source, settings)));
		for (const set of this.#sets) set?.listen(settings.onKeys);
	}

	/** Gives an object of the core the key sets of its issuers. */
	attachTo(object: TakesKeys): void {
		for (const [issuer, set] of this.#sets.entries()) set?.core.use((keys) => object.attach(issuer, keys));
	}

	/** The verdict that stands once what it demands has been done. */
	async settle<A extends Pick<Attempt<unknown>, "demand">>(
		attempt: Attempting<A>,
		first: A,
		context?: RequestContext,
	): Promise<A> {
		const asker = this.#asker(context);
		let last = first;
		while (last.demand) {
			const { wait, arrival } = last.demand;
			const isOver = await this.#perform(last.demand, asker);
			if (wait === null) break;
			last = attempt(isOver ? "Waits" : "WaitedLong", arrival);
		}
		return last;
	}

	/** Begins what a verdict demands that cannot wait for it. */
	begin({ issuer, begin }: Demand): void {
		if (begin !== null) this.#sets[issuer]?.begin(begin, this.#asker(undefined));
	}

	/** Loads all keys. Rejects with `keys_unavailable`. */
	async load(): Promise<void> {
		await Promise.all(this.#sets.map((set, issuer) => set && this.#load(set, issuer)));
	}

	status(): KeySetStatus[] {
		return this.#sets.map((set, index) => set?.status(this.clocks) ?? given(this.#settings.sources[index]?.issuer));
	}

	async #load(set: RemoteJwkSet, issuer: number): Promise<void> {
		const attempt: Attempting<Attempt<void>> = (patience, arrival) => {
			const { policy, machine } = this.clocks();
			const demand = set.core.use((keys, { core }) => keys.load(policy, machine, core.Patience[patience], arrival));
			return { value: undefined, error: undefined, demand: { ...demand, issuer } };
		};
		await this.settle(attempt, attempt("Waits", undefined));
	}

	async #perform({ issuer, begin, wait, atMost }: Demand, asker: Asker): Promise<boolean> {
		const set = this.#sets[issuer];
		const begun = begin === null ? undefined : set?.begin(begin, asker);
		set?.report(asker);
		if (wait !== null && set) return set.wait(wait, atMost, asker, begin === wait);
		await begun;
		return true;
	}

	#asker(context: RequestContext | undefined): Asker {
		return { clocks: this.clocks, listener: this.#settings.onKeys ?? undefined, context };
	}
}

const given = (issuer: string | null | undefined): KeySetStatus => ({
	issuer: issuer ?? null,
	jwksUri: null,
	state: "given",
	age: null,
	keys: [],
	dropped: [],
	lastError: null,
	nextAttempt: null,
});
