// Where the keys of each issuer of one policy are: of those that are known from the start, and of those admitted later.

import type { RemoteKeySet } from "countersign:bindings";
import type { Clocks } from "../core/clocks.js";
import type { Uses } from "../core/core-object.js";
import type { KeySetStatus } from "../core/key-events.js";
import type { KeySource, Settings } from "../core/settings.js";
import type { Demand } from "./attempt.js";
import { keySetOf } from "./registry.js";
import type { RemoteJwkSet } from "./remote-jwk-set.js";

/** An object of the core that takes keys. */
export interface TakesKeys {
	attach(issuer: number, set: RemoteKeySet): void;
	/** The indices of the issuers that were admitted. */
	admitted(): Uint32Array;
}

/** The keys of one issuer: fetched where there is a set. */
interface Place {
	readonly source: KeySource;
	readonly set: RemoteJwkSet | undefined;
}

/** The keys of all issuers, by index. */
export class Places {
	readonly #settings: Settings;
	readonly #places: Place[];

	constructor(settings: Settings) {
		this.#settings = settings;
		this.#places = settings.sources.map((source) => this.#place(source, false));
	}

	/** Gives an object of the core the key sets of the issuers that are known from the start. */
	attachTo(object: TakesKeys): void {
		this.#places.length = this.#settings.sources.length;
		for (const [issuer, { set }] of this.#places.entries()) set?.core.use((keys) => object.attach(issuer, keys));
	}

	/** Takes up an issuer that was admitted. Returns whether one was. */
	admit({ issuer, source }: Demand, core: Uses<TakesKeys>): boolean {
		if (!source) return false;
		const place = this.#place(source, true);
		this.#places[issuer] = place;
		place.set?.core.use((keys) => core.use((object) => object.attach(issuer, keys)));
		return true;
	}

	/** The key set of an issuer; none where the caller gave the keys. */
	set(issuer: number): RemoteJwkSet | undefined {
		return this.#places[issuer]?.set;
	}

	/** The indices of the issuers that are trusted now. */
	trusted(core: Uses<TakesKeys>): number[] {
		const known = this.#settings.sources.flatMap(({ open }, issuer) => (open ? [] : [issuer]));
		return this.#settings.issuers ? [...known, ...core.use((object) => object.admitted())] : known;
	}

	status(issuer: number, clocks: Clocks): KeySetStatus {
		return this.set(issuer)?.status(clocks) ?? given(this.#places[issuer]?.source.issuer ?? null);
	}

	#place(source: KeySource, isAdmitted: boolean): Place {
		const set = source.loaded || source.open ? undefined : keySetOf(source, this.#settings, isAdmitted);
		set?.listen(this.#settings.onKeys);
		return { source, set };
	}
}

const given = (issuer: string | null): KeySetStatus => ({
	issuer,
	jwksUri: null,
	state: "given",
	age: null,
	keys: [],
	dropped: [],
	lastError: null,
	nextAttempt: null,
});
