// What each stage of npm test does. A stage that is about a folder of tests has that folder's name.

import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { build } from "../../pkg-template/scripts/build.mjs";
import { BuildError, run, step } from "../../pkg-template/scripts/cli.mjs";
import { inRoot, root } from "../../pkg-template/scripts/paths.mjs";
import { modernNode, setup } from "../../pkg-template/scripts/setup.mjs";
import { arrows } from "../house/arrows.mjs";
import { crates } from "../house/crates.mjs";
import { rules } from "../house/rules.mjs";
import { sizes } from "../house/sizes.mjs";
import { nodeTests } from "./node-tests.mjs";
import { check, count, suite } from "./tally.mjs";

const folder = (name) => inRoot("tests", name);

/** The stages in order; `needs` are stages without which one cannot run. */
export const STAGES = {
	setup: { run: () => setup() },
	lint: { run: lint, needs: ["setup"] },
	core: { run: core, needs: ["setup"] },
	corpus: { run: corpus, needs: ["setup"] },
	fuzz: { run: fuzzing, needs: ["setup"] },
	build: { run: () => build(), needs: ["setup"] },
	types: { run: types, needs: ["build"] },
	js: { run: () => nodeTests("js", folder("js")), needs: ["build"] },
	providers: { run: () => nodeTests("providers", folder("providers")), needs: ["build"] },
	"key-sets": { run: () => nodeTests("key-sets", folder("key-sets")), needs: ["build"] },
	"resource-server": {
		run: () => nodeTests("resource-server", folder("resource-server"), { concurrency: 1 }),
		needs: ["build"],
	},
	frameworks: { run: frameworks, needs: ["build"] },
	mutants: { run: mutants, needs: ["build"] },
	consumers: { run: () => nodeTests("consumers", folder("consumers")), needs: ["build"] },
	runtimes: { run: runtimes, needs: ["build"] },
	e2e: { run: e2e, needs: ["build"] },
};

const tsc = inRoot("node_modules", "typescript", "bin", "tsc");

async function lint() {
	const node = (...args) => run(process.execPath, args, { cwd: root, remedy: "npm run format fixes the formatting" });
	const cargo = (...args) => run("cargo", args, { cwd: root, remedy: "fix what cargo names above" });
	const clippy = ["--", "--deny", "warnings"];
	const wasm = ["--no-default-features", "--features", "wasm", "--target", "wasm32-unknown-unknown"];
	await check("biome", () =>
		node(inRoot("node_modules", "@biomejs", "biome", "bin", "biome"), "ci", "--colors=off", "."),
	);
	for (const [name, look] of Object.entries(HOUSE)) await check(name, async () => complain(await look()));
	await check("cargo fmt", () => cargo("fmt", "--all", "--check"));
	await check("clippy", () =>
		cargo("clippy", "--workspace", "--all-targets", "--features", "countersign/ml-dsa", ...clippy),
	);
	await check("clippy, wasm", () => cargo("clippy", "--lib", ...wasm, ...clippy));
	await check("no_std build", () =>
		cargo("build", "--lib", "--no-default-features", "--target", "thumbv7em-none-eabi"),
	);
}

/** The house: who may call whom, what may stand where. */
const HOUSE = {
	"arrows between rooms run down": arrows,
	"no rule stands in TypeScript": rules,
	"crates of the wasm build": crates,
	"small files": sizes,
};

function complain(wrong) {
	if (wrong.length > 0) throw new BuildError(wrong.join("\n"), "see CONTRIBUTING.md: floors and rooms");
}

/** TypeScript knows the core by the types that wasm-bindgen makes, so this comes behind the build. */
async function types() {
	for (const [name, project] of [
		["tsc", "pkg-template"],
		["tsc, command line", "pkg-template/tsconfig.cli.json"],
	]) {
		await check(name, () =>
			run(process.execPath, [tsc, "-p", project, "--noEmit"], { cwd: root, remedy: "fix what tsc names above" }),
		);
	}
}

async function core() {
	await check("every Rust test file is listed in Cargo.toml", unlistedTests);
	const args = ["test", "--package", "countersign", "--features", "countersign/ml-dsa", "--no-fail-fast"];
	await suite("cargo test", "cargo", args, (output) => {
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

/** What is no integration test of the crate: workspaces of their own, and a module of the crate's own tests. */
const OTHER_RUST = /^(fuzz|differential|wycheproof)[\\/]/;

/** Cargo finds no test in a subfolder by itself: a file without its [[test]] would never run. */
async function unlistedTests() {
	const manifest = await readFile(inRoot("Cargo.toml"), "utf8");
	const files = (await readdir(inRoot("tests"), { recursive: true })).filter((file) => file.endsWith(".rs"));
	for (const file of files.filter((name) => !OTHER_RUST.test(name))) {
		const path = `tests/${file.replaceAll("\\", "/")}`;
		if (manifest.includes(`path = "${path}"`) || (await isModule(path))) continue;
		throw new BuildError(`${path} is never run`, "add a [[test]] with this path to Cargo.toml");
	}
}

/** Whether a file is a module of the main.rs beside it. */
async function isModule(path) {
	const main = inRoot(dirname(path), "main.rs");
	const name = basename(path, ".rs");
	return existsSync(main) && new RegExp(`^mod ${name};`, "m").test(await readFile(main, "utf8"));
}

/** The corpus itself: independent libraries agree with it, or an exception says why not. */
async function corpus() {
	const generate = join("tests", "corpus", "generate.mjs");
	await check("corpus, cross-checked", () =>
		run(modernNode(), [generate, "--check"], { cwd: root, remedy: `node ${generate} --check --verbose tells more` }),
	);
}

async function fuzzing() {
	const { fuzz } = await import("../fuzz/run.mjs");
	const { passed, failed } = await fuzz({ total: Number(process.env.FUZZ_SECONDS ?? 20), light: true });
	console.log(`  fuzz: ${count({ passed, failed })}`);
}

/** Changes to the TypeScript that its tests have to notice: as many as the time allows, others each day. */
async function mutants() {
	const { boundedMutants } = await import("../mutants/typescript/run.mjs");
	const { passed, failed } = await boundedMutants(Number(process.env.MUTANT_SECONDS ?? 45));
	console.log(`  mutants: ${count({ passed, failed })}`);
}

/** Real frameworks, which are installed by a lock of their own. */
async function frameworks() {
	const { install } = await import("../frameworks/install.mjs");
	await step("the frameworks", async () => {
		await install();
	});
	await nodeTests("frameworks", folder("frameworks"));
}

async function runtimes() {
	const { runtimes } = await import("../runtimes/run.mjs");
	const { passed, failed } = await runtimes();
	console.log(`  runtimes: ${count({ passed, failed })}`);
}

async function e2e() {
	const { buildWww } = await import("../../www/build.mjs");
	await step("the demo", async () => {
		await buildWww();
	});
	for (const part of ["storefront", "shop-api"].filter((name) => existsSync(inRoot("www", name, "tsconfig.json")))) {
		const args = [tsc, "-p", join("www", part), "--noEmit"];
		await check(`tsc www/${part}`, () =>
			run(process.execPath, args, { cwd: root, remedy: "fix what tsc names above" }),
		);
	}
	// Each starts servers and browsers of its own.
	await nodeTests("e2e", folder("e2e"), { concurrency: 1 });
}
