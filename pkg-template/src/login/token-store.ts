// The little of a session that outlives the page.

import { tabStorage } from "./browser.js";
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
