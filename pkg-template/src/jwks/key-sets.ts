// The key sets that the verdicts of one policy need: what the core demands of them is performed, and who has to, waits.

import { type Clocks, clocksOf } from "../core/clocks.js";
import type { Uses } from "../core/core-object.js";
import type { KeySetStatus } from "../core/key-events.js";
import type { Settings } from "../core/settings.js";
import type { Attempt, Attempting, Demand } from "./attempt.js";
import type { RequestContext } from "./background.js";
import { type Issuers, issuersOf, type TakesAnswers } from "./issuers.js";
import { Places, type TakesKeys } from "./places.js";
import type { Asker, RemoteJwkSet } from "./remote-jwk-set.js";

/** An object of the core that judges by keys and by answers about issuers. */
type Judge = TakesKeys & TakesAnswers;

/** What answers questions about opaque tokens. */
interface Introspects {
	begin(question: number, asker: Asker): Promise<void>;
	wait(question: number, seconds: number | null, asker: Asker, isMine: boolean): Promise<boolean>;
}

/** The key sets of one policy. */
export class KeySets {
	readonly #settings: Settings;
	readonly #core: Uses<Judge>;
	readonly #issuers: Issuers | undefined;
	readonly #places: Places;
	readonly #introspection: Introspects | undefined;
	readonly clocks: Clocks;

	constructor(settings: Settings, core: Uses<Judge>, introspection?: Introspects) {
		this.#introspection = introspection;
		this.#settings = settings;
		this.#core = core;
		this.clocks = clocksOf(settings.now);
		this.#issuers = settings.issuers ? issuersOf(settings.issuers) : undefined;
		this.#places = new Places(settings);
	}

	/** Gives an object of the core the key sets of its issuers. */
	attachTo(object: Judge): void {
		this.#places.attachTo(object);
		this.#issuers?.core.use((table) => object.attachIssuers(table));
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
			const isOver = this.#admit(last.demand) || (await this.#perform(last.demand, asker));
			if (isOver === undefined) break;
			last = attempt(isOver ? "Waits" : "WaitedLong", last.demand.arrival ?? undefined);
		}
		return last;
	}

	/** The verdict of one that cannot wait: what it demands is begun. */
	settleAtOnce<A extends Pick<Attempt<unknown>, "demand">>(attempt: () => A): A {
		let last = attempt();
		while (last.demand && this.#admit(last.demand)) last = attempt();
		if (last.demand) this.#begin(last.demand, this.#asker(undefined));
		return last;
	}

	/** Loads all keys. Rejects with `keys_unavailable`. */
	async load(): Promise<void> {
		const sets = this.#places.trusted(this.#core).map((issuer) => [issuer, this.#places.set(issuer)] as const);
		await Promise.all(sets.map(([issuer, set]) => set && this.#load(set, issuer)));
	}

	status(): KeySetStatus[] {
		return this.#places.trusted(this.#core).map((issuer) => this.#places.status(issuer, this.clocks));
	}

	/** Takes up an issuer that was admitted. Returns whether one was: then the verdict is to be asked for again. */
	#admit(demand: Demand): boolean {
		return this.#places.admit(demand, this.#core);
	}

	async #load(set: RemoteJwkSet, issuer: number): Promise<void> {
		const attempt: Attempting<Attempt<void>> = (patience, arrival) => {
			const { policy, machine } = this.clocks();
			const demand = set.core.use((keys, { core }) => keys.load(policy, machine, core.Patience[patience], arrival));
			return { value: undefined, error: undefined, demand: { ...demand, issuer } };
		};
		await this.settle(attempt, attempt("Waits", undefined));
	}

	#begin({ about, issuer, begin }: Demand, asker: Asker): Promise<void> | undefined {
		if (begin === null) return undefined;
		if (about === "introspection") return this.#introspection?.begin(begin, asker);
		if (about === "issuer") return this.#issuers?.begin(begin, asker, this.#core);
		return this.#places.set(issuer)?.begin(begin, asker);
	}

	/** Resolves to whether what had to be waited for is over; to nothing where the verdict stands. */
	async #perform(demand: Demand, asker: Asker): Promise<boolean | undefined> {
		const { about, issuer, begin, wait, atMost } = demand;
		const begun = this.#begin(demand, asker);
		const set = about === "keys" ? this.#places.set(issuer) : undefined;
		set?.report(asker);
		const awaited = { issuer: this.#issuers, introspection: this.#introspection, keys: set, admitted: undefined }[
			about
		];
		if (wait !== null && awaited) return awaited.wait(wait, atMost, asker, begin === wait);
		await begun;
		return undefined;
	}

	#asker(context: RequestContext | undefined): Asker {
		return { clocks: this.clocks, listener: this.#settings.onKeys ?? undefined, context };
	}
}
