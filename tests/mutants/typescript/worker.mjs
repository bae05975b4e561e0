// One test file in a process that stays: it runs the tests that its parent names, with the mutant that its parent names.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { register } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const shim = new URL("./node-test.mjs", import.meta.url).href;
register("./resolve.mjs", import.meta.url);

const [file, active = ""] = process.argv.slice(2);
/** What the instrumenter's switches and counters read and write (its INSTRUMENTER_CONSTANTS). */
const coverage = { static: {}, perTest: {} };
const stryker = { activeMutant: active, mutantCoverage: coverage };
globalThis.__stryker__ = stryker;
/** How often the code of a mutant runs with it before that counts as a loop without an end. */
const MOST_HITS = 100_000;

// Processes that a test starts inherit what they have to know. What the next run removes is where they leave their part.
const reached = mkdtempSync(join(dirname(process.env.COUNTERSIGN_PACKAGE), "reached-"));
process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ""} --import=${new URL("./child.mjs", import.meta.url)}`;
process.env.MUTANTS_HITS = `${MOST_HITS}`;

let fail = () => {};
process.on("uncaughtException", (error) => fail(error));
process.on("unhandledRejection", (error) => fail(error));
// Nothing is left that could settle the test: nobody has to wait for that.
process.on("beforeExit", () => {
	process.channel.ref();
	fail(new Error("the test never ends"));
});
for (const stream of [process.stdout, process.stderr]) stream.write = () => true;

const { tests, perform, finish } = await import(shim);
try {
	await import(pathToFileURL(file).href);
} catch (error) {
	process.send({ broken: String(error) });
}

const commands = {
	/**
	 * Every test twice, the second time in reverse order: which code it runs, and how long it takes. One that waits for
	 * long runs once, and is taken to run the same code again.
	 */
	async baseline() {
		const order = tests.map((_, at) => at);
		const first = await observed(order);
		const quick = order.filter((at) => first[at].milliseconds < 1_000);
		const again = Object.assign([...first], await observed(quick.reverse()));
		return { names: tests.map(({ name }) => name), loaded: Object.keys(coverage.static), first, again, quick };
	},
	/** Tests with a mutant, until one fails; then that one without it, which tells whether this process is still sound. */
	async trial({ mutant, chosen, limits }) {
		for (const at of chosen) {
			process.send({ running: limits[at] });
			const error = await attempt(at, mutant, limits[at]);
			if (!error) continue;
			const late = error instanceof Late;
			const sound = !late && !active && !(await attempt(at, "", limits[at]));
			return { failed: at, late, sound };
		}
		return { sound: true };
	},
	async end() {
		await finish().catch(() => {});
		process.exit();
	},
};

async function observed(order) {
	const found = [];
	coverage.perTest = {};
	for (const at of order) {
		stryker.currentTestId = `test ${at}`;
		const began = performance.now();
		process.env.MUTANTS_REACHED = reached;
		const error = await attempt(at, "", 120_000);
		const milliseconds = performance.now() - began;
		delete process.env.MUTANTS_REACHED;
		const covered = new Set([...Object.keys(coverage.perTest[stryker.currentTestId] ?? {}), ...inChildren()]);
		found[at] = { error: error?.message, covered: [...covered], milliseconds };
	}
	stryker.currentTestId = undefined;
	return found;
}

/** What the processes ran that a test has started. Each began anew, so what is loaded once counts as well. */
function inChildren() {
	const files = readdirSync(reached).map((name) => join(reached, name));
	const ids = files.flatMap((file) => JSON.parse(readFileSync(file, "utf8")));
	for (const file of files) rmSync(file);
	return ids;
}

class Late extends Error {}

async function attempt(at, mutant, limit) {
	stryker.activeMutant = active || mutant;
	process.env.__STRYKER_ACTIVE_MUTANT__ = stryker.activeMutant;
	stryker.hitCount = 0;
	stryker.hitLimit = mutant || active ? MOST_HITS : Number.POSITIVE_INFINITY;
	let timer;
	const failure = new Promise((_, reject) => {
		fail = reject;
		timer = setTimeout(() => reject(new Late(`not done after ${limit} ms`)), limit).unref();
	});
	failure.catch(() => {});
	process.channel.unref();
	try {
		await Promise.race([perform(tests[at]), failure]);
		// What it left running may still fail.
		await new Promise((resolve) => setImmediate(resolve));
		await Promise.race([failure, undefined]);
		return undefined;
	} catch (error) {
		return error instanceof Error ? error : new Error(String(error));
	} finally {
		process.channel.ref();
		clearTimeout(timer);
		stryker.activeMutant = active;
		process.env.__STRYKER_ACTIVE_MUTANT__ = active;
		fail = () => {};
	}
}

process.on("message", async ({ command, ...rest }) => {
	process.send({ answer: await commands[command](rest) });
});
process.send({ ready: true });
