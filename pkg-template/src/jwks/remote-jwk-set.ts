// The key set of one issuer, over the network: fetched when needed, kept while fresh, renewed with care.

import { promisesAreRequestScoped } from "countersign:wasm";
import type { KeySource } from "../core/settings.js";
import { fetchError } from "./fetch-error.js";
import { ageOf, Clocks, COOLDOWN, type Moment, restAfter, STALE_IF_ERROR } from "./freshness.js";
import { JwkSetFetcher } from "./jwk-set-fetcher.js";
import type { KeyIo } from "./key-io.js";
import { SingleFlight } from "./single-flight.js";
import { readStored, writeStored } from "./stored-jwk-set.js";

/** The remote key set of one trusted issuer. */
export class RemoteJwkSet {
	readonly #io: KeyIo;
	readonly #name: string;
	readonly #clocks: Clocks;
	readonly #fetcher: JwkSetFetcher;
	#fetched: { readonly at: Moment; readonly age: number } | undefined;
	#asked: Moment | undefined;
	#failures = 0;
	readonly #flight = new SingleFlight();

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
		if (!this.#flight.underWay && this.#asked && this.#clocks.since(this.#asked) < COOLDOWN) return false;
		await this.#refreshOnce(false);
		return true;
	}

	/** Begins a refresh and does not wait for it; does nothing where a promise dies with its request. */
	refreshBehind(): void {
		if (promisesAreRequestScoped() || this.#flight.underWay || this.#resting()) return;
		this.#refreshOnce(false).catch(() => {});
	}

	async #refreshOnce(mayUseStore: boolean): Promise<void> {
		await this.#flight.run(async () => {
			try {
				await this.#fetchAndAccept(mayUseStore);
				this.#failures = 0;
			} catch (error) {
				this.#failures++;
				throw error;
			}
		});
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
