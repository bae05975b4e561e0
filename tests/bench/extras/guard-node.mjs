// The guards of guard.mjs, in Node.js: Request and Response are the platform's there too.

import { interleave } from "../rounds.mjs";
import { rowsOf } from "./guard-figures.mjs";
import { guardSubjects, KINDS } from "./guard-subjects.mjs";

export { columns, row } from "./guard-figures.mjs";
export const title = "guard-node: Request in, Response out, less an empty handler, in Node.js (µs per request)";

/** A process for each algorithm. */
export function make({ quick, algorithms }) {
	const chosen = KINDS.filter((algorithm) => algorithms.includes(algorithm));
	return (chosen.length > 0 ? chosen : KINDS).map((algorithm) => ({
		algorithm,
		subjects: guardSubjects(algorithm, { quick }),
	}));
}

export async function measure({ algorithm, subjects }, settings, say) {
	// What the driver does not have: the builds.
	const { guardLanes } = await import("../inside/guard-lanes.mjs");
	say("proving all guards");
	return rowsOf(algorithm, await interleave(await guardLanes(subjects), settings, say));
}
