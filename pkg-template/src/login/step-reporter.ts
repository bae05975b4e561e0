import type { LoginStep } from "./step-types.js";

/** Reports each step of a login to whoever listens. */
export class StepReporter {
	readonly #listener: ((step: LoginStep) => void) | undefined;

	constructor(listener: ((step: LoginStep) => void) | undefined) {
		this.#listener = listener;
	}

	/** Whether anybody listens. */
	get listens(): boolean {
		return this.#listener !== undefined;
	}

	/** Reports a step, which is made only for somebody who listens. */
	step(step: () => LoginStep): void {
		this.#listener?.(step());
	}
}
