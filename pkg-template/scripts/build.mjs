#!/usr/bin/env node
// Builds the npm package: Rust → wasm → wasm-bindgen → wasm-opt → TypeScript → pkg/ → pkg/countersign-VERSION.tgz
// Each stage runs only if what it is made of has changed.

import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { BuildError, isMain, main, run, step } from "./cli.mjs";
import { layOut, pruneTypes } from "./layout.mjs";
import { inRoot, pkg, root, template, work } from "./paths.mjs";
import { npm } from "./setup.mjs";
import { checkBudget, reportSizes } from "./sizes.mjs";

const HELP = `
npm run build [-- --force]

Builds pkg/ and pkg/countersign-VERSION.tgz, and prints what is in it. Stages whose input has not
changed are skipped; --force runs them all. Needs npm run setup once.
`;

const TARGET = "wasm32-unknown-unknown";
const TOOL = "countersign-bindgen";
const bindgen = inRoot("target", "tools", process.platform === "win32" ? `${TOOL}.exe` : TOOL);

/** The core: as compiled, as bound by wasm-bindgen with its glue and types, and as published. */
const CORE = {
	compiled: join(work, "countersign", "compiled.wasm"),
	bound: join(work, "countersign", "bound", "countersign_bg.wasm"),
	glue: join(work, "countersign", "bound", "countersign_bg.js"),
	types: join(work, "countersign", "bound", "countersign.d.ts"),
	optimized: join(work, "countersign.wasm"),
};

/** What TypeScript knows of the core: `countersign:bindings` in tsconfig.json. */
const BINDINGS = join(work, "bindings.d.ts");

/** Kernels that are modules of their own: one needs relaxed SIMD, the other is large and seldom needed. */
const KERNELS = [
	["rsa-fma", "rsa-fma"],
	["ml-dsa", "ml-dsa-kernel"],
].map(([name, crate]) => ({
	name,
	crate,
	compiled: join(work, name, "compiled.wasm"),
	optimized: join(work, `${name}.wasm`),
}));

/** Builds what has changed. Resolves to the path of the tarball. */
export async function build({ force = false } = {}) {
	await mkdir(work, { recursive: true });
	const { version } = await manifest();
	const tarball = join(pkg, `countersign-${version}.tgz`);
	const cargo = ["Cargo.toml", "Cargo.lock"].map((name) => inRoot(name));
	const scripts = ["build.mjs", "bundle.mjs", "layout.mjs", "wasm-text.mjs"].map((name) =>
		join(template, "scripts", name),
	);

	const make = (name, inputs, outputs, work) => stage(name, inputs, outputs, work, force);
	// Cargo compiles the tool and the core side by side; behind that, wasm-opt the core while cargo has the kernels.
	await Promise.all([
		make("wasm-bindgen", [cargo[1], join(template, "scripts", "bindgen")], [bindgen], buildTool),
		make("core: Rust to wasm", [...cargo, inRoot("src"), scripts[0]], [CORE.compiled], compileCore),
	]);
	await Promise.all([bindCore(make, scripts[0]), buildKernels(make, cargo, scripts[0])]);
	await make(
		"bundles",
		[...wasms(), CORE.glue, join(template, "src"), cargo[0], ...scripts],
		[join(pkg, "esm", "index.js"), join(pkg, "esm", "ml-dsa.js")],
		() => bundleAll(version),
	);
	const configurations = ["tsconfig.json", "tsconfig.build.json"].map((name) => join(template, name));
	await make(
		"types",
		[BINDINGS, join(template, "src"), ...configurations, ...scripts],
		[join(pkg, "esm", "index.d.ts")],
		declare,
	);
	const bundles = ["esm", "cjs", "workerd", "edge-light"].map((folder) => join(pkg, folder));
	const packed = [...bundles, ...wasms(), ...documents(), PAGES, cargo[0], ...scripts];
	await make("tarball", packed, [tarball], () => pack(version));
	await checkBudget();
	return tarball;
}

async function bindCore(make, script) {
	await make("core: wasm-bindgen", [CORE.compiled, bindgen, script], [CORE.bound, CORE.glue, BINDINGS], bind);
	await make("core: wasm-opt", [CORE.bound, script], [CORE.optimized], () => wasmOpt(CORE.bound, CORE.optimized));
}

async function buildKernels(make, cargo, script) {
	for (const { name, compiled, optimized } of KERNELS) {
		const sources = [...cargo, inRoot("src", "kernels"), join(template, name), script];
		await make(`${name}: Rust to wasm`, sources, [compiled], () => compileKernel(name));
		await make(`${name}: wasm-opt`, [compiled, script], [optimized], () => optimizeKernel(name));
	}
}

async function manifest() {
	const text = await readFile(inRoot("Cargo.toml"), "utf8");
	const version = /^\[package\][^[]*?^version\s*=\s*"([^"]+)"/ms.exec(text)?.[1];
	if (!version) throw new BuildError("Cargo.toml names no version", 'add version = "…" to its [package]');
	return { version };
}

