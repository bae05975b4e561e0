// The folder of one run: the package as it would be installed, with a copy of this folder beside it that imports it.
// It lies inside the repository, so that the other contenders are found in the repository's node_modules.

import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BuildError } from "../../pkg-template/scripts/cli.mjs";
import { inRoot, pkg } from "../../pkg-template/scripts/paths.mjs";
import { unpack } from "../runtimes/helpers.mjs";

/** Where the results go; ignored by git. */
export const results = inRoot("target", "bench");

export const here = (...path) => join(fileURLToPath(new URL(".", import.meta.url)), ...path);
export const script = (folder, name) => join(folder, "bench", "inside", name);

/** The packed tarball's path. */
export async function tarball() {
	const names = existsSync(pkg) ? await readdir(pkg) : [];
	const found = names.find((name) => name.endsWith(".tgz"));
	if (!found) throw new BuildError("There is no packed package in pkg/", "npm run build");
	return join(pkg, found);
}

/** Calls `work` with the folder, which is removed afterwards. */
export async function inWorkplace(work) {
	await tarball();
	await mkdir(results, { recursive: true });
	const folder = await mkdtemp(join(results, "run-"));
	try {
		await unpack(folder);
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
