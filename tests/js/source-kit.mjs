// One file of the sources, bundled by itself: for what the package has inside, and gives nobody to call.

import { join } from "node:path";
import * as esbuild from "esbuild";
import { template } from "../../pkg-template/scripts/paths.mjs";

/** A run of mutants has sources of its own, beside its package. */
const sources = process.env.COUNTERSIGN_SOURCES ?? join(template, "src");

/** The text of a module from the file of this name below pkg-template/src. */
export async function bundled(name) {
	const entryPoints = [join(sources, name)];
	const { outputFiles } = await esbuild.build({ entryPoints, bundle: true, write: false, format: "esm" });
	return outputFiles[0].text;
}

/** What a module of this text exports. */
export const exportsOf = (text) => import(`data:text/javascript,${encodeURIComponent(text)}`);
