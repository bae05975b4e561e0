// Waiting in tests: for what has to come soon, and for what must not come yet.

import { setTimeout as pause } from "node:timers/promises";

/** An outcome, or a failure where it does not come in time. */
export async function soon(work, milliseconds = 2_000) {
	let timer;
	const late = new Promise((_, reject) => {
		timer = setTimeout(() => reject(new Error(`not within ${milliseconds} ms`)), milliseconds);
	});
	return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Whether something is still to come after a moment. */
export const isPending = async (work) => (await Promise.race([work, pause(100, isPending)])) === isPending;

/** Something to wait for, and what ends it. */
export function gate() {
	let open;
	const opened = new Promise((resolve) => {
		open = resolve;
	});
	return { opened, open };
}
