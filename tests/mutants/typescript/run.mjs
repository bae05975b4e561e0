#!/usr/bin/env node
// npm run mutants:typescript: changes the TypeScript in one place at a time and tells which changes no test notices.

import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { BuildError, isMain, main, seconds, step } from "../../../pkg-template/scripts/cli.mjs";
import { inRoot } from "../../../pkg-template/scripts/paths.mjs";
import { install } from "../../frameworks/install.mjs";
import { instrument, sources } from "./instrument.mjs";
import { baselines, ELSEWHERE, tryAll } from "./trials.mjs";

const HELP = `
npm run mutants:typescript -- [--file NAME[,NAME]] [--tests NAME[,NAME]] [--seconds N] [--sample N]

Changes pkg-template/src in one place at a time (StrykerJS's mutators) and runs the tests that
reach that place. A change that all of them pass survives. Needs npm run build.
  --file NAME      the mutants of pkg-template/src/NAME.ts, or of all files below NAME/
  --tests NAME     with the tests of tests/js/NAME.test.mjs alone, in place of all; FOLDER/NAME for another folder of tests
  --seconds N      stops after about N seconds; which mutants come first changes from day to day
  --sample N       N of the mutants, spread over the files, the same ones each time

Ends with "N caught, N survived (explained), N survived, N timed out", and with a status other than 0 if one
survived for which tests/mutants/typescript/equivalent.json has no reason, or if a reason there has lost its
mutant. What became of each mutant is in target/mutants/typescript.json.
`;

/** Files whose every survivor is dead or explained, and the tests that see to it: npm test keeps them so. */
const GUARDED = {
	"core/clocks": ["engine"],
	"core/core-object": ["engine", "core-start"],
	"core/instance": ["core-start", "engine"],
	"core/kernels": ["ml-dsa-kernel"],
	"core/ml-dsa": ["ml-dsa-kernel"],
	"core/rsa-fma": ["rsa-kernel"],
	"core/snapshot": ["introspection-keys", "schema", "snapshots", "trusted-keys"],
	"core/text-encoding": ["core-start"],
	"core/token-buffer": ["engine", "token-sizes"],
	"core/wasm-support": ["wasm-support"],
	"core/wasm/ml-dsa-inline": ["ml-dsa-kernel"],
	"core/wasm/rsa-fma-text": ["rsa-kernel"],
	"edge/cors": ["cors", "edge"],
	error: ["engine", "token-error"],
	"jwks/background": ["key-http", "key-sharing", "key-waiting"],
	"jwks/beating": ["key-waiting"],
	"jwks/discovery": ["fetch-advice"],
	"jwks/http": ["key-http", "key-freshness", "fetch-advice"],
	"jwks/registry": ["fetch-advice", "key-freshness", "key-sharing"],
	"jwks/remote-jwk-set": [
		"fetch-advice",
		"issuers",
		"key-freshness",
		"key-sharing",
		"key-traps",
		"key-waiting",
		"keys",
	],
	"jwks/tell": ["keys", "key-sharing"],
	"jwks/waiting": ["issuers", "key-freshness", "key-http", "key-sharing", "key-waiting", "keys"],
	"ml-dsa": ["ml-dsa-kernel"],
	"own-options": ["login-option-values", "own-options"],
	slim: ["slim"],
};
/** So many mutants between two looks at the clock. */
const ROUND = 60;

/** A run of the guarded files, about `limit` seconds long. Resolves to the counts. */
export function boundedMutants(limit) {
	const tests = [...new Set(Object.values(GUARDED).flat())];
	return mutants({ files: Object.keys(GUARDED), tests, limit, quiet: true });
}

async function mutants({ files, tests, limit = Number.POSITIVE_INFINITY, sample, quiet = false }) {
	const chosen = await filesNamed(files);
	if ((tests ?? ELSEWHERE).some((name) => name.startsWith("frameworks/"))) await step("the frameworks", install);
	const explained = JSON.parse(await readFile(inRoot("tests", "mutants", "typescript", "equivalent.json"), "utf8"));
	let all;
	let tested;
	await step("mutants in place", async () => {
		all = await instrument(chosen);
		return `${all.length} in ${chosen.length} files`;
	});
	await step("tests without them", async () => {
		tested = await baselines(tests, chosen);
		return tested.map(({ name, tests }) => `${name} ${tests.length}`).join(", ");
	});
	const deadline = performance.now() + limit * 1000;
	const ordered = limit === Number.POSITIVE_INFINITY && !sample ? all : shuffled(all, sample ? "" : today());
	const wanted = ordered.slice(0, sample);
	const size = limit === Number.POSITIVE_INFINITY ? wanted.length : ROUND;
	for (let at = 0; at < wanted.length && performance.now() < deadline; at += size) {
		await tryAll(wanted.slice(at, at + size), tested, deadline, quiet ? () => {} : ticker(wanted));
	}
	await writeFile(inRoot("target", "mutants", "typescript.json"), JSON.stringify(wanted, undefined, "\t"));
	return report(
		wanted.filter(({ tried }) => tried),
		all,
		explained,
		chosen,
		wanted.length,
	);
}

