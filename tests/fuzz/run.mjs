#!/usr/bin/env node
// npm run fuzz: builds the fuzz targets, runs each for a while, and tells what they found.

import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { platform } from "node:os";
import { delimiter, join, relative, resolve } from "node:path";
import { inRoot, root } from "../../pkg-template/scripts/paths.mjs";
import { isMain, main, BuildError, run, seconds, step } from "../../pkg-template/scripts/cli.mjs";
import { nightlyRust } from "../../pkg-template/scripts/setup.mjs";
import { corpus, writeSeeds } from "./seeds.mjs";

const HELP = `
npm run fuzz -- [--seconds N] [--target NAME[,NAME]] [--replay FILE] [--light]

Builds the fuzz targets and runs them one after the other.
  --seconds N      N seconds of fuzzing in total, in equal shares, at least one a target (default 60);
                   building comes on top: minutes the first time, seconds later
  --target NAME    this target alone, or these
  --replay FILE    runs one input, such as one that crashed, through the one --target
  --light          without the address sanitizer, with little optimization and fewer seeds, as npm test does it:
                   sooner built, and what is wrong with memory or slow is found by chance only
  --list           names the targets

Inputs that are worth keeping gather in tests/fuzz/corpus, crashing ones in tests/fuzz/artifacts.
Ends with "N passed, N failed", and with a status other than 0 if a target crashed.

Needs a nightly Rust toolchain; cargo-fuzz is installed into target/tools if it is missing.
`;

const CARGO_FUZZ = "0.13.2";
const folder = inRoot("tests", "fuzz");
const artifacts = join(folder, "artifacts");
const targetFolder = resolve(root, process.env.CARGO_TARGET_DIR ?? "target");
const tools = join(targetFolder, "tools");
const exe = platform() === "win32" ? ".exe" : "";
const shown = (path) => relative(process.cwd(), path) || ".";

/** What one input may cost. Beyond it libFuzzer reports a finding. */
const LIMITS = [
	"-rss_limit_mb=2048",
	"-malloc_limit_mb=64", // octets one allocation may have: inputs have some thousand
	"-max_len=8192",
	"-verbosity=0",
	"-print_final_stats=1",
];
/** Seconds an input may take. The target ecdsa checks up to 26 times with one key, for its table's sake. */
const PATIENCE = { ecdsa: 60, others: 10 };
const limits = (target) => [...LIMITS, `-timeout=${PATIENCE[target] ?? PATIENCE.others}`];

/** How the targets are built. -O leaves it to Cargo.toml which packages have debug assertions. */
const THOROUGH = { flags: ["-O"], folder: join(targetFolder, "fuzz"), settings: {}, seeds: 400 };
const LIGHT = {
	flags: ["-O", "--sanitizer", "none"],
	folder: join(targetFolder, "fuzz-light"),
	settings: { CARGO_PROFILE_RELEASE_OPT_LEVEL: "1" },
	seeds: 100,
};

/** Runs the targets for `total` seconds; resolves to how many passed and failed. */
export async function fuzz({ total = 60, only, replay, light = false } = {}) {
	const all = await targets();
	const chosen = only ?? all;
	const unknown = chosen.find((name) => !all.includes(name));
	if (unknown !== undefined) throw new BuildError(`No fuzz target "${unknown}"`, `choose from ${all.join(", ")}`);
	if (replay !== undefined && (chosen.length !== 1 || !existsSync(replay))) {
		throw new BuildError(`${replay} cannot be replayed`, "name an input that exists, and the one --target it is for");
	}
	const toolchain = nightly();
	const kind = light ? LIGHT : THOROUGH;
	await step("cargo-fuzz", () => installCargoFuzz(toolchain));
	await step("fuzz targets", () => build(toolchain, kind, chosen));
	const binary = binaries(toolchain, kind);
	if (replay !== undefined) return { passed: 1, failed: 0, status: await replayed(binary, chosen[0], replay) };
	await step("seeds", async () => `${await writeSeeds(chosen, kind.seeds)} from tests/corpus`);

	const rows = [];
	const share = Math.max(1, Math.floor(total / chosen.length));
	for (const [i, target] of chosen.entries()) {
		const outcome = { crashed: true };
		try {
			await step(`${target} (${i + 1} of ${chosen.length}, ${share} s)`, async () => {
				Object.assign(outcome, await runTarget(binary, target, share));
				if (outcome.crashed) throw new Error("crashed");
				return `${outcome.executions} executions`;
			});
		} catch (error) {
			if (outcome.output === undefined) throw error;
			tellCrash(target, outcome);
		}
		rows.push({ target, ...outcome });
	}
	printTable(rows);
	const failed = rows.filter((row) => row.crashed).length;
	return { passed: rows.length - failed, failed };
}

async function targets() {
	const files = await readdir(join(folder, "targets"));
	return files.map((file) => file.replace(/\.rs$/, "")).sort();
}

/** The nightly toolchain that is there. */
function nightly() {
	const found = nightlyRust();
	if (found === undefined) {
		throw new BuildError(
			"Fuzzing needs a nightly Rust toolchain, and there is none",
			"rustup toolchain install nightly --profile minimal",
		);
	}
	return found;
}

const env = () => ({ ...process.env, PATH: `${join(tools, "bin")}${delimiter}${process.env.PATH}` });

