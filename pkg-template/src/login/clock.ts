// The time: the device's, put right by what the server says it is. Whether and by how much is the core's.

import type { Core } from "./load-core.js";

/** The clock of one login. */
export class Clock {
	readonly #device: () => number;
	#offset = 0;

	constructor(device: () => number) {
		this.#device = device;
	}

	/** The server's time as far as it is known, in seconds since 1970. */
	readonly now = (): number => this.#device() + this.#offset;

	/**
	 * Learns from the date of an answer. Across origins a browser shows it only where the server exposes it. Returns by how
	 * many seconds it was wrong.
	 */
	learn({ withInstance }: Core, headers: { get(name: string): string | null }, sent: number): number {
		const date = Date.parse(headers.get("date") ?? "") / 1000;
		if (Number.isNaN(date)) return 0;
		const before = this.#offset;
		this.#offset = withInstance(({ core }) => core.clockOffset(date, sent, this.#device()));
		return this.#offset - before;
	}
}
