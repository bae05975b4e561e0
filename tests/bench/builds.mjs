// The builds that are measured: found where the command line says, installed as npm would install them.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { BuildError, run } from "../../pkg-template/scripts/cli.mjs";
import { pkg } from "../../pkg-template/scripts/paths.mjs";

const NAME = "countersign";

/** The package's path: a packed tarball, or a folder with the package's files. */
export async function find(place = pkg) {
	const found = (await exists(place)) ? await within(place) : undefined;
	if (found) return found;
	if (place === pkg) throw new BuildError("There is no packed package in pkg/", "npm run build");
	throw new BuildError(
		`No build of ${NAME} in ${place}`,
		"name a tarball, a folder that has one, an unpacked package, or a project in which it is installed or built",
	);
}

async function within(place) {
	if (place.endsWith(".tgz")) return place;
	const names = await readdir(place);
	// What is published goes before what it was packed from.
	const tarball = names.find((name) => name.startsWith(NAME) && name.endsWith(".tgz"));
	if (tarball) return join(place, tarball);
	if ((await nameOf(place)) === NAME) return place;
	for (const inner of [join(place, "node_modules", NAME), join(place, "pkg")]) {
		if (await exists(inner)) return within(inner);
	}
	return undefined;
}

const exists = (place) => stat(place).then(Boolean, () => false);
const nameOf = (folder) =>
	readFile(join(folder, "package.json"), "utf8").then(
		(text) => JSON.parse(text).name,
		() => undefined,
	);

/** Puts the build of this path into `target`. */
export async function install(found, target) {
	await mkdir(target, { recursive: true });
	if (found.endsWith(".tgz")) await run("tar", ["-xzf", found, "-C", target, "--strip-components=1"]);
	else await cp(found, target, { recursive: true, filter: (path) => basename(path) !== "node_modules" });
	if (!existsSync(join(target, "package.json"))) {
		throw new BuildError(`${found} has no package.json`, "npm run build packs a tarball that has one");
	}
}

/** In place of a build that was not given: it has the entries that are asked for, and nothing in them. */
export async function installNothing(target) {
	await mkdir(target, { recursive: true });
	const exports = { ".": "./index.js", "./edge": "./index.js" };
	const manifest = { name: basename(target), type: "module", exports };
	await writeFile(join(target, "package.json"), JSON.stringify(manifest));
	await writeFile(join(target, "index.js"), "export const createVerifier = undefined, protect = undefined;\n");
}

/** The version of an installed build and the beginning of a digest over its files: which one it was. */
export async function identity(target) {
	const { version } = JSON.parse(await readFile(join(target, "package.json"), "utf8"));
	const digest = createHash("sha256");
	const entries = await readdir(target, { recursive: true, withFileTypes: true });
	const files = entries
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath ?? entry.path, entry.name));
	for (const file of files.sort()) digest.update(file.slice(target.length)).update(await readFile(file));
	return `${version} (${digest.digest("hex").slice(0, 12)})`;
}
