// Where the little of a session is that outlives the page: which text that is, the core says.

import { tabStorage } from "./browser.js";
import { sharedEntries } from "./indexed-db.js";
import { hasLocks } from "./lock.js";
import type { LoginStorage } from "./types.js";

/** Where the refresh token is kept. */
type StorageMode = "memory" | "session" | "shared" | LoginStorage;

/** Keeps what is to survive a reload. */
export class TokenStore {
	readonly #name: string;
	readonly #mode: StorageMode;
	#last: Promise<unknown> = Promise.resolve();

	constructor(name: string, mode: StorageMode) {
		if (isLocalStorage(mode)) {
			throw new TypeError(
				'storage: localStorage shows another tab an older entry for a while, so that two tabs use one refresh token and lose the session; use "shared"',
			);
		}
		this.#name = `${name}:tokens`;
		this.#mode = mode;
	}

	/** What the core has to know of the place. */
	get reach(): "memory" | "tab" | "shared" {
		if (this.#mode === "memory") return "memory";
		return this.#mode === "session" ? "tab" : "shared";
	}

	/** Throws where this browser lacks what the place needs. */
	check(): void {
		this.#place();
	}

	/** What is kept now; another tab may have changed it. */
	read(): Promise<string | undefined> {
		return this.#inOrder(async (place) => (await place.getItem(this.#name)) ?? undefined);
	}

	write(entry: string | undefined): Promise<void> {
		return this.#inOrder(async (place) => {
			if (entry === undefined) await place.removeItem(this.#name);
			else await place.setItem(this.#name, entry);
		});
	}

	/** One call after the other, as they came; none where nothing is kept. */
	#inOrder<T>(work: (place: LoginStorage) => Promise<T>): Promise<T | undefined> {
		const done = this.#last.then(() => {
			const place = this.#place();
			return place && work(place);
		});
		this.#last = done.catch(() => {});
		return done;
	}

	#place(): LoginStorage | undefined {
		if (this.#mode === "memory") return undefined;
		if (this.#mode === "session") return tabStorage();
		if (this.#mode !== "shared") return this.#mode;
		if (hasLocks()) return sharedEntries();
		throw new TypeError(
			'storage: "shared" needs Web Locks, which this browser does not have or this page may not use (it was not loaded by https); use "session"',
		);
	}
}

function isLocalStorage(mode: StorageMode): boolean {
	try {
		return mode === window.localStorage;
	} catch {
		return false; // There is no page, or this browser blocks it.
	}
}
