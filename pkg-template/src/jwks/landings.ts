// Work that several requests wait for: one performs it, the others wait, also where a promise must not cross requests.

import { promisesAreRequestScoped } from "countersign:wasm";
import { goesOn, type RequestContext } from "./background.js";
import { beating } from "./beating.js";
import { inTime, pause } from "./waiting.js";

/** Milliseconds between two looks of who waits. */
const LOOK = 10;

/** The work under way in this module, by its number in the core. */
export class Landings {
	readonly #landings = new Map<number, Promise<void>>();

	/**
	 * Begins work that never rejects. `landed` says that nobody has to wait for it any longer. Resolves when that is so; at
	 * once where it goes on by itself.
	 */
	begin(
		id: number,
		perform: (landed: () => void) => Promise<void>,
		beat: () => void,
		context: RequestContext | undefined,
	): Promise<void> {
		let landed = () => {};
		const landing = new Promise<void>((resolve) => {
			landed = resolve;
		});
		this.#landings.set(id, landing);
		const beats = promisesAreRequestScoped() ? beating(beat) : undefined;
		const work = perform(landed).finally(() => {
			clearInterval(beats);
			this.#landings.delete(id);
			landed();
		});
		return goesOn(work, context) ? Promise.resolve() : work.catch(() => {});
	}

	/** Waits until work has landed or died, or so many seconds. Resolves to whether it is over. */
	async wait(id: number, seconds: number | null, isMine: boolean, isUnderWay: () => boolean): Promise<boolean> {
		const until = seconds === null ? Number.POSITIVE_INFINITY : Date.now() + seconds * 1000;
		const landing = this.#landings.get(id);
		// On Workers a promise must not cross requests, but plain state may.
		if (landing && (isMine || !promisesAreRequestScoped())) return inTime(landing, seconds);
		while (isUnderWay()) {
			if (Date.now() >= until) return false;
			await pause(LOOK);
		}
		return true;
	}
}
