// From samples to figures.

/** The value below which this share of the samples lies, between neighbours in proportion. */
export function quantile(samples, share) {
	const sorted = [...samples].sort((a, b) => a - b);
	const at = (sorted.length - 1) * share;
	const low = sorted[Math.floor(at)];
	return low + (sorted[Math.ceil(at)] - low) * (at - Math.floor(at));
}

export const median = (samples) => quantile(samples, 0.5);

/** Median, quartiles and extremes of the rounds. */
export function summary({ samples, ...rest }) {
	const at = (share) => quantile(samples, share);
	return { median: at(0.5), low: at(0.25), high: at(0.75), min: at(0), max: at(1), rounds: samples.length, ...rest };
}

/** How many times as long `a` took as `b`: the median of the quotients, round by round. */
export const ratio = (a, b) => median(a.samples.map((sample, round) => sample / b.samples[round]));

/** Half of the interquartile range in percent of the median. */
export const spread = ({ median, low, high }) => ((high - low) / 2 / median) * 100;
