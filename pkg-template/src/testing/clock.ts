/** A clock that tests set. */
export class Clock {
	readonly #base: () => number;
	#ahead = 0;

	/** Stands still at a time, or follows another clock. */
	constructor(base: number | (() => number)) {
		this.#base = typeof base === "function" ? base : () => base;
	}

	/** Seconds since 1970. */
	now(): number {
		return this.#base() + this.#ahead;
	}

	/** Sets it forward, or back. */
	advance(seconds: number): void {
		if (!Number.isFinite(seconds)) throw new TypeError("advance: expected a number of seconds");
		this.#ahead += seconds;
	}
}
