// Builds the storefront and the worker from the packed tarball, as any user of the package would.
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BuildError, isMain, run, step } from "../pkg-template/scripts/cli.mjs";
import { pkg } from "../pkg-template/scripts/paths.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Unpacks pkg/countersign-VERSION.tgz to www/node_modules/countersign, where www's imports find it. */
async function installPackage() {
	const tarballs = (await readdir(pkg).catch(() => [])).filter((name) => /^countersign-.*\.tgz$/.test(name));
	if (tarballs.length !== 1) throw new BuildError(`pkg/ holds ${tarballs.length} packed packages`, "run npm run build");
	const target = here("node_modules/countersign");
	await rm(target, { recursive: true, force: true });
	await mkdir(target, { recursive: true });
	await run("tar", ["-xzf", join(pkg, tarballs[0]), "-C", target, "--strip-components=1"]);
	return tarballs[0];
}

export async function buildWww() {
	await step("package unpacked for www", installPackage);
	await step("shop API", () => run(process.execPath, [here("shop-api/build.mjs")]).then(() => {}));
	await step("storefront", () => run(process.execPath, [here("storefront/build.mjs")]).then(() => {}));
}

if (isMain(import.meta)) await buildWww();
