// Node.js imports the unpacked tarball as it is: no bundler between.

import { cp } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { newestNode } from "../../../pkg-template/scripts/setup.mjs";
import { ask } from "../helpers.mjs";

const launcher = (name, find) => ({
	name,
	missing: () => (find() ? undefined : "npm has no Node.js 26 for this machine"),
	async run(folder) {
		for (const file of ["suite.mjs", "kit.mjs", "process.mjs"]) {
			await cp(fileURLToPath(new URL(`../${file}`, import.meta.url)), join(folder, file));
		}
		return ask(find(), [join(folder, "process.mjs"), join(folder, "corpus.json")]);
	},
});

export const node = launcher("Node.js", () => process.execPath);
export const newest = launcher("Node.js, newest", newestNode);
