#!/usr/bin/env node
// npm test: everything, in order, with counts at the end. Needs rustup and Node.js 20 or newer, and nothing else.

import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "../pkg-template/scripts/build.mjs";
import { inRoot, root } from "../pkg-template/scripts/places.mjs";
import { isMain, main, Problem, run, seconds, step } from "../pkg-template/scripts/progress.mjs";
import { modernNode, setup } from "../pkg-template/scripts/setup.mjs";

const HELP = `
npm test [-- --only STAGE[,STAGE]]

Runs all tests, or some of these stages; what a stage needs (setup, build) comes with it:
  setup        npm packages, Rust targets, a nightly Rust, browsers
  lint         biome, tsc, cargo fmt, clippy (native, wasm), the no_std build
  core         cargo test, documentation included
  vectors      the corpus against independent libraries
  fuzz         every fuzz target, shortly
  build        the npm package
  packaging    the packed tarball in real consumers
  runtimes     one suite in every JavaScript runtime, one digest
  e2e          the demo in a real browser

FUZZ_SECONDS sets for how long the fuzz targets run in total (default 20).
COUNTERSIGN_LONG=1 makes the memory test run a million verifies.

Ends with "N passed, N failed", and with a status other than 0 unless all passed.
`;

const totals = { passed: 0, failed: 0 };

function count({ passed = 0, failed = 0, skipped = 0 }) {
	totals.passed += passed;
	totals.failed += failed;
	return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped (counted as neither)` : ""}`;
}

/** One check: passes or fails as a whole. */
async function check(name, work) {
	try {
		await step(name, async () => {
			await work();
			return count({ passed: 1 });
		});
	} catch (error) {
		count({ failed: 1 });
		tell(error);
	}
}

/** A command that counts its own tests: `read` takes the counts from its output. */
async function suite(name, command, args, options, read) {
	const problems = [];
	try {
		await step(name, async () => {
			let output;
			try {
				output = await run(command, args, { cwd: root, remedy: "mend what failed above", ...options });
			} catch (error) {
				problems.push(error);
				output = error.message;
			}
			const counts = await read(output);
			// A suite that broke before it counted has failed all the same; one that ran nothing has not passed.
			if (problems.length > 0 && !counts.failed) counts.failed = 1;
			if (!counts.passed && !counts.failed) {
				problems.push(new Problem(`${name} ran no test`, "see why in its output", output));
				counts.failed = 1;
			}
			const told = count(counts);
			if (counts.failed > 0) throw problems[0] ?? new Problem(told, "mend what failed above", output);
			return told;
		});
	} catch (error) {
		if (problems.length === 0) problems.push(error);
		for (const problem of problems) tell(problem);
	}
}

function tell(error) {
	console.log((error instanceof Problem ? error.message : (error.stack ?? String(error))).replace(/^/gm, "    "));
}

async function lint() {
	const node = (...args) => run(process.execPath, args, { cwd: root, remedy: "npm run format mends the formatting" });
	const cargo = (...args) => run("cargo", args, { cwd: root, remedy: "mend what cargo names above" });
	const tsc = inRoot("node_modules", "typescript", "bin", "tsc");
	const clippy = ["--", "--deny", "warnings"];
	const wasm = ["--no-default-features", "--features", "wasm", "--target", "wasm32-unknown-unknown"];
	await check("biome", () =>
		node(inRoot("node_modules", "@biomejs", "biome", "bin", "biome"), "ci", "--colors=off", "."),
	);
	await check("tsc", () => node(tsc, "-p", "pkg-template", "--noEmit"));
	await check("tsc, command line", () => node(tsc, "-p", "pkg-template/tsconfig.cli.json", "--noEmit"));
	await check("cargo fmt", () => cargo("fmt", "--all", "--check"));
	await check("clippy", () =>
		cargo("clippy", "--workspace", "--all-targets", "--features", "countersign/ml-dsa", ...clippy),
	);
	await check("clippy, wasm", () => cargo("clippy", "--lib", ...wasm, ...clippy));
	await check("no_std build", () =>
		cargo("build", "--lib", "--no-default-features", "--target", "thumbv7em-none-eabi"),
	);
}

function core() {
	const packages = ["countersign", "wasm-text"].flatMap((name) => ["--package", name]);
	const args = ["test", ...packages, "--features", "countersign/ml-dsa", "--no-fail-fast"];
	return suite("cargo test", "cargo", args, {}, (output) => {
		const counts = { passed: 0, failed: 0, skipped: 0 };
		for (const [, passed, failed, ignored] of output.matchAll(
			/^test result: .*? (\d+) passed; (\d+) failed; (\d+) ignored/gm,
		)) {
			counts.passed += Number(passed);
			counts.failed += Number(failed);
			counts.skipped += Number(ignored);
		}
		return counts;
	});
}

