// How a process that tries mutants finds modules: the runner of tests, the package with the mutants, and its peers.

import { pathToFileURL } from "node:url";

const shim = new URL("./node-test.mjs", import.meta.url).href;
/** The package with the mutants: what imports it by its name gets this one, wherever it stands. */
const home = pathToFileURL(`${process.env.COUNTERSIGN_PACKAGE}/`).href;
/** Where the frameworks that it is for are installed. */
const frameworks = new URL("../../frameworks/", import.meta.url).href;

const from = (context, folder) => ({ ...context, parentURL: `${folder}package.json` });

export function resolve(name, context, next) {
	if (name === "node:test") return { url: shim, shortCircuit: true };
	if (name === "countersign" || name.startsWith("countersign/")) return next(name, from(context, home));
	const isPeer = context.parentURL?.startsWith(home) && /^[@a-z]/.test(name) && !name.startsWith("node:");
	return next(name, isPeer ? from(context, frameworks) : context);
}
