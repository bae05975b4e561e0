// The session of this page as its code sees it, and who wants to hear of it.

import { hasPage } from "./browser.js";
import { Listeners } from "./listeners.js";
import type { LoginSnapshot, Session } from "./types.js";

/** The user who is logged in on this page, if somebody is. */
export class CurrentSession {
	readonly #changes = new Listeners<Session | null>();
	readonly #snapshots = new Listeners<void>();
	#snapshot: LoginSnapshot = { status: "pending", session: null };

	get session(): Session | null {
		return this.#snapshot.session;
	}

	/** The same object until something changes. */
	get snapshot(): LoginSnapshot {
		return this.#snapshot;
	}

	set(session: Session | null): void {
		if (this.session === session) return;
		this.#show(session);
		this.#changes.call(session);
	}

	/** Whether somebody is logged in is known by now. */
	settle(): void {
		if (hasPage() && this.#snapshot.status === "pending") this.#show(this.session);
	}

	onChange(listener: (session: Session | null) => void): () => void {
		return this.#changes.add(listener);
	}

	subscribe(listener: () => void): () => void {
		return this.#snapshots.add(listener);
	}

	#show(session: Session | null): void {
		this.#snapshot = { status: session ? "signed-in" : "signed-out", session };
		this.#snapshots.call();
	}
}
