// Counts what passed and what failed, and says so as it happens.

import { BuildError, run, step } from "../../pkg-template/scripts/cli.mjs";
import { root } from "../../pkg-template/scripts/paths.mjs";

export const totals = { passed: 0, failed: 0 };

/** Adds to the totals; returns the counts in words. */
export function count({ passed = 0, failed = 0, skipped = 0 }) {
	totals.passed += passed;
	totals.failed += failed;
	return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped (counted as neither)` : ""}`;
}

/** Prints an error: its message and what to do, or the stack of one that nobody expected. */
export function report(error) {
	console.log((error instanceof BuildError ? error.message : (error.stack ?? String(error))).replace(/^/gm, "    "));
}

/** One check: passes or fails as a whole. */
export async function check(name, work) {
	try {
		await step(name, async () => {
			await work();
			return count({ passed: 1 });
		});
	} catch (error) {
		count({ failed: 1 });
		report(error);
	}
}

/** A command that counts its own tests: `read` takes the counts from its output. */
export async function suite(name, command, args, read) {
	const errors = [];
	try {
		await step(name, async () => {
			let output;
			try {
				output = await run(command, args, { cwd: root, remedy: "fix what failed above" });
			} catch (error) {
				errors.push(error);
				output = error.message;
			}
			const counts = await read(output);
			// A suite that broke before it counted has failed all the same; one that ran nothing has not passed.
			if (errors.length > 0 && !counts.failed) counts.failed = 1;
			if (!counts.passed && !counts.failed) {
				errors.push(new BuildError(`${name} ran no test`, "see why in its output", output));
				counts.failed = 1;
			}
			const summary = count(counts);
			if (counts.failed > 0) throw errors[0] ?? new BuildError(summary, "fix what failed above", output);
			return summary;
		});
	} catch (error) {
		if (errors.length === 0) errors.push(error);
		for (const each of errors) report(each);
	}
}
