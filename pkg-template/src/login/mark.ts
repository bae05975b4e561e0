// Whether this browser has had a session, and how often this tab has asked for it by itself: no secret, and all that
// `"memory"` leaves behind. What the texts mean is the core's.

import { browserStorage, tabStorage, wasReloaded } from "./browser.js";
import type { Core } from "./load-core.js";
import type { LoginStorage } from "./types.js";

/** What the core wants kept. */
export interface Kept {
	readonly mark: string;
	readonly attempts: string;
}

/** The browser's mark of one login. */
export class SessionHint {
	/** The name under which other tabs see it change. */
	readonly name: string;
	readonly #attempts: string;
	readonly #acted: string;

	constructor(name: string) {
		this.name = `${name}:session`;
		this.#attempts = `${name}:attempts`;
		this.#acted = `${name}:acted`;
	}

	/** Whether the core has to be asked: where there never was a session, it need not even be loaded. */
	get present(): boolean {
		return Boolean(this.mark);
	}

	/** Whether there is a mark of any kind, which a logout removes; `undefined` where this browser cannot tell. */
	get known(): boolean | undefined {
		return attempt(() => browserStorage().getItem(this.name) !== null);
	}

	get mark(): string | null {
		return read(browserStorage, this.name);
	}

	/** What to keep before this page asks by itself; nothing where it may not. */
	attempt({ withInstance }: Core, now: number): Kept | null {
		const attempts = read(tabStorage, this.#attempts) ?? undefined;
		const acted = Number(read(tabStorage, this.#acted) ?? Number.NaN);
		return withInstance(({ core }) => core.silentAttempt(this.mark ?? undefined, attempts, acted, now, wasReloaded()));
	}

	/** The server knows no session. */
	refused({ withInstance }: Core, now: number): void {
		this.keep(withInstance(({ core }) => core.silentRefused(this.mark ?? undefined, now)));
	}

	keep({ mark, attempts }: Kept): void {
		write(browserStorage, this.name, mark);
		write(tabStorage, this.#attempts, attempts);
	}

	put(): void {
		write(browserStorage, this.name, "1");
	}

	/** Tells the other tabs that the session has been ended. */
	remove(): void {
		attempt(() => browserStorage().removeItem(this.name));
	}

	/** The user has done something, in a tab that has asked by itself. */
	userActed(now: number): void {
		if (read(tabStorage, this.#attempts)) write(tabStorage, this.#acted, String(now));
	}
}

function read(storage: () => LoginStorage, name: string): string | null {
	return attempt(() => storage().getItem(name) as string | null) ?? null;
}

function write(storage: () => LoginStorage, name: string, text: string): void {
	attempt(() => storage().setItem(name, text));
}

function attempt<T>(work: () => T): T | undefined {
	try {
		return work();
	} catch {
		// A browser that keeps nothing asks its user to log in again after a reload.
	}
}
