#!/usr/bin/env node
// npm run bench: Countersign and others, side by side, in several runtimes.

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { BuildError, isMain, main, seconds, step } from "../../pkg-template/scripts/cli.mjs";
import { chart } from "./chart.mjs";
import { EXTRAS } from "./extras/index.mjs";
import { load, machine, versions } from "./machine.mjs";
import { readOptions } from "./options.mjs";
import { format, printExtra, printMachine, printRuntime, printVerdict } from "./report.mjs";
import { chromium } from "./runtimes/chromium.mjs";
import { newest, node } from "./runtimes/node.mjs";
import { workerd } from "./runtimes/workerd.mjs";
import { ALGORITHMS, mintKey, mintTokens, subjectOf } from "./tokens.mjs";
import { inWorkplace, results } from "./workplace.mjs";

const RUNTIMES = [node, newest, workerd, chromium];
const KNOWN = {
	runtimes: RUNTIMES.map(({ id }) => id),
	algorithms: Object.keys(ALGORITHMS),
	extras: Object.keys(EXTRAS),
};

const HELP = `
npm run bench [-- --quick] [--against BUILD] [--package BUILD] [--only NAME[,NAME]]
                 [--rounds N] [--json FILE]

Times Countersign (pkg/countersign-VERSION.tgz; needs npm run build), jose, fast-jwt, jsonwebtoken, aws-jwt-verify and
the platform's own signature check, taking turns on the same tokens. Prints tables; writes target/bench/bench.json and
bench.svg. Takes about twenty minutes. Nothing else should run on the machine meanwhile.

  --against BUILD  measures another build of Countersign in the same rounds, and tells ours / jose, before / jose and
                   the one over the other. BUILD is a tarball, a folder that has one, an unpacked package, or a project
                   where countersign is built or installed
  --package BUILD  measures that build instead of pkg/
  --quick          about two minutes: shows that all works; rough figures, extras in one Node.js only
  --only NAMES     runtimes:    ${KNOWN.runtimes.join(", ")} (node: the one that runs this; newest: from npm)
                   algorithms:  ${KNOWN.algorithms.join(", ")}
                   extras:      see below
                   an algorithm or an extra leaves only what is named; a runtime alone leaves all that runs in it
  --rounds N       so many rounds in place of 41 (with --quick, 7); in workerd half of it;
                   first-verdict: so many processes of each kind in place of 15 (3)
  --json FILE      writes the figures there instead, and the chart beside them

Extras:
${Object.entries(EXTRAS)
	.map(([name, { title }]) => `  ${name.padEnd(15)}${title.replace(`${name}: `, "")}`)
	.join("\n")}

Fails if a contender refuses a good token or accepts a bad one; never because of a figure.
`;

/** Share of the cores that may be busy before the figures are worth a warning. */
const QUIET = 0.25;

/** Runs what `options` chose; resolves to everything that was measured. */
export async function bench(options) {
	const report = { format: 1, quick: options.quick, machine: machine(), loadBefore: load(), runtimes: [], extras: {} };
	report.failures = [];
	if (report.loadBefore > report.machine.cores * QUIET) {
		console.log(`! the machine is busy (load ${report.loadBefore.toFixed(1)}): expect wide spreads`);
	}
	const present = RUNTIMES.filter((runtime) => options.runtimes.includes(runtime.id) && isThere(runtime, options));
	await inWorkplace(options, async (folder) => {
		report.versions = await versions(folder, options);
		const attempt = attempts(report);
		if (options.algorithms.length > 0) await runtimes(present, folder, options, report, attempt);
		await extras(present, folder, options, report, attempt);
	});
	report.loadAfter = load();
	return report;
}

/** A runtime that was asked for by name has to be there; any other is left out, and the reason told. */
function isThere({ id, name, missing }, { named }) {
	const why = missing();
	if (!why) return true;
	const remedy = why.includes("npm run setup") ? `--only without ${id} leaves it out` : "npm run setup installs it";
	if (named.includes(id)) throw new BuildError(`${name} is missing: ${why}`, remedy);
	console.log(`! ${name} is left out: ${why}; ${remedy}`);
	return false;
}

/** A failure is told and remembered; the rest goes on. */
const attempts = (report) => async (name, work) => {
	try {
		await step(name, work);
	} catch (error) {
		report.failures.push(name);
		console.log(`    ${error.message.replaceAll("\n", "\n    ")}`);
	}
};

