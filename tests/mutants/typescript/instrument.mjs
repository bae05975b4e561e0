// The package with every mutant in it at once, each behind a switch: bundled once, by the bundler of the build.

import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { BuildError } from "../../../pkg-template/scripts/cli.mjs";
import { inRoot, pkg, template, work } from "../../../pkg-template/scripts/paths.mjs";

/** A repository in small: the bundler finds sources and package by its own place. */
const tree = inRoot("target", "mutants", "typescript");
export const packageFolder = join(tree, "pkg");
/** What the tests bundle by themselves, of the same sources. */
export const sourceFolder = join(tree, "pkg-template", "src");

/** What is no code, and what no test in Node.js can see. */
const LEFT_OUT = [
	[/(^|\/)(ambient\.d|[a-z-]*types|error-code|usage-error)\.ts$/, "types alone"],
	[/^edge\/(gate|warm-up)\.ts$/, "what Workers alone do while they are loaded: less work later, and nothing else"],
];

/** The names of the files that are mutated, as below pkg-template/src. */
export async function sources() {
	const names = await readdir(join(template, "src"), { recursive: true });
	const files = names.map((name) => name.replaceAll("\\", "/")).filter((name) => name.endsWith(".ts"));
	return files.filter((name) => !LEFT_OUT.some(([pattern]) => pattern.test(name))).sort();
}

/** Instruments these files and bundles all; resolves to the mutants. */
export async function instrument(names) {
	const { Instrumenter } = await import("@stryker-mutator/instrumenter").catch((error) => {
		throw new BuildError(error.message, "run npm run setup: it installs the instrumenter");
	});
	await copyTree();
	const files = [];
	for (const name of names) {
		files.push({ name, mutate: true, content: await readFile(join(sourceFolder, name), "utf8") });
	}
	const quiet = { isDebugEnabled: () => false, debug() {}, info() {}, warn() {}, error() {}, trace() {} };
	const options = { plugins: null, excludedMutations: [], ignorers: [] };
	const made = await new Instrumenter(quiet).instrument(files, options);
	for (const { name, content } of made.files) await writeFile(join(sourceFolder, name), content);
	await bundleTree();
	const texts = new Map(files.map(({ name, content }) => [name, content]));
	return made.mutants.map((mutant) => described(mutant, texts.get(mutant.fileName)));
}

async function copyTree() {
	if (!existsSync(join(pkg, "esm", "index.js"))) throw new BuildError("pkg/ is not built", "run npm run build");
	await rm(tree, { recursive: true, force: true });
	await cp(pkg, packageFolder, { recursive: true, filter: (from) => !from.endsWith(".tgz") });
	for (const part of ["src", "scripts"]) {
		await cp(join(template, part), join(tree, "pkg-template", part), { recursive: true });
	}
	await mkdir(dirname(tree), { recursive: true });
}

async function bundleTree() {
	const { bundle } = await import(pathToFileURL(join(tree, "pkg-template", "scripts", "bundle.mjs")).href);
	const names = (await readdir(work)).filter((name) => name.endsWith(".wasm"));
	const modules = {};
	for (const name of names) modules[name.slice(0, -".wasm".length)] = await readFile(join(work, name));
	const { version } = JSON.parse(await readFile(join(packageFolder, "package.json"), "utf8"));
	await bundle(modules, join(work, "countersign", "bound", "countersign_bg.js"), version);
}

/** A mutant by what identifies it for a reader: its line, what stood there and what stands there now. */
function described({ id, fileName, mutatorName, replacement, location: { start, end } }, content) {
	const lines = content.split("\n");
	const span = lines.slice(start.line, end.line + 1);
	span[span.length - 1] = span.at(-1).slice(0, end.column);
	span[0] = span[0].slice(start.column);
	return {
		id,
		file: fileName,
		mutator: mutatorName,
		place: `pkg-template/src/${fileName}:${start.line + 1}:${start.column + 1}`,
		line: lines[start.line].trim(),
		from: short(span.join("\n")),
		to: short(replacement),
	};
}

function short(text) {
	const line = text.replaceAll(/\s+/g, " ").trim();
	return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
