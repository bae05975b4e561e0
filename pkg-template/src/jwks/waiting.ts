// Waiting for what never rejects.

export const pause = (milliseconds: number): Promise<void> =>
	new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Whether something ends within so many seconds; `null`: however long it takes. */
export async function inTime(end: Promise<void>, seconds: number | null): Promise<boolean> {
	if (seconds === null) return end.then(() => true);
	let timer: ReturnType<typeof setTimeout> | undefined;
	const late = new Promise<boolean>((resolve) => {
		timer = setTimeout(resolve, seconds * 1000, false);
	});
	try {
		return await Promise.race([end.then(() => true), late]);
	} finally {
		clearTimeout(timer);
	}
}
