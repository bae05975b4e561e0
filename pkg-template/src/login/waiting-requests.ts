// Requests of this page that wait for a login to come back: where `navigate` does not leave it, or it has not been left yet.

import { page } from "./browser.js";

/** Whether the login has come back to this page, or why it has not. */
type Back = boolean | Promise<never>;

/** Those who wait, by what the login was asked for. */
export class WaitingRequests {
	readonly #waiting = new Map<string, Set<(back: Back) => void>>();

	has(name: string): boolean {
		return Boolean(this.#waiting.get(name)?.size);
	}

	/** Waits for so many seconds. A page that was left and is shown again from memory waits no more. */
	async wait(name: string, seconds: number): Promise<boolean> {
		const waiting = this.#waiting.get(name) ?? new Set();
		this.#waiting.set(name, waiting);
		let settle: (back: Back) => void = () => {};
		let timer: ReturnType<typeof setTimeout> | undefined;
		const shown = ({ persisted }: PageTransitionEvent) => persisted && settle(false);
		try {
			return await new Promise<boolean>((resolve) => {
				settle = resolve;
				waiting.add(resolve);
				timer = setTimeout(resolve, seconds * 1000, false);
				page().addEventListener("pageshow", shown);
			});
		} finally {
			clearTimeout(timer);
			waiting.delete(settle);
			page().removeEventListener("pageshow", shown);
		}
	}

	/** Tells all of them. Returns whether there was one. */
	settle(name: string, back: Back): boolean {
		const isAwaited = this.has(name);
		for (const resolve of [...(this.#waiting.get(name) ?? [])]) resolve(back);
		return isAwaited;
	}
}
