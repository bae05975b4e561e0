// workerd under miniflare, the package by its `workerd` condition; timed from outside.

import { join } from "node:path";
import { modernNode } from "../../../pkg-template/scripts/setup.mjs";
import { ask, bundle } from "../../runtimes/helpers.mjs";
import { workerd as launcher } from "../../runtimes/launchers/workerd.mjs";
import { CONTENDERS } from "../contenders/names.mjs";
import { figures } from "../trial.mjs";
import { here, writeJob } from "../workplace.mjs";

const worker = join("workerd", "worker.mjs");

export const workerd = {
	id: "workerd",
	name: launcher.name,
	missing: launcher.missing,
	// Long enough for the request itself to be a trifle.
	settings: { turn: 4, rounds: 0.5 },
	prepare: (folder) =>
		bundle(folder, "../bench/inside/worker.mjs", {
			outfile: worker,
			conditions: ["workerd"],
			loader: { ".wasm": "copy" },
			assetNames: "[name]",
		}),
	async run(folder, job) {
		const { version, results, emptyRequest } = await ask(modernNode(), [
			here("inside", "miniflare.mjs"),
			join(folder, worker),
			await writeJob(folder, job),
		]);
		return { version, result: { ...figures(CONTENDERS, results), emptyRequest } };
	},
};
