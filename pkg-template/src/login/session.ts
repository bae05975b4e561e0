// The session of this page, and who wants to hear of it.

import type { Session } from "./types.js";

/** Everything a session holds. */
export interface Tokens {
	readonly session: Session;
	readonly accessToken: string;
	readonly refreshToken: string | null;
}

type Listener = (session: Session | null) => void;

/** The user who is logged in on this page, if somebody is. */
export class CurrentSession {
	readonly #listeners = new Set<Listener>();
	#tokens: Tokens | undefined;

	get tokens(): Tokens | undefined {
		return this.#tokens;
	}

	get session(): Session | null {
		return this.#tokens?.session ?? null;
	}

	set(tokens: Tokens | undefined): void {
		if (this.#tokens === tokens) return;
		this.#tokens = tokens;
		for (const listener of [...this.#listeners]) {
			try {
				listener(this.session);
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

/** Seconds until the access token expires. */
export function secondsLeft({ session }: Tokens, now: number): number {
	return session.expiresAt === null ? Number.POSITIVE_INFINITY : session.expiresAt - now;
}
