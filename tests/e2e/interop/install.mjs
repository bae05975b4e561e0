// Installs the servers from their registries, each language by a lock of its own.

import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { platform } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isMain, main, run } from "../../../pkg-template/scripts/cli.mjs";
import { npm, requirePython } from "../../../pkg-template/scripts/setup.mjs";

const folder = fileURLToPath(new URL(".", import.meta.url));
const venv = join(folder, "python", ".venv");

/** The Python that has the servers. */
export const venvPython = join(venv, ...(platform() === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"]));

/** The servers of npm. */
export const installPackages = once(async () => {
	const lock = join(folder, "package-lock.json");
	await unlessInstalled(join(folder, "node_modules"), [lock], () =>
		npm(["ci", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"], {
			cwd: folder,
			remedy: "check that the npm registry can be reached",
		}),
	);
});

/** The servers of PyPI. */
export const installPython = once(async () => {
	const python = requirePython();
	const list = join(folder, "python", "requirements.txt");
	await unlessInstalled(venv, [list, python], async () => {
		await rm(venv, { recursive: true, force: true });
		await run(python, ["-m", "venv", venv]);
		await run(venvPython, ["-m", "pip", "install", "--require-hashes", "--disable-pip-version-check", "-r", list], {
			remedy: "check that PyPI, or the index that pip is configured for, can be reached",
		});
	});
});

/** What has not changed is left alone. */
async function unlessInstalled(place, files, install) {
	const hash = createHash("sha256");
	for (const file of files) hash.update(await readFile(file));
	const digest = hash.digest("hex");
	const stamp = join(place, ".installed");
	if ((await readFile(stamp, "utf8").catch(() => "")) === digest) return;
	await install();
	await writeFile(stamp, digest);
}

function once(work) {
	let done;
	return () => {
		done ??= work();
		return done;
	};
}

if (isMain(import.meta))
	await main("\nnode tests/e2e/interop/install.mjs\n", () => installPackages().then(installPython));
