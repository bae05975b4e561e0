// Node.js, this one and the newest: a fresh process for each job, on the unpacked package, with no bundler between.

import { newestNode } from "../../../pkg-template/scripts/setup.mjs";
import { ask } from "../../runtimes/helpers.mjs";
import { newest as newestLauncher, node as nodeLauncher } from "../../runtimes/launchers/node.mjs";
import { script, writeJob } from "../workplace.mjs";

const runtime = (id, { name, missing }, find) => ({
	id,
	name,
	missing,
	settings: {},
	/** Does a job: { kind, data, settings }. Resolves to { version, result }. */
	async run(folder, job) {
		return ask(find(), [script(folder, "process.mjs"), await writeJob(folder, job)]);
	},
});

export const node = runtime("node", nodeLauncher, () => process.execPath);
export const newest = runtime("newest", newestLauncher, newestNode);
