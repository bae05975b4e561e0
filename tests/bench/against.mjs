// Two builds of one run: what each takes of a peer's time, and the one quotient over the other.

import { quantile, ratio, spread } from "./figures.mjs";

/** A quotient above this is worth a word. */
const WORSE = 1.05;

/**
 * Of { samples } of ours, of the build before and of a peer, all of the same rounds: ours / peer, before / peer, and
 * `quotient`, ours / before, which is the quotient of the two without the peer's noise; `off` is half its
 * interquartile range in percent; `fastest` is the quotient of both builds' fastest rounds, in which the machine did
 * least besides.
 */
export function held(ours, before, peer) {
	const quotients = ours.samples.map((sample, round) => sample / before.samples[round]);
	const [low, quotient, high] = [0.25, 0.5, 0.75].map((share) => quantile(quotients, share));
	return {
		ours: ratio(ours, peer),
		before: ratio(before, peer),
		quotient,
		fastest: Math.min(...ours.samples) / Math.min(...before.samples),
		off: spread({ median: quotient, low, high }),
	};
}

/** Ours against the build before, method by method, where both have figures. */
export function heldAgainst(results, peer = "jose") {
	const all = {};
	for (const method of ["verifySync", "verify"]) {
		const [ours, before] = [results[method], results[`${method}, before`]];
		if (ours && before && results[peer]) all[method] = held(ours, before, results[peer]);
	}
	return Object.keys(all).length > 0 ? all : undefined;
}

/** Rows for the terminal: a runtime's algorithms are columns. */
export function againstRows({ algorithms }, { times, off }) {
	const columns = Object.entries(algorithms).filter(([, { against }]) => against);
	if (columns.length === 0) return [];
	const rows = [["", ...columns.map(([algorithm]) => algorithm)]];
	for (const method of ["verifySync", "verify"]) {
		const row = (label, tell) => rows.push([label, ...columns.map(([, { against }]) => tell(against[method]))]);
		row(`${method} / jose`, ({ ours }) => times(ours));
		row(`${method}, before / jose`, ({ before }) => times(before));
		row("  the one over the other", ({ quotient, off: range }) => `${times(quotient)} ±${off(range)}`);
		row("  of their fastest rounds", ({ fastest }) => times(fastest));
	}
	return rows;
}

/** One line for all cells of verifySync: how many, from where to where, and which are worse. */
export function verdict(runtimes) {
	const cells = runtimes.flatMap(({ name, algorithms }) =>
		Object.entries(algorithms)
			.filter(([, { against }]) => against?.verifySync)
			.map(([algorithm, { against }]) => ({ name: `${name} ${algorithm}`, ...against.verifySync })),
	);
	if (cells.length === 0) return undefined;
	const quotients = cells.map(({ quotient }) => quotient);
	const worse = cells.filter(({ quotient }) => quotient > WORSE);
	const told = worse.map(({ name, quotient }) => `${name} ${quotient.toFixed(2)}`);
	const [least, most] = [Math.min(...quotients), Math.max(...quotients)].map((value) => value.toFixed(2));
	return `${cells.length} cells, ${least} to ${most}; above ${WORSE}: ${told.join(", ") || "none"}`;
}
