import { Listeners } from "./listeners.js";
import type { LoginStep } from "./step-types.js";

/** Reports each step of a login to whoever listens. */
export class StepReporter {
	readonly #listeners: Listeners<LoginStep> | undefined;

	constructor(listener: ((step: LoginStep) => void) | undefined) {
		if (!listener) return;
		this.#listeners = new Listeners();
		this.#listeners.add(listener);
	}

	/** Whether anybody listens. */
	get listens(): boolean {
		return this.#listeners !== undefined;
	}

	/** Reports a step, which is made only for somebody who listens. */
	step(step: () => LoginStep): void {
		this.#listeners?.call(step());
	}
}
