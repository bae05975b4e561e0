// The recipes of docs/providers: their blocks of code, loaded as a reader would run them, and their lists of checks.

import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { inRoot } from "../../pkg-template/scripts/paths.mjs";
import { unpack } from "../runtimes/helpers.mjs";

export const pageFile = (page) => inRoot("docs", "providers", `${page}.md`);

/** The names of the pages. */
export async function pages() {
	const files = await readdir(inRoot("docs", "providers"));
	return files.filter((file) => file !== "README.md").map((file) => file.replace(/\.md$/, ""));
}

const KINDS = { countersign: "verifier", "countersign/edge": "guard", "countersign/login": "login" };

/** A page: its text, and its blocks of JavaScript in order, each of the kind that its import tells. */
export async function readPage(page) {
	const text = await readFile(pageFile(page), "utf8");
	const blocks = [...text.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(({ 1: code, index }) => {
		const [, entry] = /from "([^"]+)"/.exec(code) ?? [];
		return { page, kind: KINDS[entry], code, line: text.slice(0, index).split("\n").length };
	});
	return { text, blocks };
}

/** The recipe of a page at this place: the so-manieth block of each kind, without the kinds that it does not have. */
export async function recipeOf({ page, at = 0 }) {
	const { blocks } = await readPage(page);
	const of = (kind) => blocks.filter((block) => block.kind === kind)[at];
	return { verifier: of("verifier"), guard: of("guard"), login: blocks.find(({ kind }) => kind === "login") };
}

/** A folder in which the packed package is installed, and where blocks become modules. */
export async function workplace() {
	const folder = await mkdtemp(join(tmpdir(), "countersign-recipes-"));
	await unpack(folder);
	let count = 0;
	return {
		entry: (name) => import(pathToFileURL(join(folder, "node_modules", "countersign", "esm", `${name}.js`)).href),
		/** Runs a block; resolves to what it exports. */
		async load({ page, kind, code }) {
			const file = join(folder, `${page}-${kind}-${count++}.mjs`);
			await writeFile(file, code);
			return import(pathToFileURL(file).href);
		},
		remove: () => rm(folder, { recursive: true, force: true }),
	};
}

const TABLE = /^\| check \| expected \|\n\|---\|---\|\n((?:\|.*\n)*)/gm;

/** A page's list of checks at this place, as lines of Markdown. */
export async function listOf({ page, at = 0 }) {
	const { text } = await readPage(page);
	return [...text.matchAll(TABLE)][at]?.[1].trim().split("\n");
}

/** Replaces it. */
export async function writeList({ page, at = 0 }, lines) {
	const { text } = await readPage(page);
	let seen = 0;
	const changed = text.replaceAll(TABLE, (table) =>
		seen++ === at ? `| check | expected |\n|---|---|\n${lines.map((line) => `${line}\n`).join("")}` : table,
	);
	await writeFile(pageFile(page), changed);
}
