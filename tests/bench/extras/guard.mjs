// A guard in front of a handler, in workerd: the whole of `protect` beside jose by hand and Hono's middleware, the
// handler's own time taken off. Every request has a token of its own out of so many that none comes back soon.

import { note } from "../../../pkg-template/scripts/cli.mjs";
import { bundleWorker, inWorker, workerd } from "../runtimes/workerd.mjs";
import { rowsOf } from "./guard-figures.mjs";
import { guardSubjects, KINDS } from "./guard-subjects.mjs";

export { columns, row } from "./guard-figures.mjs";
export const title = "guard: Request in, Response out, less an empty handler, in workerd (µs per request)";
/** That it runs in. */
export const runtime = workerd.id;

/** Measured by the driver: miniflare is a process of its own. */
export async function drive(folder, { quick, algorithms, settings }) {
	note("bundling");
	await bundleWorker(folder, "guard-worker.mjs");
	const chosen = KINDS.filter((algorithm) => algorithms.includes(algorithm));
	const rows = [];
	let where;
	for (const algorithm of chosen.length > 0 ? chosen : KINDS) {
		note(`${algorithm}: minting tokens`);
		const { version, results } = await inWorker(folder, "guard-worker.mjs", {
			data: guardSubjects(algorithm, { quick }),
			settings: { ...settings, turn: settings.turn * workerd.settings.turn },
		});
		where = `workerd ${version}`;
		rows.push(...rowsOf(algorithm, results));
	}
	return { where, rows };
}