/** The corpus itself: independent libraries agree with it, or an exception says why not. */
async function vectors() {
	const mint = join("tests", "vectors", "mint.mjs");
	await check("corpus, cross-checked", () =>
		run(modernNode(), [mint, "--check"], { cwd: root, remedy: `node ${mint} --check --verbose tells more` }),
	);
}

async function fuzzing() {
	const { fuzz } = await import("./fuzz/run.mjs");
	const { passed, failed } = await fuzz({ total: Number(process.env.FUZZ_SECONDS ?? 20), light: true });
	console.log(`  fuzz: ${count({ passed, failed })}`);
}

/** All `*.test.mjs` of a folder, by Node's own test runner. */
async function nodeTests(name, folder, { concurrency } = {}) {
	const found = existsSync(folder) ? await readdir(folder, { recursive: true }) : [];
	const files = found.filter((file) => /\.test\.mjs$/.test(file) && !file.includes("node_modules")).sort();
	const scratch = await mkdtemp(join(tmpdir(), "countersign-test-"));
	const tap = join(scratch, "tap");
	const reporters = [
		["spec", "stdout"],
		["tap", tap],
	].flatMap(([kind, to]) => [`--test-reporter=${kind}`, `--test-reporter-destination=${to}`]);
	const limits = concurrency ? [`--test-concurrency=${concurrency}`] : [];
	const args = ["--test", ...limits, ...reporters, ...files.map((file) => join(folder, file))];
	try {
		await suite(name, process.execPath, args, {}, async () => {
			const text = await readFile(tap, "utf8").catch(() => "");
			const number = (word) => Number(new RegExp(`^# ${word} (\\d+)`, "m").exec(text)?.[1] ?? 0);
			return {
				passed: number("pass"),
				failed: number("fail") + number("cancelled"),
				skipped: number("skipped") + number("todo"),
			};
		});
	} finally {
		await rm(scratch, { recursive: true, force: true });
	}
}

async function runtimes() {
	const { runtimes } = await import("./runtimes/run.mjs");
	const { passed, failed } = await runtimes();
	console.log(`  runtimes: ${count({ passed, failed })}`);
}

async function e2e() {
	const { buildWww } = await import("../www/build.mjs");
	await step("the demo", async () => {
		await buildWww();
	});
	const tsc = inRoot("node_modules", "typescript", "bin", "tsc");
	for (const part of ["storefront", "shop-api"].filter((name) => existsSync(inRoot("www", name, "tsconfig.json")))) {
		const args = [tsc, "-p", join("www", part), "--noEmit"];
		await check(`tsc www/${part}`, () =>
			run(process.execPath, args, { cwd: root, remedy: "mend what tsc names above" }),
		);
	}
	await nodeTests("browser tests", inRoot("tests", "browsers"), { concurrency: 1 });
}

const STAGES = {
	setup: { run: () => setup() },
	lint: { run: lint, needs: ["setup"] },
	core: { run: core, needs: ["setup"] },
	vectors: { run: vectors, needs: ["setup"] },
	fuzz: { run: fuzzing, needs: ["setup"] },
	build: { run: () => build(), needs: ["setup"] },
	packaging: { run: () => nodeTests("packaging", inRoot("tests", "packaging")), needs: ["build"] },
	runtimes: { run: runtimes, needs: ["build"] },
	e2e: { run: e2e, needs: ["build"] },
};

function chosen(args) {
	const at = args.indexOf("--only");
	if (at < 0) return Object.keys(STAGES);
	const wanted = (args[at + 1] ?? "").split(",");
	const unknown = wanted.find((name) => !(name in STAGES));
	if (unknown !== undefined) {
		throw new Problem(`No stage "${unknown}"`, `choose from ${Object.keys(STAGES).join(", ")}`);
	}
	const all = new Set();
	const add = (name) => {
		for (const needed of STAGES[name].needs ?? []) add(needed);
		all.add(name);
	};
	for (const name of wanted) add(name);
	return Object.keys(STAGES).filter((name) => all.has(name));
}

if (isMain(import.meta)) {
	await main(HELP, async (args) => {
		const began = performance.now();
		const broken = new Set();
		for (const name of chosen(args)) {
			const missing = (STAGES[name].needs ?? []).find((needed) => broken.has(needed));
			console.log(`\n${name}`);
			try {
				if (missing) throw new Problem(`${name} cannot run`, `mend ${missing} first`);
				await STAGES[name].run();
			} catch (error) {
				broken.add(name);
				count({ failed: 1 });
				tell(error);
			}
		}
		console.log(`\nin ${seconds(performance.now() - began)}`);
		console.log(`${totals.passed} passed, ${totals.failed} failed`);
		if (totals.failed > 0 || totals.passed === 0) process.exitCode = 1;
	});
}
