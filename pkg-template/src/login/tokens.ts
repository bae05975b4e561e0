// The tokens of a session, and the little of them that outlives the page.

import { browserStorage, tabStorage } from "./browser.js";
import type { LoginStorage, Session } from "./types.js";

/** Everything a session holds. */
export interface Tokens {
	readonly session: Session;
	readonly accessToken: string;
	readonly refreshToken: string | undefined;
}

/** What the storage keeps: never the access token. */
export interface Kept {
	readonly refreshToken: string;
	readonly idToken: string | null;
	readonly scope: string;
	/** When the ID token was found good, in seconds since 1970. */
	readonly checkedAt: number;
}

/** Keeps what is to survive a reload, as `storage` says. */
export class Keeper {
	readonly #name: string;
	readonly #storage: "memory" | "session" | LoginStorage;

	constructor(name: string, storage: "memory" | "session" | LoginStorage) {
		this.#name = `${name}:tokens`;
		this.#storage = storage;
	}

	/** What is kept now; another tab may have changed it. */
	async read(): Promise<Kept | undefined> {
		const text = await this.#place?.getItem(this.#name);
		if (!text) return undefined;
		try {
			const kept = JSON.parse(text) as Partial<Kept> | null;
			return typeof kept?.refreshToken === "string" ? (kept as Kept) : undefined;
		} catch {
			return undefined;
		}
	}

	async write(kept: Kept | undefined): Promise<void> {
		if (kept) await this.#place?.setItem(this.#name, JSON.stringify(kept));
		else await this.#place?.removeItem(this.#name);
	}

	get #place(): LoginStorage | undefined {
		if (this.#storage === "memory") return undefined;
		return this.#storage === "session" ? tabStorage() : this.#storage;
	}
}

/** Whether this browser has had a session that nobody ended: no secret, and all that `"memory"` leaves behind. */
export class Mark {
	/** The name under which other tabs see it change. */
	readonly name: string;

	constructor(name: string) {
		this.name = `${name}:session`;
	}

	get set(): boolean {
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
