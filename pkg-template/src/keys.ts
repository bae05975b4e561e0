// The key set of one issuer, over the network: fetched when needed, kept while fresh, renewed with care.

import { requestBound } from "countersign:wasm";
import { discover, unavailable } from "./discovery.js";
import { exchange, TIMEOUT } from "./http.js";
import type { KeySource } from "./operations.js";
import type { Fetch, KeyCache } from "./types.js";

// All in seconds.
const DEFAULT_AGE = 600;
const MIN_AGE = 60;
const MAX_AGE = 86_400;
/** How long past its age a key set still serves while its issuer cannot be reached (RFC 5861 §4). */
const STALE_IF_ERROR = 86_400;
/** The least time between two refreshes that unknown key ids ask for. */
const COOLDOWN = 30;
/** How long a discovered place of the key set is believed. */
const PLACE_AGE = 3_600;

/** What a key set needs from outside. */
export interface KeyIo {
	readonly fetch: Fetch;
	readonly cache: KeyCache | undefined;
	/** Seconds since 1970. */
	readonly now: () => number;
	/** Takes the text of a key set into the core; throws if nothing in it is usable. */
	readonly accept: (text: string) => void;
}

/** A moment on two clocks: the caller's, which decides about tokens, and the machine's. */
interface Moment {
	readonly policy: number;
	readonly machine: number;
}

interface Entry {
	readonly text: string;
	/** Seconds since 1970, by the policy's clock. */
	readonly at: number;
	/** Seconds. */
	readonly age: number;
}

/** The remote key set of one trusted issuer. */
export class RemoteKeys {
	readonly #source: KeySource;
	readonly #io: KeyIo;
	#fetched: Moment | undefined;
	#age = DEFAULT_AGE;
	#asked: Moment | undefined;
	#failures = 0;
	#place: { readonly url: string; readonly at: Moment } | undefined;
	/** The refresh under way. Its promise is awaited by others only where the runtime allows it. */
	#flight: { readonly promise: Promise<void>; readonly since: number } | undefined;

	constructor(source: KeySource, io: KeyIo) {
		this.#source = source;
		this.#io = io;
	}

	/** The issuer these keys belong to. */
	get issuer(): string | undefined {
		return this.#source.issuer;
	}

	/** Whether a key set is loaded and has outlived the age its server gave it. */
	get stale(): boolean {
		return this.#fetched !== undefined && this.#since(this.#fetched) >= this.#age;
	}

	/** Makes sure that a fresh key set is loaded. Rejects with `keys_unavailable`. */
	async load(): Promise<void> {
		if (this.#fetched && !this.stale) return;
		if (this.#fetched && this.#restingAfterFailure()) return this.#allowStale();
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
		if (!this.#flight && this.#asked && this.#since(this.#asked) < COOLDOWN) return false;
		await this.#refreshOnce(false);
		return true;
	}

	/** Begins a refresh and does not wait for it; does nothing where a promise dies with its request. */
	refreshBehind(): void {
		if (requestBound() || this.#flight || this.#restingAfterFailure()) return;
		this.#refreshOnce(false).catch(() => {});
	}

	async #refreshOnce(mayUseCache: boolean): Promise<void> {
		const flight = this.#flight;
		if (flight && !requestBound()) return flight.promise;
		if (flight && (await this.#otherLanded(flight))) return;
		const mine = { promise: this.#fetchAndAccept(mayUseCache), since: Date.now() };
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

	async #fetchAndAccept(mayUseCache: boolean): Promise<void> {
		this.#asked = this.#moment();
		if (mayUseCache && (await this.#acceptCached())) return;
		const url = await this.#locate();
		try {
			const { status, headers, text } = await exchange(this.#io.fetch, url, {
				headers: { accept: "application/jwk-set+json, application/json" },
			});
			if (status !== 200) throw new Error(`answered with status ${status}`);
			this.#io.accept(text);
			this.#fetched = this.#moment();
			this.#age = age(headers);
			await this.#keep({ text, at: this.#fetched.policy, age: this.#age });
		} catch (error) {
			this.#place = undefined;
			throw unavailable("keys_unavailable", url, error);
		}
	}

	async #locate(): Promise<string> {
		const { issuer, jwksUri } = this.#source;
		if (jwksUri) return jwksUri;
		if (this.#place && this.#since(this.#place.at) < PLACE_AGE) return this.#place.url;
		if (!issuer) throw unavailable("keys_unavailable", "no address", "give keys, jwksUri or an issuer");
		try {
			const { metadata } = await discover(issuer, ["jwks_uri"], this.#io.fetch);
			const url = metadata.jwks_uri as string;
			this.#place = { url, at: this.#moment() };
			return url;
		} catch (error) {
			throw unavailable("keys_unavailable", issuer, error);
		}
	}

	async #acceptCached(): Promise<boolean> {
		const { cache } = this.#io;
		if (!cache) return false;
		try {
			const entry = JSON.parse((await cache.get(this.#cacheName())) ?? "null") as Entry | null;
			const elapsed = entry ? this.#io.now() - entry.at : Number.NaN;
			if (!entry || !(elapsed >= 0 && elapsed < entry.age)) return false;
			this.#io.accept(entry.text);
			this.#fetched = { policy: entry.at, machine: Date.now() / 1000 - elapsed };
			this.#age = clamp(entry.age);
			return true;
		} catch {
			return false; // A cache that fails costs a request, not a verdict.
		}
	}

	async #keep(entry: Entry): Promise<void> {
		try {
			await this.#io.cache?.set(this.#cacheName(), JSON.stringify(entry), entry.age);
		} catch {
			// As above.
		}
	}

	#cacheName(): string {
		return this.#source.jwksUri ?? (this.#source.issuer as string);
	}

	#allowStale(cause?: unknown): void {
		if (this.#fetched && this.#since(this.#fetched) < this.#age + STALE_IF_ERROR) return;
		throw cause ?? unavailable("keys_unavailable", this.#cacheName(), "the key set is too old to serve");
	}

	// The first failure is retried at once; then 1, 2, 4 … 30 seconds apart.
	#restingAfterFailure(): boolean {
		if (this.#failures < 2 || !this.#asked) return false;
		return this.#since(this.#asked) < Math.min(COOLDOWN, 2 ** (this.#failures - 2));
	}

	#moment(): Moment {
		return { policy: this.#io.now(), machine: Date.now() / 1000 };
	}

	// A policy's clock may stand still (tests) and a machine's may be set back: the longer time counts.
	#since(moment: Moment): number {
		return Math.max(this.#io.now() - moment.policy, Date.now() / 1000 - moment.machine);
	}
}

/** For how many seconds an answer is fresh (RFC 9111 §4.2), within our bounds. */
function age(headers: { get(name: string): string | null }): number {
	const control = headers.get("cache-control") ?? "";
	if (/(^|[\s,])no-(store|cache)\b/i.test(control)) return MIN_AGE;
	const given = /(?:^|[\s,])max-age="?(\d{1,10})/i.exec(control)?.[1];
	if (given === undefined) return DEFAULT_AGE;
	return clamp(Number(given) - (Number(headers.get("age")) || 0));
}

function clamp(seconds: number): number {
	return Math.min(MAX_AGE, Math.max(MIN_AGE, seconds));
}
