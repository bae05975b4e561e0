#!/usr/bin/env node
// npm run mutants: changes the core in one place at a time and tells which changes no test notices.

import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, readFile, rm } from "node:fs/promises";
import { delimiter, join, relative, resolve } from "node:path";
import { BuildError, isMain, main, run, seconds, step } from "../../pkg-template/scripts/cli.mjs";
import { inRoot, root } from "../../pkg-template/scripts/paths.mjs";

const HELP = `
npm run mutants -- [--file NAME[,NAME]] [--only TEXT]

Changes a copy of the core in one place at a time (an operator, a returned value, a match arm) and runs the
tests that are close to that file; where they all pass, those of every module but the arithmetic of signatures, of the RFCs and of
the corpus. A change that all of them pass survives.
  --file NAME      the mutants of src/NAME.rs, for example jose/json; without it those of every file listed in
                   FILES of tests/mutants/run.mjs
  --only TEXT      of these, the ones whose name contains TEXT

Ends with "N caught, N survived (equivalent), N survived, N not compilable", and with a status other than 0 if one
survived for which tests/mutants/equivalent.json has no reason, or if a reason there has lost its mutant.

Takes about two hours for all files; cargo-mutants is installed into target/tools if it is missing. What it
did with each mutant is in target/mutants/NAME/mutants.out.
`;

const CARGO_MUTANTS = "27.1.0";
const targetFolder = resolve(root, process.env.CARGO_TARGET_DIR ?? "target");
const tools = join(targetFolder, "tools");
const outputs = join(targetFolder, "mutants");
const tree = join(outputs, "tree");

const module = ["--lib"];
const rfcs = ["core-tests", "rfc"].flatMap((name) => ["--test", name]);
/** The files, and the tests that try their mutants first: to build and run all takes three times as long. */
const FILES = {
	"claims/policy": rfcs,
	"jose/token": rfcs,
	"claims/claim_set": rfcs,
	"jose/json": module,
	"jose/base64url": module,
	"jose/jwk": rfcs,
	"jose/key_set": module,
	"claims/numeric_date": module,
	"oauth/url": module,
	"jose/der": module,
	"kernels/low/hash": module,
	"jose/swar": module,
	"jose/pem": module,
	"oauth/dpop": [...module, "--test", "rfc"],
	"oauth/authorization_response": module,
	"oauth/token_response": module,
	"resource_server/bearer": module,
	verifier: rfcs,
	"login/clock": module,
	"login/nonces": module,
	"login/silent": [...module, "--test", "core-tests"],
	"login/step_ups": module,
	"login/transaction": ["--test", "core-tests"],
	...Object.fromEntries(
		[
			"ending",
			"failure",
			"flight",
			"kept",
			"message",
			"moments",
			"outcome",
			"renewal",
			"session",
			"sign_in",
			"tokens",
		].map((name) => [`login/${name}`, ["--test", "sessions"]]),
	),
	...Object.fromEntries(
		[
			"absent",
			"demand",
			"durations",
			"flight",
			"freshness",
			"moment",
			"remote_key_set",
			"report",
			"source",
			"status",
			"stored",
		].map((name) => [`jwks/${name}`, name === "moment" ? module : ["--test", "key_sets"]]),
	),
};

/** Our own code compiles quickly, what it stands on runs quickly. */
const PROFILE = ["opt-level=1", "debug=false", "incremental=true", 'package."*".opt-level=2'].flatMap((setting) => [
	"--cargo-arg=--config",
	`--cargo-arg=profile.test.${setting}`,
]);
/** The arithmetic of signatures is not mutated, and its own tests take a minute. */
const ARITHMETIC = ["low::ecdsa", "low::rsa", "mid", "high"].map((name) => `kernels::${name}`);
const SKIP = ["--", "--", ...ARITHMETIC.flatMap((name) => ["--skip", name])];

const env = () => ({
	...process.env,
	PATH: `${join(tools, "bin")}${delimiter}${process.env.PATH}`,
	// One folder for all mutants and all runs: what the core stands on is compiled once.
	CARGO_TARGET_DIR: join(outputs, "build"),
});

async function install() {
	const version = spawnSync("cargo", ["mutants", "--version"], { encoding: "utf8", env: env() });
	if (version.status === 0) return version.stdout.trim();
	await run("cargo", ["install", "cargo-mutants", "--version", CARGO_MUTANTS, "--locked", "--debug", "--root", tools], {
		remedy: "check that the crate registry can be reached, then run npm run mutants again",
		env: env(),
	});
	return `installed into ${relative(process.cwd(), tools)}`;
}

/**
 * What cargo needs of the repository, at a place that stays, so that it compiles only what changed. The copies
 * are younger than whatever an interrupted run has left built from a mutant.
 */
async function copyTree() {
	for (const part of ["src", "tests"]) await rm(join(tree, part), { recursive: true, force: true });
	const members = ["rsa-fma", join("scripts", "bindgen"), "ml-dsa"].map((name) => join("pkg-template", name));
	const read = [
		...["ERRORS.md", join("src", "error-code.ts")].map((name) => join("pkg-template", name)),
		join("docs", "errors"),
	];
	const needed = ["Cargo.toml", "Cargo.lock", "README.md", "src", "tests", ...members, ...read];
	const others = ["bench", "consumers", "differential", "e2e", "fuzz/target", "js", "mutants", "runtimes"];
	const left = others.map((name) => inRoot("tests", name));
	for (const part of needed) {
		const filter = (from) => !left.includes(from) && !from.includes("node_modules");
		await cp(inRoot(part), join(tree, part), { recursive: true, filter });
	}
}

