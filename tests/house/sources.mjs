// The source files of the house, and what each of them imports.

import { readdir, readFile } from "node:fs/promises";
import { dirname, join, posix, relative } from "node:path";
import { root } from "../../pkg-template/scripts/paths.mjs";

/** All files of a folder with this ending: their paths from the root, and their texts. */
export async function filesOf(folder, ending) {
	const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
	const files = entries.filter(
		(entry) => entry.isFile() && entry.name.endsWith(ending) && !entry.name.endsWith(".d.ts"),
	);
	return Promise.all(
		files.map(async (entry) => {
			const path = join(entry.parentPath, entry.name);
			return { path: relative(root, path).replaceAll("\\", "/"), text: await readFile(path, "utf8") };
		}),
	);
}

/** Rust without its tests, comments and texts: what is left names modules. */
export function rustCode(text) {
	const tests = text.search(/^#\[cfg\(test\)\]\s*\n(?:#\[[^\n]*\n)*mod tests\b/m);
	return (tests < 0 ? text : text.slice(0, tests))
		.replaceAll(/#\[cfg\(test\)\]\s*\n[^\n]*;/g, "")
		.replaceAll(/\/\/[^\n]*/g, "")
		.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
}

/** The modules that a Rust file names, as paths from `crate`. */
export function rustImports({ path, text }) {
	const own = path
		.replace(/^src\//, "")
		.replace(/(\/mod)?\.rs$/, "")
		.split("/");
	const imports = new Set();
	for (const [, ups, name] of rustCode(text).matchAll(/\b(crate(?=::)|super(?:::super)*)::([a-z_]+(?:::[a-z_]+)*)/g)) {
		const base = ups === "crate" ? [] : own.slice(0, own.length - (ups.match(/super/g)?.length ?? 0));
		imports.add([...base, ...name.split("::")].join("::"));
	}
	return [...imports];
}

/** The files of the package that a TypeScript file imports, types left out unless asked for. */
export function typescriptImports({ path, text }, { types = false } = {}) {
	const found = [
		...text.matchAll(
			/^(?:import|export)(?!\s+(?:const|function|class|interface|async|declare)\b)([^;"]*?)(?:from\s+)?"(\.[^"]+)";/gm,
		),
	];
	const dynamic = [...text.matchAll(/\bimport\("(\.[^"]+)"\)/g)].map(([, to]) => ["", "", to]);
	return [...found, ...dynamic]
		.filter(([, what]) => types || !/^\s*type\b/.test(what))
		.map(([, , to]) => posix.join(dirname(path), to).replace(/\.js$/, ".ts"));
}