async function stage(name, inputs, outputs, make, force) {
	const stamp = join(work, `${name.replaceAll(/[: ]+/g, "-")}.stamp`);
	const hash = await hashOf(inputs);
	const known = await readFile(stamp, "utf8").catch(() => "");
	const present = await Promise.all(outputs.map((path) => stat(path).then(Boolean, () => false)));
	if (!force && known === hash && present.every(Boolean)) return console.log(`✓ ${name}: unchanged`);
	await rm(stamp, { force: true });
	await step(name, make);
	await writeFile(stamp, hash);
}

/** One hash of files and folders: names and contents. */
async function hashOf(paths) {
	const hash = createHash("sha256").update(process.version);
	for (const path of paths) {
		for (const file of await filesOf(path)) hash.update(`\0${relative(root, file)}\0`).update(await readFile(file));
	}
	return hash.digest("hex");
}

async function filesOf(path) {
	const found = await stat(path).catch(() => undefined);
	if (!found) return [];
	if (!found.isDirectory()) return [path];
	const entries = await readdir(path, { recursive: true, withFileTypes: true });
	return entries
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath ?? entry.path, entry.name))
		.sort();
}

const CARGO_REMEDY = "fix what cargo names above; if it lacks a target, run npm run setup";

function buildTool() {
	// A profile of its own, so that the tool is compiled quickly instead of well.
	const profile = ['profile.tools.inherits="release"', "profile.tools.opt-level=0"];
	const args = ["build", "--package", TOOL, "--profile", "tools", "--target-dir", inRoot("target")];
	return run("cargo", [...args, ...profile.flatMap((line) => ["--config", line])], {
		cwd: root,
		remedy: CARGO_REMEDY,
	}).then(() => {});
}

/**
 * Vectors run in every runtime of today. Kernels say for themselves what they need inlined; for the rest, the crates
 * below included, the size of the download counts more: small functions only are inlined, loops stay as they are, and
 * comparisons with a literal of more than eight octets are calls.
 */
const SIMD = ["-C", "target-feature=+simd128"];
const SMALL = [
	"no-vectorize-loops",
	"llvm-args=-inline-threshold=5",
	"llvm-args=-inlinehint-threshold=25",
	"llvm-args=-unroll-allow-peeling=false",
	"llvm-args=-unroll-allow-partial=false",
	"llvm-args=-unroll-runtime=false",
	"llvm-args=-max-loads-per-memcmp=1",
].flatMap((setting) => ["-C", setting]);

function compileCore() {
	const wanted = ["--lib", "--no-default-features", "--features", "wasm"];
	return cargoRustc(wanted, "countersign.wasm", [...SIMD, ...SMALL], CORE.compiled);
}

function compileKernel(name) {
	const features = name === "rsa-fma" ? "target-feature=+simd128,+relaxed-simd" : "target-feature=+simd128";
	const stack = name === "rsa-fma" ? 32_768 : 262_144;
	const flags = ["-C", features, ...SMALL, "-C", `link-arg=-zstack-size=${stack}`];
	const { crate, compiled } = KERNELS.find((kernel) => kernel.name === name);
	return cargoRustc(["--package", crate], `${crate.replaceAll("-", "_")}.wasm`, flags, compiled);
}

/**
 * What panics say of where they are names no folder of this machine, and the standard library as rustc calls it where
 * its sources are not installed.
 */
async function places() {
	const remedy = "run npm run setup: it names how to install Rust";
	const sysroot = (await run("rustc", ["--print", "sysroot"], { cwd: root, remedy })).trim();
	const version = await run("rustc", ["--version", "--verbose"], { cwd: root, remedy });
	const commit = /^commit-hash: (.*)$/m.exec(version)?.[1];
	const registry = join(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "registry", "src");
	const indices = await readdir(registry).catch(() => []);
	return [
		[sysroot, "rust"],
		[join(sysroot, "lib", "rustlib", "src", "rust"), `/rustc/${commit}`],
		...indices.map((index) => [join(registry, index), "crates"]),
	].map(([folder, name]) => `--remap-path-prefix=${folder}=${name}`);
}

/** One cdylib. The flags are for the crate and for all that it depends on. */
async function cargoRustc(wanted, artifact, flags, compiled) {
	const args = ["rustc", "--crate-type", "cdylib", "--target", TARGET, "--profile", "wasm", ...wanted];
	await run("cargo", [...args, "--target-dir", inRoot("target")], {
		cwd: root,
		env: { ...process.env, CARGO_ENCODED_RUSTFLAGS: [...flags, ...(await places())].join("\x1f") },
		remedy: CARGO_REMEDY,
	});
	await mkdir(dirname(compiled), { recursive: true });
	await cp(inRoot("target", TARGET, "wasm", artifact), compiled);
}

