#!/usr/bin/env node
// npm test: everything, in order, with counts at the end. Needs rustup and Node.js 20 or newer, and nothing else.

import { BuildError, isMain, main, seconds } from "../pkg-template/scripts/cli.mjs";
import { STAGES } from "./run/stages.mjs";
import { count, report, totals } from "./run/tally.mjs";

const HELP = `
npm test [-- --only STAGE[,STAGE]]

Runs all tests, or some of these stages; what a stage needs (setup, build) comes with it:
  setup        npm packages, Rust targets, a nightly Rust, browsers
  lint         biome, the house (arrows, rules, crates, sizes), cargo fmt, clippy (native, wasm), the no_std build
  core         cargo test: src, tests/rfc, tests/core, the corpus natively, documentation
  corpus       the corpus against independent libraries
  fuzz         every fuzz target, shortly
  build        the npm package
  types        tsc over the package and its command line
  js           how the packed package behaves, its command line and its types
  providers    the recipes of docs/providers against each provider's tokens, over HTTP
  key-sets     a hostile issuer on real HTTP, crowds and an outage, in Node.js and workerd
  frameworks   each adapter in its framework over HTTP, the recipes of docs/frameworks, an MCP client and its servers
  consumers    the packed tarball in bundlers, Node.js versions and workerd
  mutants      small faults in the TypeScript that a test must notice: as many as the time allows
  runtimes     the corpus in every JavaScript runtime, one digest
  e2e          the demo in a real browser

FUZZ_SECONDS sets for how long the fuzz targets run in total (default 20).
MUTANT_SECONDS sets for how long mutants are tried (default 45).
COUNTERSIGN_LONG=1 makes the memory test run a million verifies.

Ends with "N passed, N failed", and with a status other than 0 unless all passed.
`;

/** The names of the stages asked for, with those that they need, in order. */
function chosen(args) {
	if (args.length === 0) return Object.keys(STAGES);
	const [option, names, ...more] = args;
	if (option !== "--only" || names === undefined || more.length > 0) {
		throw new BuildError(`npm test does not understand "${args.join(" ")}"`, "write npm test -- --only STAGE[,STAGE]");
	}
	const wanted = names.split(",");
	const unknown = wanted.find((name) => !Object.hasOwn(STAGES, name));
	if (unknown !== undefined) {
		throw new BuildError(`No stage "${unknown}"`, `choose from ${Object.keys(STAGES).join(", ")}`);
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
				if (missing) throw new BuildError(`${name} cannot run`, `fix ${missing} first`);
				await STAGES[name].run();
			} catch (error) {
				broken.add(name);
				count({ failed: 1 });
				report(error);
			}
		}
		console.log(`\nin ${seconds(performance.now() - began)}`);
		console.log(`${totals.passed} passed, ${totals.failed} failed`);
		if (totals.failed > 0 || totals.passed === 0) process.exitCode = 1;
	});
}
