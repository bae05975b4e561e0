// Stages that only compute, while the browsers of another stage wait: in a process of their own, which gives way to them.

import { pathToFileURL } from "node:url";
import { inRoot } from "../../pkg-template/scripts/paths.mjs";
import { suite } from "./tally.mjs";

/** Runs these stages. Resolves when they have ended and are counted; what they said is told then. */
export function aside(names) {
	const gently = pathToFileURL(inRoot("tests", "run", "gently.mjs")).href;
	const args = ["--import", gently, inRoot("tests", "run.mjs"), "--only", names.join(",")];
	return suite(names.join(", "), process.execPath, args, (output) => {
		const [, passed, failed] = /^(\d+) passed, (\d+) failed$/m.exec(output) ?? [];
		if (failed === "0") console.log(output.trim().replace(/^/gm, "  "));
		return { passed: Number(passed ?? 0), failed: Number(failed ?? 0) };
	});
}