async function runtimes(present, folder, { algorithms, settings }, report, attempt) {
	const subjects = {};
	await step("keys and tokens", async () => {
		for (const algorithm of algorithms) {
			const key = mintKey(algorithm);
			subjects[algorithm] = subjectOf(key, mintTokens(key));
		}
	});
	for (const runtime of present) {
		const told = { id: runtime.id, name: runtime.name, version: "", algorithms: {} };
		report.runtimes.push(told);
		if (runtime.prepare) await attempt(`${runtime.name}, bundle`, () => runtime.prepare(folder).then(() => {}));
		for (const algorithm of algorithms) {
			await attempt(`${runtime.name}, ${algorithm}`, async () => {
				const data = subjects[algorithm];
				const { version, result } = await runtime.run(folder, {
					kind: "algorithm",
					data,
					settings: scaled(settings, runtime.settings),
				});
				told.version = version;
				told.algorithms[algorithm] = { bytes: data.bytes, ...result };
				const { verifySync, jose } = result.contenders;
				return `ours ${format.us(verifySync)}, jose ${format.us(jose)} µs`;
			});
		}
	}
}

const scaled = ({ rounds, turn, warm }, { rounds: fewer = 1, turn: longer = 1 }) => ({
	rounds: Math.max(5, Math.round(rounds * fewer)),
	turn: turn * longer,
	warm,
});

/** In each Node.js that was chosen, unless an extra says otherwise: the other runtimes would add little but time. */
async function extras(present, folder, options, report, attempt) {
	const nodes = present.filter((runtime) => runtime === node || runtime === newest).slice(0, options.quick ? 1 : 2);
	const chosen = options.algorithms.length > 0 ? options.algorithms : KNOWN.algorithms;
	for (const name of options.extras) {
		const extra = EXTRAS[name];
		report.extras[name] = {};
		if (extra.runtime && !present.some(({ id }) => id === extra.runtime)) {
			console.log(`! ${name} is left out: it runs in ${extra.runtime}`);
			continue;
		}
		if (extra.drive) {
			await attempt(name, async () => {
				report.extras[name].driver = await extra.drive(folder, options);
			});
			continue;
		}
		if (nodes.length === 0) console.log(`! ${name} is left out: it runs in Node.js; name node or newest as well`);
		let jobs;
		for (const runtime of nodes) {
			await attempt(`${name}, ${runtime.name}`, async () => {
				jobs ??= extra.make({ ...options, algorithms: chosen });
				report.extras[name][runtime.id] = await inProcesses(runtime, folder, name, extra, jobs, options.settings);
			});
		}
	}
}

async function inProcesses(runtime, folder, name, { merge = (parts) => parts }, jobs, settings) {
	const parts = [];
	let version;
	for (const data of jobs) {
		const began = performance.now();
		const answer = await runtime.run(folder, { kind: name, data, settings });
		const wall = performance.now() - began;
		version = answer.version;
		if (Array.isArray(answer.result)) parts.push(...answer.result);
		else parts.push({ ...answer.result, wall });
	}
	return { version, rows: merge(parts) };
}

function print(report) {
	for (const runtime of report.runtimes) printRuntime(runtime);
	for (const [name, places] of Object.entries(report.extras)) {
		for (const { version, where = version && `Node.js ${version}`, rows } of Object.values(places)) {
			printExtra(EXTRAS[name], where, rows);
		}
	}
	printVerdict(report);
	printMachine(report);
}

async function write(report, file) {
	const { failures: _, ...figures } = report;
	await mkdir(dirname(file), { recursive: true });
	await writeFile(file, `${JSON.stringify(figures, null, "\t")}\n`);
	const written = [file];
	if (report.runtimes.some(({ algorithms }) => Object.keys(algorithms).length > 0)) {
		written.push(`${file.replace(/\.json$/, "")}.svg`);
		await writeFile(written[1], chart(report));
	}
	console.log(`written     ${written.map((path) => relative(process.cwd(), path)).join(", ")}`);
}

if (isMain(import.meta)) {
	await main(HELP, async (args) => {
		const options = readOptions(args, KNOWN);
		const began = performance.now();
		const report = await bench(options);
		print(report);
		await write(report, options.json ?? join(results, "bench.json"));
		console.log(`took        ${seconds(performance.now() - began)}`);
		if (report.failures.length > 0) {
			throw new BuildError(`Failed: ${report.failures.join("; ")}`, "see above why; --only runs a part by itself");
		}
	});
}
