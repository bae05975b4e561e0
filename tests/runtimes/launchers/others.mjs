// Deno and Bun import the unpacked tarball as Node.js does. Both come from npm.

import { existsSync } from "node:fs";
import { cp } from "node:fs/promises";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ask } from "../helpers.mjs";

const exe = platform() === "win32" ? ".exe" : "";

/** A program inside the npm package that holds it for this machine. */
function inPackage(names, ...path) {
	const require = createRequire(import.meta.url);
	for (const name of names) {
		try {
			const found = join(dirname(require.resolve(`${name}/package.json`)), ...path);
			if (existsSync(found)) return found;
		} catch {
			// Not for this machine.
		}
	}
	return undefined;
}

const machine = `${platform()}-${arch()}`;
/** Not the ones of node_modules/.bin, which are there only where npm may run install scripts. */
export const findDeno = () => inPackage([`@deno/${machine}-glibc`, `@deno/${machine}`], `deno${exe}`);
export const findBun = () =>
	inPackage([`@oven/bun-${machine.replace("arm64", "aarch64")}`], "bin", `bun${exe}`) ??
	// Where its install script has run, it has moved the program there.
	inPackage(["bun"], "bin", "bun.exe");

const launcher = (name, find, args) => ({
	name,
	missing: () => (find() ? undefined : `npm has no ${name} for this machine`),
	async run(folder) {
		for (const file of ["suite.mjs", "kit.mjs", "process.mjs"]) {
			await cp(fileURLToPath(new URL(`../${file}`, import.meta.url)), join(folder, file));
		}
		return ask(find(), [...args, join(folder, "process.mjs"), join(folder, "corpus.json")], { cwd: folder });
	},
});

// Deno may read the corpus, and nothing else: the package needs no permission.
export const deno = launcher("Deno", findDeno, ["run", "--no-prompt", "--allow-read", "--node-modules-dir=manual"]);
export const bun = launcher("Bun", findBun, ["run"]);
