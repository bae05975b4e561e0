import { Listeners } from "./listeners.js";
import type { LoginStep } from "./step-types.js";

/** Reports each step of a login to whoever listens. */
export class StepReporter {
	readonly #listeners = new Listeners<LoginStep>();
	/** Whether anybody listens. */
	readonly listens: boolean;

	constructor(listener: ((step: LoginStep) => void) | undefined) {
		this.listens = listener !== undefined;
		if (listener) this.#listeners.add(listener);
	}

	/** Reports a step, which is made only for somebody who listens. */
	step(step: () => LoginStep): void {
		if (this.listens) this.#listeners.call(step());
	}
}
