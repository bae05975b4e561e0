// Those who want to hear of something.

/** Functions that are called, one after the other, whatever becomes of each. */
export class Listeners<T> {
	readonly #listeners = new Set<{ readonly call: (value: T) => void }>();

	/** Returns how to stop that. */
	add(listener: (value: T) => void): () => void {
		if (typeof listener !== "function") throw new TypeError("listener: expected a function");
		// A function that is added twice is two listeners.
		const entry = { call: listener };
		this.#listeners.add(entry);
		return () => {
			this.#listeners.delete(entry);
		};
	}

	call(value: T): void {
		for (const { call } of [...this.#listeners]) {
			try {
				call(value);
			} catch (error) {
				queueMicrotask(() => {
					throw error; // Theirs to see; it must not end a login.
				});
			}
		}
	}
}