/** The mutants of one file, each with what became of it. */
async function mutate(name, only) {
	const folder = join(outputs, name.replaceAll("/", "-"));
	await rm(folder, { recursive: true, force: true });
	const file = `src/${name}.rs`;
	const exactly = (text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
	const named = (names) => names.flatMap((text) => ["--re", text]);
	const common = ["mutants", "--no-config", "--in-place", "--file", file, "--output", folder, "--colors=never"];
	const base = [...common, "--features=ml-dsa", ...PROFILE];
	const close = FILES[name].map((arg) => `--cargo-arg=${arg}`);
	await attempt([...base, ...named(only === undefined ? [] : [exactly(only)]), ...close, "--timeout=45", ...SKIP]);
	const found = new Map((await outcomes(folder)).map((one) => [one.name, one]));
	const missed = [...found.values()].filter(({ summary }) => summary === "MissedMutant");
	if (missed.length > 0) {
		const again = named(missed.map((one) => `^${exactly(one.name)}$`));
		await attempt([...base, ...again, "--cargo-arg=--lib", "--cargo-arg=--tests", "--timeout=90", ...SKIP]);
		for (const one of await outcomes(folder)) found.set(one.name, one);
	}
	return [...found.values()];
}

async function attempt(args) {
	const status = await shown("cargo", args);
	// 0: all caught; 2: some survived; 3: some took too long.
	if (![0, 2, 3].includes(status))
		throw new BuildError(`cargo mutants ended with ${status}`, "fix what it names above");
}

async function outcomes(folder) {
	const { outcomes } = JSON.parse(await readFile(join(folder, "mutants.out", "outcomes.json"), "utf8"));
	return Promise.all(
		outcomes
			.filter(({ scenario }) => scenario.Mutant)
			.map(async ({ scenario, summary }) => {
				const { name, file, span } = scenario.Mutant;
				const { line, column } = span.start;
				const text = (await readFile(inRoot(file), "utf8")).split("\n")[line - 1].trim();
				const mutant = name.replace(/^\S+: /, "");
				return { name, file, mutant, line: text, place: `${file}:${line}:${column}`, summary };
			}),
	);
}

/** Runs a command in view and resolves to its status. */
function shown(command, args) {
	return new Promise((done, reject) => {
		const child = spawn(command, args, { cwd: tree, env: env(), stdio: ["ignore", "inherit", "inherit"] });
		child.once("error", (error) =>
			reject(new BuildError(`${command} cannot be run: ${error.message}`, "install Rust")),
		);
		child.once("close", (code, signal) => done(code ?? signal));
	});
}

async function mutants({ files = Object.keys(FILES), only }) {
	const unknown = files.find((name) => !(name in FILES));
	if (unknown !== undefined)
		throw new BuildError(`No file "${unknown}"`, `choose from ${Object.keys(FILES).join(", ")}`);
	const moved = files.find((name) => !existsSync(inRoot("src", `${name}.rs`)));
	if (moved !== undefined)
		throw new BuildError(`src/${moved}.rs is not there`, "correct FILES in tests/mutants/run.mjs");
	const equivalent = JSON.parse(await readFile(inRoot("tests", "mutants", "equivalent.json"), "utf8"));
	await step("cargo-mutants", install);
	await step("copy", copyTree);
	const all = [];
	for (const name of files) all.push(...(await mutate(name, only)));

	const is = (...kinds) => all.filter(({ summary }) => kinds.includes(summary));
	const survivors = is("MissedMutant");
	// A reason for every change of a function ends in *.
	const named = (one, mutant) => one === mutant || (one.endsWith("*") && mutant.startsWith(one.slice(0, -1)));
	const same = (one, other) => one.file === other.file && one.line === other.line && named(one.mutant, other.mutant);
	const known = survivors.filter((mutant) => equivalent.some((one) => same(one, mutant)));
	const fresh = survivors.filter((mutant) => !known.includes(mutant));
	const idle = equivalent.filter(
		(one) => only === undefined && files.includes(one.file.slice(4, -3)) && !known.some((other) => same(one, other)),
	);
	for (const { place, mutant, line } of fresh) console.log(`\nsurvived: ${place}: ${mutant}\n    ${line}`);
	for (const { file, mutant } of idle) console.log(`\nlisted without need: ${file}: ${mutant}`);
	console.log(
		`\n${is("CaughtMutant", "Timeout").length} caught, ${known.length} survived (equivalent), ` +
			`${fresh.length} survived, ${is("Unviable").length} not compilable`,
	);
	return fresh.length === 0 && idle.length === 0 && all.length > 0;
}

function options(args) {
	const found = {};
	for (let i = 0; i < args.length; i += 2) {
		const value = args[i + 1];
		if (!["--file", "--only"].includes(args[i]) || value === undefined) {
			throw new BuildError(`${args[i]} is no option with a value`, "npm run mutants -- --help lists them");
		}
		if (args[i] === "--only") found.only = value;
		else found.files = value.split(",").map((file) => file.replace(/^src\/|\.rs$/g, ""));
	}
	return found;
}

if (isMain(import.meta)) {
	await main(HELP, async (args) => {
		const began = performance.now();
		const good = await mutants(options(args));
		console.log(`in ${seconds(performance.now() - began)}`);
		if (!good) process.exitCode = 1;
	});
}
