import { promisesAreRequestScoped } from "countersign:wasm";
import { TIMEOUT } from "./http.js";

interface Flight {
	readonly promise: Promise<void>;
	/** Milliseconds since 1970. */
	readonly since: number;
	landed: boolean;
}

/** Work that is done once for all who want it at the same time. */
export class SingleFlight {
	#current: Flight | undefined;

	get underWay(): boolean {
		return this.#current !== undefined;
	}

	/** Does the work, or waits for the one who does. */
	async run(work: () => Promise<void>): Promise<void> {
		const current = this.#current;
		if (current && !promisesAreRequestScoped()) return current.promise;
		if (current && (await this.#hasLanded(current))) return;
		const mine: Flight = { promise: work(), since: Date.now(), landed: false };
		this.#current = mine;
		try {
			await mine.promise;
			mine.landed = true;
		} finally {
			if (this.#current === mine) this.#current = undefined;
		}
	}

	// On Workers a promise must not cross requests, but plain state may: look until the other has landed.
	async #hasLanded(flight: Flight): Promise<boolean> {
		while (this.#current === flight && Date.now() - flight.since < TIMEOUT) {
			await new Promise((resolve) => setTimeout(resolve, 10));
		}
		return flight.landed;
	}
}