/** Binds the core, and writes what TypeScript knows of it from the types that wasm-bindgen makes. */
async function bind() {
	await rm(dirname(CORE.bound), { recursive: true, force: true });
	await run(bindgen, [CORE.compiled, dirname(CORE.bound)], {
		remedy: "give wasm-bindgen in Cargo.toml and wasm-bindgen-cli-support in the bindgen manifest the same version",
	});
	const types = `import type * as core from "./countersign/bound/countersign.js";
export type * from "./countersign/bound/countersign.js";
/** The core's exports, and what links them to an instance. */
export type Bindings = typeof core & { __wbg_set_wasm(exports: WebAssembly.Exports): void };
/** Bindings of their own for one instance. */
export function createBindings(
	encoding: { readonly TextDecoder: typeof TextDecoder; readonly TextEncoder: typeof TextEncoder },
): Bindings;
`;
	await writeFile(BINDINGS, types);
}

/** What every runtime of today has. */
const FEATURES = [
	"bulk-memory",
	"call-indirect-overlong",
	"multivalue",
	"mutable-globals",
	"nontrapping-float-to-int",
	"reference-types",
	"sign-ext",
	"simd",
];

function optimizeKernel(name) {
	const { compiled, optimized } = KERNELS.find((kernel) => kernel.name === name);
	return wasmOpt(compiled, optimized, name === "rsa-fma" ? [...FEATURES, "relaxed-simd"] : FEATURES);
}

async function wasmOpt(from, to, features = FEATURES) {
	await run(
		process.execPath,
		[
			inRoot("node_modules", "binaryen", "bin", "wasm-opt"),
			from,
			"-O3",
			// Until nothing changes any more.
			"--converge",
			// The stack lies first in memory, and what is left of it below 1 KiB is for its overflow: addresses may be folded.
			"--low-memory-unused",
			// Alike code side by side compresses better.
			"--reorder-functions-by-name",
			...features.map((name) => `--enable-${name}`),
			"--strip-debug",
			"--strip-producers",
			"--strip-target-features",
			"-o",
			to,
		],
		{ remedy: "run npm run setup: it installs binaryen" },
	);
}

async function bundleAll(version) {
	const { bundle } = await import("./bundle.mjs").catch((error) => {
		throw new BuildError(error.message, "run npm run setup: it installs esbuild");
	});
	for (const folder of ["esm", "cjs", "workerd", "edge-light"]) {
		await clear(join(pkg, folder), (name) => !name.endsWith(".d.ts"));
	}
	await mkdir(pkg, { recursive: true });
	const modules = {};
	for (const path of wasms()) {
		modules[basename(path, ".wasm")] = await readFile(path);
		await cp(path, join(pkg, basename(path)));
	}
	await bundle(modules, CORE.glue, version);
}

async function declare() {
	const tsc = inRoot("node_modules", "typescript", "bin", "tsc");
	for (const folder of ["esm", "cjs"]) {
		const outDir = join(pkg, folder);
		await clear(outDir, (name) => name.endsWith(".d.ts"));
		await run(process.execPath, [tsc, "-p", join(template, "tsconfig.build.json"), "--outDir", outDir], {
			remedy: "fix what tsc names above",
		});
		await pruneTypes(outDir);
	}
}

async function clear(folder, which) {
	for (const file of await filesOf(folder)) if (which(file)) await rm(file);
}

const wasms = () => [CORE, ...KERNELS].map(({ optimized }) => optimized);

/** What is copied into the package beside the code. */
function documents() {
	return [
		join(template, "package.json"),
		join(template, "README.md"),
		inRoot("CHANGELOG.md"),
		inRoot("LICENSE-MIT"),
		inRoot("LICENSE-APACHE"),
		inRoot("SECURITY.md"),
	];
}

/** One page an error code, to which `error.help` points. */
const PAGES = inRoot("docs", "errors");

async function pack(version) {
	await rm(join(pkg, "errors"), { recursive: true, force: true });
	await cp(PAGES, join(pkg, "errors"), { recursive: true });
	for (const path of documents().slice(1)) {
		await cp(path, join(pkg, path.split(/[/\\]/).at(-1))).catch((error) => {
			if (error.code !== "ENOENT") throw error;
		});
	}
	await layOut(version);
	for (const file of await readdir(pkg)) if (file.endsWith(".tgz")) await rm(join(pkg, file));
	await npm(["pack", "--silent", "--ignore-scripts"], { cwd: pkg, remedy: "see what npm pack says above" });
}

if (isMain(import.meta)) {
	await main(HELP, async (args) => {
		const began = performance.now();
		const tarball = await build({ force: args.includes("--force") });
		await reportSizes(tarball, CORE.bound);
		console.log(`built ${relative(root, tarball)} in ${((performance.now() - began) / 1000).toFixed(1)} s`);
	});
}
