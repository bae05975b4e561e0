// The session of this page as its code sees it, and who wants to hear of it.

import type { Session } from "./types.js";

type Listener = (session: Session | null) => void;

/** The user who is logged in on this page, if somebody is. */
export class CurrentSession {
	readonly #listeners = new Set<Listener>();
	#session: Session | null = null;

	get session(): Session | null {
		return this.#session;
	}

	set(session: Session | null): void {
		if (this.#session === session) return;
		this.#session = session;
		for (const listener of [...this.#listeners]) {
			try {
				listener(session);
			} catch (error) {
				queueMicrotask(() => {
					throw error; // Theirs to see; it must not end a login.
				});
			}
		}
	}

	onChange(listener: Listener): () => void {
		this.#listeners.add(listener);
		return () => {
			this.#listeners.delete(listener);
		};
	}
}