async function filesNamed(names) {
	const all = await sources();
	if (!names) return all;
	for (const name of names) {
		if (!all.some((file) => belongs(file, name))) {
			throw new BuildError(`No file "${name}"`, "name one of pkg-template/src, for example edge/guard or login/");
		}
	}
	return all.filter((file) => names.some((name) => belongs(file, name)));
}

const belongs = (file, name) => file === `${name}.ts` || (name.endsWith("/") && file.startsWith(name));
const today = () => new Date().toISOString().slice(0, 10);

/** An order that has nothing to do with the files', and that `seed` decides. */
function shuffled(all, seed) {
	const rank = ({ file, line, mutator, to }) =>
		createHash("sha256").update([seed, file, line, mutator, to].join("\0")).digest("hex");
	return all
		.map((mutant) => [rank(mutant), mutant])
		.sort(([one], [other]) => (one < other ? -1 : 1))
		.map(([, mutant]) => mutant);
}

function ticker(wanted) {
	let told = performance.now();
	return () => {
		if (performance.now() - told < 10_000) return;
		told = performance.now();
		console.log(`  ${wanted.filter(({ caught }) => caught).length} of ${wanted.length} caught so far`);
	};
}

function report(tried, all, explained, chosen, wanted) {
	const survivors = tried.filter(({ caught }) => !caught);
	const known = survivors.filter((mutant) => explained.some((one) => same(one, mutant)));
	const fresh = survivors.filter((mutant) => !known.includes(mutant));
	const late = tried.filter(({ late }) => late);
	const here = explained.filter(({ file }) => chosen.includes(file));
	const lost = here.filter((one) => !all.some((mutant) => same(one, mutant)));
	const whole = tried.length === all.length;
	const idle = whole ? here.filter((one) => !lost.includes(one) && !known.some((mutant) => same(one, mutant))) : [];
	for (const { place, mutator, from, to, line } of fresh) {
		console.log(`\nsurvived: ${place}: ${mutator}: ${from} → ${to}\n    ${line}`);
	}
	for (const { file, line } of lost) console.log(`\nexplained, but not there: ${file}: ${line}`);
	for (const { file, line, to } of idle) console.log(`\nexplained without need: ${file}: ${to ?? "any"}: ${line}`);
	const caught = tried.length - survivors.length - late.length;
	console.log(
		`\n${tried.length} of ${all.length} mutants tried${tried.length < wanted ? " in the time given" : ""}: ` +
			`${caught} caught, ${known.length} survived (explained), ${fresh.length} survived, ${late.length} timed out`,
	);
	return { passed: tried.length - fresh.length, failed: fresh.length + lost.length + idle.length };
}

/** A reason without `to` is one for whatever this mutator puts there. */
const same = (one, mutant) =>
	one.file === mutant.file &&
	one.line === mutant.line &&
	one.mutator === mutant.mutator &&
	(one.from === undefined || one.from === mutant.from) &&
	(one.to === undefined || one.to === mutant.to);

function options(args) {
	const found = {};
	for (let i = 0; i < args.length; i += 2) {
		const value = args[i + 1];
		if (!["--file", "--tests", "--seconds", "--sample"].includes(args[i]) || value === undefined) {
			throw new BuildError(`${args[i]} is no option with a value`, "npm run mutants:typescript -- --help lists them");
		}
		if (args[i] === "--file")
			found.files = value.split(",").map((name) => name.replace(/^(pkg-template\/)?src\/|\.ts$/g, ""));
		else if (args[i] === "--tests") found.tests = value.split(",");
		else if (Number(value) > 0) found[args[i] === "--seconds" ? "limit" : "sample"] = Number(value);
		else throw new BuildError(`${args[i]} ${value}`, "give it a number above 0");
	}
	return found;
}

if (isMain(import.meta)) {
	await main(HELP, async (args) => {
		const began = performance.now();
		const { passed, failed } = await mutants(options(args));
		console.log(`in ${seconds(performance.now() - began)}`);
		if (failed > 0 || passed === 0) process.exitCode = 1;
	});
}
