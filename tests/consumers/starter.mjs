// A consumer that begins as a tool's own command begins one: the files in its folder starter/, installed by their lock,
// and the packed tarball on top.

import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { npm } from "../../pkg-template/scripts/setup.mjs";
import { inRoot, tarball } from "./helpers.mjs";

/** Installs the starter of `tool`, and writes `files` over it; it is removed when the test `t` ends. */
export async function starter(t, tool, files = {}) {
	const folder = await mkdtemp(join(tmpdir(), `countersign-${tool}-`));
	t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
	await cp(inRoot("tests", "consumers", tool, "starter"), folder, { recursive: true });
	// What their install scripts would compile, optional dependencies bring.
	const quiet = ["--ignore-scripts", "--no-audit", "--no-fund"];
	await npm(["ci", "--prefer-offline", ...quiet], {
		cwd: folder,
		remedy: "check that the npm registry can be reached",
	});
	await npm(["install", "--offline", ...quiet, await tarball()], { cwd: folder });
	for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
	return folder;
}

/** The command of an installed package. */
export const bin = (folder, ...path) => join(folder, "node_modules", ...path);
