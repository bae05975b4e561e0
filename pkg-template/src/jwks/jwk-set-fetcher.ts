// Where an issuer keeps its key set, and how it is fetched.

import type { Fetch } from "../core/fetch-types.js";
import type { KeySource } from "../core/settings.js";
import { discover } from "./discovery.js";
import { fetchError } from "./fetch-error.js";
import type { Clocks, Moment } from "./freshness.js";
import { type Answer, exchange } from "./http.js";

/** Seconds for which a discovered place of the key set is believed. */
const PLACE_AGE = 3_600;

/** Fetches the key set of one issuer. */
export class JwkSetFetcher {
	readonly #source: KeySource;
	readonly #fetch: Fetch;
	readonly #clocks: Clocks;
	#place: { readonly url: string; readonly at: Moment } | undefined;

	constructor(source: KeySource, fetch: Fetch, clocks: Clocks) {
		this.#source = source;
		this.#fetch = fetch;
		this.#clocks = clocks;
	}

	/** Fetches the key set, and has it accepted. Rejects with `keys_unavailable`. */
	async fetch(accept: (text: string) => void): Promise<Answer> {
		const url = await this.#locate();
		try {
			const answer = await exchange(this.#fetch, url, {
				headers: { accept: "application/jwk-set+json, application/json" },
			});
			if (answer.status !== 200) throw new Error(`answered with status ${answer.status}`);
			accept(answer.text);
			return answer;
		} catch (error) {
			this.#place = undefined;
			throw fetchError("keys_unavailable", url, error);
		}
	}

	async #locate(): Promise<string> {
		const { issuer, jwksUri } = this.#source;
		if (jwksUri) return jwksUri;
		if (this.#place && this.#clocks.since(this.#place.at) < PLACE_AGE) return this.#place.url;
		if (!issuer) throw fetchError("keys_unavailable", "no address", "give keys, jwksUri or an issuer");
		try {
			const { metadata } = await discover(issuer, "keys", this.#fetch);
			this.#place = { url: metadata.jwksUri as string, at: this.#clocks.moment() };
			return this.#place.url;
		} catch (error) {
			throw fetchError("keys_unavailable", issuer, error);
		}
	}
}
