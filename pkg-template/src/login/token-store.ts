// The little of a session that outlives the page.

import { browserStorage, tabStorage } from "./browser.js";
import type { LoginStorage } from "./types.js";

/** What the storage keeps: never the access token. */
export interface StoredSession {
	readonly refreshToken: string;
	readonly idToken: string | null;
	readonly scope: string;
	/** When the ID token was checked, in seconds since 1970. */
	readonly checkedAt: number;
}

/** Keeps what is to survive a reload, as `storage` says. */
export class TokenStore {
	readonly #name: string;
	readonly #storage: "memory" | "session" | LoginStorage;

	constructor(name: string, storage: "memory" | "session" | LoginStorage) {
		this.#name = `${name}:tokens`;
		this.#storage = storage;
	}

	/** What is kept now; another tab may have changed it. */
	async read(): Promise<StoredSession | undefined> {
		const text = await this.#place?.getItem(this.#name);
		if (!text) return undefined;
		try {
			const stored: unknown = JSON.parse(text);
			if (typeof stored !== "object" || stored === null || !Object.hasOwn(stored, "refreshToken")) return undefined;
			return typeof (stored as StoredSession).refreshToken === "string" ? (stored as StoredSession) : undefined;
		} catch {
			return undefined;
		}
	}

	async write(stored: StoredSession | undefined): Promise<void> {
		if (stored) await this.#place?.setItem(this.#name, JSON.stringify(stored));
		else await this.#place?.removeItem(this.#name);
	}

	get #place(): LoginStorage | undefined {
		if (this.#storage === "memory") return undefined;
		return this.#storage === "session" ? tabStorage() : this.#storage;
	}
}

/** Whether this browser has had a session that nobody ended: no secret, and all that `"memory"` leaves behind. */
export class SessionHint {
	/** The name under which other tabs see it change. */
	readonly name: string;

	constructor(name: string) {
		this.name = `${name}:session`;
	}

	get present(): boolean {
		try {
			return browserStorage().getItem(this.name) !== null;
		} catch {
			return false;
		}
	}

	put(): void {
		try {
			browserStorage().setItem(this.name, "1");
		} catch {
			// Then a reload asks the user to log in again.
		}
	}

	remove(): void {
		try {
			browserStorage().removeItem(this.name);
		} catch {
			// Nothing was there.
		}
	}
}