async function installCargoFuzz(toolchain) {
	const version = spawnSync("cargo", [`+${toolchain}`, "fuzz", "--version"], { encoding: "utf8", env: env() });
	if (version.status === 0) return version.stdout.trim();
	// It only calls others: compiled quickly instead of well.
	const args = ["install", "cargo-fuzz", "--version", CARGO_FUZZ, "--locked", "--debug", "--root", tools];
	await run("cargo", [`+${toolchain}`, ...args], {
		remedy: "check that the crate registry can be reached, then run npm run fuzz again",
		env: env(),
	});
	return `installed into ${shown(tools)}`;
}

function build(toolchain, kind, chosen) {
	// Several codegen units: the build is a good deal faster, the targets a little slower.
	const flags = [...kind.flags, "--codegen-units", "16", "--fuzz-dir", folder, "--target-dir", kind.folder];
	const one = chosen.length === 1 ? chosen : [];
	return run("cargo", [`+${toolchain}`, "fuzz", "build", ...flags, ...one], {
		cwd: root,
		remedy: "fix what cargo names above",
		env: { ...env(), ...kind.settings },
	}).then(() => "built");
}

/** Where cargo-fuzz puts a target: behind the host's name. */
function binaries(toolchain, kind) {
	const { stdout } = spawnSync("rustc", [`+${toolchain}`, "-vV"], { encoding: "utf8" });
	const host = /^host: (\S+)/m.exec(stdout)?.[1] ?? "";
	return (target) => join(kind.folder, host, "release", target + exe);
}

async function runTarget(binary, target, share) {
	const crashes = join(artifacts, target);
	await mkdir(crashes, { recursive: true });
	const args = [
		...limits(target),
		`-max_total_time=${share}`,
		`-dict=${join(folder, "json.dict")}`,
		`-artifact_prefix=${crashes}/`,
		join(corpus, target),
	];
	const { status, output } = await captured(binary(target), args);
	const stat = (name) => Number(new RegExp(`stat::${name}:\\s*(\\d+)`).exec(output)?.[1] ?? 0);
	return {
		crashed: status !== 0,
		executions: stat("number_of_executed_units"),
		rate: stat("average_exec_per_sec"),
		// Units that were merely slow are written before the one that ended the run.
		input: [...output.matchAll(/Test unit written to (.+)/g)].at(-1)?.[1].trim(),
		output,
	};
}

/** Runs a program to its end, whatever that is, and keeps the end of what it says. */
function captured(command, args) {
	return new Promise((done, reject) => {
		const child = spawn(command, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
		let output = "";
		const hear = (chunk) => {
			output = (output + chunk).slice(-100_000);
		};
		child.stdout.on("data", hear);
		child.stderr.on("data", hear);
		child.once("error", (error) => reject(new BuildError(`${command} cannot be run: ${error.message}`, "build it again")));
		child.once("close", (code, signal) => done({ status: code ?? signal, output }));
	});
}

async function replayed(binary, target, input) {
	const { status, output } = await captured(binary(target), [...limits(target), resolve(input)]);
	console.log(output.trimEnd());
	console.log(status === 0 ? `${target} holds for ${input}` : `${target} fails for ${input}`);
	return status;
}

function tellCrash(target, { input, output }) {
	const lines = output.split("\n").filter((line) => !/^(INFO|Dictionary):|^stat::|^\s+#\d+ 0x/.test(line));
	console.log(lines.slice(-60).join("\n").trim().replace(/^/gm, "    "));
	if (input) {
		console.log(`    input:  ${shown(input)}`);
		console.log(`    replay: npm run fuzz -- --target ${target} --replay ${relative(root, input)}`);
	} else {
		console.log("    no input was written: the target could not start, or was ended from outside");
	}
}

function printTable(rows) {
	const table = [
		["target", "executions", "exec/s", "crashes"],
		...rows.map(({ target, executions = 0, rate = 0, crashed }) => [target, executions, rate, crashed ? 1 : 0]),
		["all", rows.reduce((sum, row) => sum + (row.executions ?? 0), 0), "", rows.filter((row) => row.crashed).length],
	].map((row) => row.map((cell) => (typeof cell === "number" ? cell.toLocaleString("en") : cell)));
	const widths = table[0].map((_, i) => Math.max(...table.map((row) => row[i].length)));
	console.log();
	for (const row of table) {
		console.log(`  ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  ")}`);
	}
}

function options(args) {
	const found = {};
	for (let i = 0; i < args.length; i += 1) {
		const [name, attached] = args[i].split(/=(.*)/s, 2);
		const value = () => {
			const given = attached ?? args[++i];
			if (given === undefined) throw new BuildError(`${name} needs a value`, "npm run fuzz -- --help says which");
			return given;
		};
		if (name === "--list") found.list = true;
		else if (name === "--light") found.light = true;
		else if (name === "--target") found.only = value().split(",");
		else if (name === "--replay") found.replay = value();
		else if (name === "--seconds") {
			found.total = Number(value());
			if (!(found.total > 0)) throw new BuildError("--seconds is no number above 0", "write, for example, --seconds 60");
		} else throw new BuildError(`No option ${name}`, "npm run fuzz -- --help lists them");
	}
	return found;
}

if (isMain(import.meta)) {
	await main(HELP, async (args) => {
		const { list, ...chosen } = options(args);
		if (list) return console.log((await targets()).join("\n"));
		const began = performance.now();
		const { passed, failed, status } = await fuzz(chosen);
		if (status !== undefined) {
			process.exitCode = status === 0 ? 0 : 1;
			return;
		}
		console.log(`\nin ${seconds(performance.now() - began)}`);
		console.log(`${passed} passed, ${failed} failed`);
		if (failed > 0 || passed === 0) process.exitCode = 1;
	});
}
