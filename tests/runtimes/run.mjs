#!/usr/bin/env node
// The same cases in every runtime of this machine, from the packed tarball: one digest, or a failure.

import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isMain, main, step } from "../../pkg-template/scripts/cli.mjs";
import { inRoot } from "../../pkg-template/scripts/paths.mjs";
import { loadCorpus } from "../corpus/load.mjs";
import { bundle, unpack, writeCorpus } from "./helpers.mjs";
import { chromium, firefox } from "./launchers/browsers.mjs";
import { newest, node } from "./launchers/node.mjs";
import { bun, deno } from "./launchers/others.mjs";
import { webkit } from "./launchers/webkit.mjs";
import { workerd } from "./launchers/workerd.mjs";

const HELP = `
node tests/runtimes/run.mjs [--only NAME[,NAME]]

Runs the cases of tests/corpus from pkg/countersign-VERSION.tgz in Node.js, the newest Node.js, Deno, Bun, workerd,
Chromium, Firefox and WebKitGTK, and prints a table. All digests must be equal. Needs npm run build.
A runtime that is not on this machine is named as "not run"; with CI=true it has failed.
`;

const LAUNCHERS = [node, newest, deno, bun, workerd, chromium, firefox, webkit];
/** Written by `cargo test`: the verdicts of the Rust core without any JavaScript. */
const NATIVE = join(process.env.CARGO_TARGET_DIR ?? inRoot("target"), "corpus-native.digest");
const SHOWN = 10;

/** Runs all; resolves to { passed, failed }, counted in runtimes. */
export async function runtimes(only) {
	const folder = await mkdtemp(join(tmpdir(), "countersign-runtimes-"));
	const rows = [];
	const told = new Set();
	let failed = 0;
	try {
		await unpack(folder);
		await writeCorpus(folder, loadCorpus());
		await bundle(folder, "page.mjs");
		for (const launcher of LAUNCHERS.filter(({ name }) => !only || only.includes(name))) {
			const missing = launcher.missing();
			if (missing) {
				rows.push({ name: launcher.name, version: missing, cases: "not run", digest: "" });
				if (inCi()) failed++;
				continue;
			}
			try {
				const result = await step(launcher.name, () => launcher.run(folder));
				rows.push({ name: launcher.name, ...result });
				if (result.failures.length > 0) failed++;
				report(result.failures, told);
			} catch (error) {
				failed++;
				console.log(`    ${error.message.replaceAll("\n", "\n    ")}`);
				rows.push({ name: launcher.name, version: "?", cases: "failed", digest: "" });
			}
		}
	} finally {
		await rm(folder, { recursive: true, force: true, maxRetries: 5 });
	}
	const ran = rows.filter(({ digest }) => digest);
	rows.unshift(...(await nativeRow(ran[0]?.kinds)));
	print(rows);
	const missed = rows.filter(({ cases }) => cases === "not run").map(({ name }) => name);
	if (missed.length > 0)
		console.log(`${inCi() ? "✗" : "!"} not run: ${missed.join(", ")}; npm run setup installs them`);
	if (rows.some(({ differs }) => differs)) {
		failed++;
		console.log("✗ the Rust core alone gives other verdicts than the package");
	}
	if (new Set(ran.map(({ digest }) => digest)).size > 1) {
		failed++;
		console.log("✗ the runtimes do not agree: their digests differ");
	} else if (ran.length > 0) console.log(`✓ ${ran.length} runtimes, one digest`);
	return { passed: Math.max(0, ran.length - failed), failed };
}

const inCi = () => ["true", "1"].includes(process.env.CI);

// What `cargo test` wrote, if it is about the corpus as it is now: a line for each kind (kind, cases, digest), or
// one digest over all. It is compared with the same cases of the package.
async function nativeRow(kinds) {
	const written = await stat(NATIVE).catch(() => undefined);
	const corpus = await stat(inRoot("tests", "corpus", "index.json"));
	if (!kinds || !written || written.mtimeMs < corpus.mtimeMs) return [];
	const lines = (await readFile(NATIVE, "utf8")).trim().split("\n");
	const native = lines
		.map((line) => line.split(" "))
		.map((words) => (words.length === 2 ? ["token", words[1], words[0]] : words));
	const different = native.filter(([kind, , digest]) => kinds[kind]?.digest !== digest).map(([kind]) => kind);
	const missing = Object.keys(kinds).filter((kind) => !native.some(([known]) => known === kind));
	const told = different.length > 0 ? `differs: ${different.join(", ")}` : "equal, kind by kind";
	return [
		{
			name: "native",
			version: "cargo test",
			cases: native.reduce((sum, [, cases]) => sum + Number(cases), 0),
			digest: missing.length > 0 ? `${told}; without ${missing.join(", ")}` : told,
			differs: different.length > 0,
		},
	];
}

// What fails everywhere is said once.
function report(failures, told) {
	const lines = failures.map(({ name, expected, found }) => `${name}: expected ${expected}, found ${found}`);
	const fresh = lines.filter((line) => !told.has(line));
	for (const line of fresh) told.add(line);
	for (const line of fresh.slice(0, SHOWN)) console.log(`    ${line}`);
	const more = lines.length - Math.min(fresh.length, SHOWN);
	if (more > 0) console.log(`    … ${more} more${fresh.length === 0 ? ", all told above" : ""}`);
}

function print(rows) {
	const table = [["runtime", "version", "cases", "digest"]].concat(
		rows.map(({ name, version, cases, digest }) => [name, version, String(cases), digest]),
	);
	const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
	for (const row of table) console.log(`  ${row.map((cell, i) => cell.padEnd(widths[i])).join("  ")}`.trimEnd());
}

if (isMain(import.meta)) {
	await main(HELP, async (args) => {
		const at = args.indexOf("--only");
		const { failed } = await runtimes(at < 0 ? undefined : args[at + 1].split(","));
		if (failed > 0) process.exitCode = 1;
	});
}
