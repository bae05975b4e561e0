/** Milliseconds between two signs of life. */
const BEAT = 100;

/** Gives signs of life: a request that ends takes its work along without a word, and they say that it has not. */
export function beating(beat: () => void): ReturnType<typeof setInterval> {
	const quietly = () => {
		try {
			beat();
		} catch {
			// A clock of the caller's that throws: whoever asks hears of it, and nobody would here.
		}
	};
	quietly();
	return setInterval(quietly, BEAT);
}
