// The folder of one run: the builds as they would be installed, with a copy of this folder beside them that imports
// them. It lies inside the repository, so that the other contenders are found in the repository's node_modules.

import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inRoot } from "../../pkg-template/scripts/paths.mjs";
import { find, install, installNothing } from "./builds.mjs";

/** Where the results go; ignored by git. */
export const results = inRoot("target", "bench");

export const here = (...path) => join(fileURLToPath(new URL(".", import.meta.url)), ...path);
export const script = (folder, name) => join(folder, "bench", "inside", name);
/** An installed build: "countersign", or "countersign-before". */
export const installed = (folder, name) => join(folder, "node_modules", name);

/** Calls `work` with the folder, which is removed afterwards. `ours` and `against`: where the builds are. */
export async function inWorkplace({ ours, against }, work) {
	const found = { ours: await find(ours), against: against && (await find(against)) };
	await mkdir(results, { recursive: true });
	const folder = await mkdtemp(join(results, "run-"));
	const before = installed(folder, "countersign-before");
	try {
		await install(found.ours, installed(folder, "countersign"));
		await (found.against ? install(found.against, before) : installNothing(before));
		await cp(here(), join(folder, "bench"), { recursive: true });
		return await work(folder);
	} finally {
		await rm(folder, { recursive: true, force: true, maxRetries: 5 });
	}
}

/** Writes what a process shall do; resolves to the file. */
export async function writeJob(folder, job) {
	const file = join(folder, "job.json");
	await writeFile(file, JSON.stringify(job));
	return file;
}
