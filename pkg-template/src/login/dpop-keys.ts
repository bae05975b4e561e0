// The key that a login's tokens are bound to: one for all tabs, in IndexedDB, and nobody can export its private half.

import { page } from "./browser.js";
import { inEntries } from "./indexed-db.js";
import { type Core, loadCore } from "./load-core.js";

/** A key, and what servers know it by. */
export interface DpopKey {
	readonly pair: CryptoKeyPair;
	/** Its public half. */
	readonly jwk: string;
	/** The thumbprint of that. */
	readonly jkt: string;
}

/** The key of one client at one issuer. */
export class DpopKeys {
	readonly #name: string;
	/** The one that was used last: it serves this page even where the browser has deleted it since. */
	#used: DpopKey | undefined;
	#last: Promise<unknown> = Promise.resolve();

	constructor(name: string) {
		this.#name = `${name}:dpop-key`;
	}

	/** Throws where this browser can keep no key. */
	check(): void {
		if (page().crypto?.subtle && page().indexedDB) return;
		throw new TypeError(
			"dpop: needs WebCrypto and IndexedDB, which this browser does not have or this page may not use (it was not loaded by https)",
		);
	}

	/** The key, made where there is none. Tabs that make one at once end with the same. */
	current(): Promise<DpopKey> {
		return this.#inOrder(async () => {
			const core = await loadCore();
			const made = await this.#kept();
			// No transaction of IndexedDB outlasts the making of a key: the first to be kept is everybody's.
			return this.#shown(core, made ?? (await this.#keepFirst(await generate(core))));
		});
	}

	/** The key of this thumbprint; nothing where it is gone. */
	async find(jkt: string): Promise<DpopKey | undefined> {
		if (this.#used?.jkt === jkt) return this.#used;
		const kept = await this.#inOrder(async () => {
			const pair = await this.#kept();
			return pair && this.#shown(await loadCore(), pair);
		});
		return kept?.jkt === jkt ? kept : undefined;
	}

	/** The user has logged out: nothing is bound to it any more. */
	forget(): Promise<void> {
		return this.#inOrder(async () => {
			this.#used = undefined;
			await inEntries("readwrite", (entries) => entries.delete(this.#name));
		});
	}

	async #kept(): Promise<CryptoKeyPair | undefined> {
		return (await inEntries("readonly", (entries) => entries.get(this.#name))) as CryptoKeyPair | undefined;
	}

	async #keepFirst(made: CryptoKeyPair): Promise<CryptoKeyPair> {
		const keep = (entries: IDBObjectStore) => {
			const first = entries.get(this.#name);
			first.onsuccess = () => first.result ?? entries.put(made, this.#name);
			return first;
		};
		const kept = await inEntries("readwrite", keep).catch((cause) => {
			throw new TypeError("dpop: this browser keeps no key in IndexedDB, as some do not in private windows", { cause });
		});
		return (kept as CryptoKeyPair | undefined) ?? made;
	}

	async #shown({ withInstance }: Core, pair: CryptoKeyPair): Promise<DpopKey> {
		const exported = await withInstance(({ core }) => core.exportDpopKey(pair));
		const { jwk, jkt } = withInstance(({ core }) => core.dpopPublicKey(exported));
		this.#used = { pair, jwk, jkt };
		return this.#used;
	}

	/** One after the other, as they came: a logout and the login that follows on it. */
	#inOrder<T>(work: () => Promise<T>): Promise<T> {
		const done = this.#last.then(work);
		this.#last = done.catch(() => {});
		return done;
	}
}

function generate({ withInstance }: Core): Promise<CryptoKeyPair> {
	return withInstance(({ core }) => core.generateDpopKey()) as Promise<CryptoKeyPair>;
}
