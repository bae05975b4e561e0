// What the figures depend on: the machine, the builds, the versions of the contenders.

import { readFile } from "node:fs/promises";
import { arch, cpus, loadavg, platform, totalmem } from "node:os";
import { inRoot } from "../../pkg-template/scripts/paths.mjs";
import { identity } from "./builds.mjs";
import { installed } from "./workplace.mjs";

const PEERS = ["jose", "fast-jwt", "jsonwebtoken", "aws-jwt-verify"];

export function machine() {
	const all = cpus();
	const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
	return { cpu: all[0]?.model.trim() ?? "?", cores: all.length, memory, system: `${platform()} ${arch()}` };
}

/** Programs that want a core, averaged over the last minute. */
export const load = () => loadavg()[0];

export async function versions(folder, { against }) {
	const found = { countersign: await identity(installed(folder, "countersign")) };
	if (against) found["countersign, before"] = await identity(installed(folder, "countersign-before"));
	for (const name of PEERS) {
		found[name] = JSON.parse(await readFile(inRoot("node_modules", name, "package.json"), "utf8")).version;
	}
	return found;
}
