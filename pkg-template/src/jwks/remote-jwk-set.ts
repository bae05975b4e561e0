// The key set of one issuer, over the network: fetched when needed, kept while fresh, renewed with care.

import { promisesAreRequestScoped } from "countersign:wasm";
import type { KeySource } from "../verifier/settings.js";
import { ageOf, Clocks, COOLDOWN, type Moment, restAfter, STALE_IF_ERROR } from "./freshness.js";
import { TIMEOUT } from "./http.js";
import { fetchError } from "./fetch-error.js";
import { JwkSetFetcher } from "./jwk-set-fetcher.js";
import { readStored, writeStored } from "./stored-jwk-set.js";
import type { Fetch, KeyCache } from "./types.js";

/** What a key set needs from outside. */
export interface KeyIo {
	readonly fetch: Fetch;
	readonly cache: KeyCache | undefined;
	/** Seconds since 1970. */
	readonly now: () => number;
	/** Takes the text of a key set into the core; throws if nothing in it is usable. */
	readonly accept: (text: string) => void;
}

/** The remote key set of one trusted issuer. */
export class RemoteJwkSet {
	readonly #io: KeyIo;
	readonly #name: string;
	readonly #clocks: Clocks;
	readonly #fetcher: JwkSetFetcher;
	#fetched: { readonly at: Moment; readonly age: number } | undefined;
	#asked: Moment | undefined;
	#failures = 0;
	/** The refresh under way. Its promise is awaited by others only where the runtime allows it. */
	#flight: { readonly promise: Promise<void>; readonly since: number } | undefined;

	constructor(source: KeySource, io: KeyIo) {
		this.#io = io;
		this.#name = source.jwksUri ?? source.issuer ?? "";
		this.#clocks = new Clocks(io.now);
		this.#fetcher = new JwkSetFetcher(source, io.fetch, this.#clocks);
	}

	/** Whether no key set has been loaded. */
	get empty(): boolean {
		return this.#fetched === undefined;
	}

	/** Whether a key set is loaded and has outlived the age its server gave it. */
	get stale(): boolean {
		return this.#fetched !== undefined && this.#clocks.since(this.#fetched.at) >= this.#fetched.age;
	}

	/** Makes sure that a fresh key set is loaded. Rejects with `keys_unavailable`. */
	async load(): Promise<void> {
		if (this.#fetched && !this.stale) return;
		if (this.#fetched && this.#resting()) return this.#allowStale();
		try {
			await this.#refreshOnce(true);
		} catch (error) {
			if (!this.#fetched) throw error;
			this.#allowStale(error);
		}
	}

	/**
	 * After a refusal for want of a key: fetches the key set again, unless that was done a moment ago.
	 * Resolves to whether asking the core again is worth while.
	 */
	async refresh(): Promise<boolean> {
		if (!this.#fetched) {
			await this.load();
			return true;
		}
		// A flood of unknown key ids costs one request in a while, whatever its size.
		if (!this.#flight && this.#asked && this.#clocks.since(this.#asked) < COOLDOWN) return false;
		await this.#refreshOnce(false);
		return true;
	}

	/** Begins a refresh and does not wait for it; does nothing where a promise dies with its request. */
	refreshBehind(): void {
		if (promisesAreRequestScoped() || this.#flight || this.#resting()) return;
		this.#refreshOnce(false).catch(() => {});
	}

	async #refreshOnce(mayUseStore: boolean): Promise<void> {
		const flight = this.#flight;
		if (flight && !promisesAreRequestScoped()) return flight.promise;
		if (flight && (await this.#otherLanded(flight))) return;
		const mine = { promise: this.#fetchAndAccept(mayUseStore), since: Date.now() };
		this.#flight = mine;
		try {
			await mine.promise;
			this.#failures = 0;
		} catch (error) {
			this.#failures++;
			throw error;
		} finally {
			if (this.#flight === mine) this.#flight = undefined;
		}
	}

	// On Workers a promise must not cross requests, but plain state may: look until the other has landed.
	async #otherLanded(flight: { readonly since: number }): Promise<boolean> {
		const before = this.#fetched;
		while (this.#flight === flight && Date.now() - flight.since < TIMEOUT) {
			await new Promise((resolve) => setTimeout(resolve, 10));
		}
		return this.#fetched !== before;
	}

	async #fetchAndAccept(mayUseStore: boolean): Promise<void> {
		this.#asked = this.#clocks.moment();
		if (mayUseStore && (await this.#acceptStored())) return;
		const { text, headers } = await this.#fetcher.fetch((text) => this.#io.accept(text));
		this.#fetched = { at: this.#clocks.moment(), age: ageOf(headers) };
		await writeStored(this.#io.cache, this.#name, { text, at: this.#fetched.at.policy, age: this.#fetched.age });
	}

	async #acceptStored(): Promise<boolean> {
		if (!this.#io.cache) return false;
		try {
			const now = this.#io.now();
			const stored = await readStored(this.#io.cache, this.#name, now);
			if (!stored) return false;
			this.#io.accept(stored.text);
			this.#fetched = { at: { policy: stored.at, machine: Date.now() / 1000 - (now - stored.at) }, age: stored.age };
			return true;
		} catch {
			return false; // A store that fails costs a request, not a verdict.
		}
	}

	#allowStale(cause?: unknown): void {
		if (this.#fetched && this.#clocks.since(this.#fetched.at) < this.#fetched.age + STALE_IF_ERROR) return;
		throw cause ?? fetchError("keys_unavailable", this.#name, "the key set is too old to serve");
	}

	#resting(): boolean {
		return this.#asked !== undefined && this.#clocks.since(this.#asked) < restAfter(this.#failures);
	}
}
