// Waiting in tests: for what has to come soon, and for what must not come yet.

/** What comes first: the work's outcome, or `late` after so many milliseconds. Leaves no timer behind. */
async function within(work, milliseconds, late) {
	let timer;
	const over = new Promise((resolve) => {
		timer = setTimeout(resolve, milliseconds, late);
	});
	return Promise.race([work, over]).finally(() => clearTimeout(timer));
}

const LATE = Symbol("late");

/** An outcome, or a failure where it does not come in time. */
export async function soon(work, milliseconds = 2_000) {
	const outcome = await within(work, milliseconds, LATE);
	if (outcome === LATE) throw new Error(`not within ${milliseconds} ms`);
	return outcome;
}

/** Whether something is still to come after a moment. */
export const isPending = async (work) => (await within(work, 100, LATE)) === LATE;

/** Something to wait for, and what ends it. */
export function gate() {
	let open;
	const opened = new Promise((resolve) => {
		open = resolve;
	});
	return { opened, open };
}
