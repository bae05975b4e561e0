// All `*.test.mjs` of a folder, by Node's own test runner.

import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "./tally.mjs";

const MINUTE = 60_000;
/** Test files at a time. Most wait as much as they compute. */
const AT_ONCE = availableParallelism() + 1;

/**
 * Runs the test files of `folder`, `concurrency` at a time. A test, and a file as a whole, that takes longer than
 * `minutes` is ended and reported by its name: it neither passes nor holds up the rest.
 */
export async function nodeTests(name, folder, { concurrency = AT_ONCE, minutes = 10 } = {}) {
	const found = await readdir(folder, { recursive: true });
	const files = found.filter((file) => /\.test\.mjs$/.test(file) && !file.includes("node_modules")).sort();
	const scratch = await mkdtemp(join(tmpdir(), "countersign-test-"));
	const tap = join(scratch, "tap");
	const reporters = [
		["spec", "stdout"],
		["tap", tap],
	].flatMap(([kind, to]) => [`--test-reporter=${kind}`, `--test-reporter-destination=${to}`]);
	const limits = [`--test-timeout=${minutes * MINUTE}`, `--test-concurrency=${concurrency}`];
	const args = ["--test", ...limits, ...reporters, ...files.map((file) => join(folder, file))];
	try {
		await suite(name, process.execPath, args, async () => counts(await readFile(tap, "utf8").catch(() => "")));
	} finally {
		await rm(scratch, { recursive: true, force: true });
	}
}

/** The counts at the end of the runner's TAP. */
function counts(text) {
	const number = (word) => Number(new RegExp(`^# ${word} (\\d+)`, "m").exec(text)?.[1] ?? 0);
	return {
		passed: number("pass"),
		failed: number("fail") + number("cancelled"),
		skipped: number("skipped") + number("todo"),
	};
}
