#!/usr/bin/env node
// npm run kernels: compares our signature arithmetic, case by case, with RustCrypto and with OpenSSL.

import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { platform, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { BuildError, isMain, main, note, run, seconds, step } from "../../pkg-template/scripts/cli.mjs";
import { inRoot, pkg, root } from "../../pkg-template/scripts/paths.mjs";
import { newestNode } from "../../pkg-template/scripts/setup.mjs";
import { unpack } from "../runtimes/helpers.mjs";

const HELP = `
npm run kernels -- [--cases N] [--only KERNEL[,KERNEL]] [--against JUDGE] [--seed N] [--checked]

Checks random and edge cases with each kernel and with a judge, which must agree:
  rustcrypto   the core, native, beside RustCrypto's crates
  openssl      the packed package, in WebAssembly, beside OpenSSL through node:crypto; RSA a second time in the
               newest Node.js, which has fused multiply-add. Needs npm run build
  --cases N    N cases a kernel and judge (default 20000)
  --only ...   these kernels: KERNELS
  --against    this judge alone
  --seed N     other cases (default 1). OpenSSL draws nonces and RSA keys by itself: they differ from run to run
  --checked    the native core with its debug assertions: the bounds of each step, at some cost in time

Cases that strictness alone refuses are told by their rule. Anything else on which two disagree is printed with
all that it takes to see it again. Ends with a table and "N passed, N failed".
`;

const KERNELS = ["p256", "secp256k1", "p384", "p521", "ed25519", "rsa2048", "rsa3072", "rsa4096", "rsa-other"];
const JUDGES = ["rustcrypto", "openssl"];
const folder = inRoot("tests", "differential");
const targetFolder = join(resolve(root, process.env.CARGO_TARGET_DIR ?? "target"), "kernels");
/** The core as in debug mode, and only the core. */
const CHECKED = ["debug-assertions", "overflow-checks"].flatMap((check) => [
	"--config",
	`profile.release.package.countersign.${check}=true`,
]);
const exe = platform() === "win32" ? ".exe" : "";

/** Runs the kernels past their judges; resolves to how many passed and failed. */
export async function kernels({ cases = 20_000, only = KERNELS, against = JUDGES, seed = 1, checked = false } = {}) {
	const rows = [];
	console.log(`seed ${seed}`);
	for (const judge of against) {
		const { runs, end } = judge === "rustcrypto" ? await rustCrypto(only, checked) : await openSsl(only);
		try {
			for (const { kernel, judge, command, args } of runs) {
				const settings = [kernel, cases, seed].map(String);
				rows.push(await compared(kernel, judge, command, [...args(settings)], cases));
			}
		} finally {
			await end?.();
		}
	}
	printTable(rows);
	const failed = rows.filter((row) => row.failed).length;
	return { passed: rows.length - failed, failed };
}

async function rustCrypto(only, checked) {
	const args = ["build", "--release", "--manifest-path", join(folder, "Cargo.toml"), "--target-dir", targetFolder];
	if (checked) args.push(...CHECKED);
	await step("the program beside RustCrypto", () =>
		run("cargo", args, { cwd: root, remedy: "fix what cargo names above" }).then(() => "built"),
	);
	const command = join(targetFolder, "release", `countersign-kernels${exe}`);
	const judge = checked ? "RustCrypto (checked)" : "RustCrypto";
	return { runs: only.map((kernel) => ({ kernel, judge, command, args: (settings) => settings })) };
}

async function openSsl(only) {
	const packed = await readdir(pkg).catch(() => []);
	if (!packed.some((name) => name.endsWith(".tgz")))
		throw new BuildError("There is no packed package", "npm run build");
	const home = await mkdtemp(join(tmpdir(), "countersign-kernels-"));
	await unpack(home);
	const program = join(folder, "openssl", "main.mjs");
	const args = (settings) => [program, ...settings, join(home, "node_modules", "countersign")];
	const newest = newestNode();
	const runs = [];
	for (const kernel of only) {
		runs.push({ kernel, judge: await named(process.execPath), command: process.execPath, args });
		if (kernel.startsWith("rsa") && newest) runs.push({ kernel, judge: await named(newest), command: newest, args });
	}
	return { runs, end: () => rm(home, { recursive: true, force: true }) };
}

async function named(node) {
	const versions = await run(node, ["-p", '"OpenSSL " + process.versions.openssl + ", Node.js " + process.version']);
	return versions.trim();
}

/** One kernel past one judge: a row of the table. */
async function compared(kernel, judge, command, args, cases) {
	const row = { kernel, judge, failed: true };
	try {
		await step(`${kernel} beside ${judge}`, async () => {
			const { status, output } = await watched(command, args, (counts) => {
				Object.assign(row, counts);
				note(`${shown(counts.cases)} of ${shown(cases)} cases, ${shown(counts.disagreements)} disagreements`);
			});
			row.output = output;
			if (status !== 0 || row.disagreements !== 0 || !(row.cases >= cases)) throw new Error("failed");
			row.failed = false;
			return `${shown(row.cases)} cases, no disagreement`;
		});
	} catch (error) {
		if (row.output === undefined) throw error;
		console.log(row.output.trim().replace(/^/gm, "    "));
	}
	return row;
}

/** Runs a program to its end and hands on each line of counts that it prints. */
function watched(command, args, hear) {
	return new Promise((done, reject) => {
		const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
		let line = "";
		let output = "";
		child.stdout.setEncoding("utf8").on("data", (chunk) => {
			const lines = (line + chunk).split("\n");
			line = lines.pop();
			const last = lines.at(-1);
			if (last) hear(JSON.parse(last));
		});
		child.stderr.setEncoding("utf8").on("data", (chunk) => {
			output = (output + chunk).slice(-100_000);
		});
		child.once("error", (error) =>
			reject(new BuildError(`${command} cannot be run: ${error.message}`, "build it again")),
		);
		child.once("close", (code, signal) => done({ status: code ?? signal, output }));
	});
}

const shown = (count) => (count ?? 0).toLocaleString("en");

function printTable(rows) {
	const head = ["kernel", "judge", "cases", "accepted", "refused", "keys", "refused"];
	const table = [
		[...head, "with table", "base point's only", "without table", "stricter", "disagreements"],
		...rows.map((row) => [
			...[
				row.kernel,
				row.fused ? `${row.judge}, fused` : row.judge,
				shown(row.cases),
				shown(row.accepted),
				shown(row.refused),
				shown(row.keys),
			],
			...[row.keysRefused, row.withTable, row.withGenerator, row.withoutTable].map(shown),
			shown(Object.values(row.stricter ?? {}).reduce((sum, count) => sum + count, 0)),
			row.failed && !row.disagreements ? "broke off" : shown(row.disagreements),
		]),
	];
	const widths = table[0].map((_, i) => Math.max(...table.map((row) => row[i].length)));
	console.log();
	for (const row of table) {
		console.log(`  ${row.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  ")}`);
	}
	for (const { kernel, judge, stricter } of rows) {
		for (const [rule, count] of Object.entries(stricter ?? {})) {
			console.log(`  ${kernel}, ${judge}: ${shown(count)} refused by us alone: ${rule}`);
		}
	}
}

function options(args) {
	const found = {};
	for (let i = 0; i < args.length; i += 1) {
		const [name, attached] = args[i].split(/=(.*)/s, 2);
		const value = () => {
			const given = attached ?? args[++i];
			if (given === undefined) throw new BuildError(`${name} needs a value`, "npm run kernels -- --help says which");
			return given;
		};
		const list = (all) => {
			const chosen = value().split(",");
			const unknown = chosen.find((one) => !all.includes(one));
			if (unknown !== undefined) throw new BuildError(`${name} has no "${unknown}"`, `choose from ${all.join(", ")}`);
			return chosen;
		};
		const number = (least, example) => {
			const given = Number(value());
			if (Number.isSafeInteger(given) && given >= least) return given;
			throw new BuildError(`${name} is no whole number from ${least} on`, `write, for example, ${name} ${example}`);
		};
		if (name === "--cases") found.cases = number(1, 1_000_000);
		else if (name === "--seed") found.seed = number(0, 2);
		else if (name === "--only") found.only = list(KERNELS);
		else if (name === "--against") found.against = list(JUDGES);
		else if (name === "--checked") found.checked = true;
		else throw new BuildError(`No option ${name}`, "npm run kernels -- --help lists them");
	}
	return found;
}

if (isMain(import.meta)) {
	await main(HELP.replace("KERNELS", KERNELS.join(", ")), async (args) => {
		const chosen = options(args);
		const began = performance.now();
		const { passed, failed } = await kernels(chosen);
		console.log(`\nin ${seconds(performance.now() - began)}`);
		console.log(`${passed} passed, ${failed} failed`);
		if (failed > 0 || passed === 0) process.exitCode = 1;
	});
}
