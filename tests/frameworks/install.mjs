// Installs the frameworks by their lock, and the packed package beside them, where `import` finds both from this folder.

import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isMain, main } from "../../pkg-template/scripts/cli.mjs";
import { npm } from "../../pkg-template/scripts/setup.mjs";
import { unpack } from "../runtimes/helpers.mjs";

export const folder = fileURLToPath(new URL(".", import.meta.url));
const stamp = join(folder, "node_modules", ".installed");

/** What has not changed is left alone. */
export async function install() {
	const lock = createHash("sha256")
		.update(await readFile(join(folder, "package-lock.json")))
		.digest("hex");
	if ((await readFile(stamp, "utf8").catch(() => "")) !== lock) {
		// What their install scripts would compile, optional dependencies bring.
		await npm(["ci", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"], {
			cwd: folder,
			remedy: "check that the npm registry can be reached",
		});
		await writeFile(stamp, lock);
	}
	await rm(join(folder, "node_modules", "countersign"), { recursive: true, force: true });
	await unpack(folder);
}

if (isMain(import.meta)) await main("\nnode tests/frameworks/install.mjs\n", install);
