// A session as time passes: when to look, the core says; here is the clock that strikes.

import { onReturn } from "./browser.js";
import type { Machine } from "./machine.js";

/** Looks after one session. */
export class Ticker {
	readonly #machine: Machine;
	readonly #now: () => number;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(machine: Machine, now: () => number) {
		this.#machine = machine;
		this.#now = now;
		// No timer runs while a laptop sleeps or a page is frozen.
		onReturn(() => this.#tick());
	}

	/** Another session, or another end of it: the clock is set again. */
	set(): void {
		clearTimeout(this.#timer);
		const seconds = this.#machine.use((session) => session.secondsToTick(this.#now()));
		if (seconds === undefined) return;
		this.#timer = setTimeout(() => this.#tick(), seconds * 1000);
		// On Node.js it is no reason to stay.
		(this.#timer as { unref?: () => void }).unref?.();
	}

	#tick(): void {
		this.#machine.use((session) => session.tick(this.#now()));
		this.set();
	}
}
