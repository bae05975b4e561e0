// What the figures depend on: the machine, the package, the versions of the contenders.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { arch, cpus, loadavg, platform, totalmem } from "node:os";
import { inRoot } from "../../pkg-template/scripts/paths.mjs";
import { tarball } from "./workplace.mjs";

const PEERS = ["jose", "fast-jwt", "jsonwebtoken", "aws-jwt-verify"];

export function machine() {
	const all = cpus();
	const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
	return { cpu: all[0]?.model.trim() ?? "?", cores: all.length, memory, system: `${platform()} ${arch()}` };
}

/** Programs that want a core, averaged over the last minute. */
export const load = () => loadavg()[0];

export async function versions(folder) {
	const versionOf = async (path) => JSON.parse(await readFile(path, "utf8")).version;
	const own = createHash("sha256")
		.update(await readFile(await tarball()))
		.digest("hex");
	const found = {
		countersign: `${await versionOf(`${folder}/node_modules/countersign/package.json`)} (${own.slice(0, 12)})`,
	};
	for (const name of PEERS) found[name] = await versionOf(inRoot("node_modules", name, "package.json"));
	return found;
}
