// workerd under miniflare, the package by its `workerd` condition; timed from outside.

import { join } from "node:path";
import { modernNode } from "../../../pkg-template/scripts/setup.mjs";
import { ask, bundle } from "../../runtimes/helpers.mjs";
import { workerd as launcher } from "../../runtimes/launchers/workerd.mjs";
import { CONTENDERS } from "../contenders/names.mjs";
import { figures } from "../trial.mjs";
import { here, script, writeJob } from "../workplace.mjs";

/** Bundles a worker of inside/, the package by its `workerd` condition. */
export const bundleWorker = (folder, name) =>
	bundle(folder, script(folder, name), {
		outfile: join("workerd", name),
		conditions: ["workerd"],
		loader: { ".wasm": "copy" },
		// Two builds have files of the same name.
		assetNames: "[name]-[hash]",
	});

/** Has a bundled worker do a job. Resolves to { version, results, emptyRequest }. */
export const inWorker = async (folder, name, job) =>
	ask(modernNode(), [here("inside", "miniflare.mjs"), join(folder, "workerd", name), await writeJob(folder, job)]);

export const workerd = {
	id: "workerd",
	name: launcher.name,
	missing: launcher.missing,
	// Long enough for the request itself to be a trifle.
	settings: { turn: 4, rounds: 0.5 },
	prepare: (folder) => bundleWorker(folder, "worker.mjs"),
	async run(folder, job) {
		const { version, results, emptyRequest } = await inWorker(folder, "worker.mjs", job);
		return { version, result: { ...figures(CONTENDERS, results), emptyRequest } };
	},
};
