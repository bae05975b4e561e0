/**
 * The outcome of `work`, or a rejection with what `late` gives after so many seconds. Work that ignores that it is given
 * up does not hold the caller.
 */
export async function within<T>(seconds: number, late: () => Error, work: () => Promise<T> | T): Promise<T> {
	let timer: ReturnType<typeof setTimeout> | undefined;
	const tooLate = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(late()), seconds * 1000);
	});
	try {
		return await Promise.race([work(), tooLate]);
	} finally {
		clearTimeout(timer);
	}
}
