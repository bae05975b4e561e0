// Reads the corpus from its folder. Uses nothing but Node.js.

import { readdirSync, readFileSync } from "node:fs";

const read = (file) => JSON.parse(readFileSync(new URL(file, import.meta.url), "utf8"));

/**
 * The corpus as it lies there: { cases, keys, policies }, the cases in the order of index.json. Throws if a file is
 * missing, or is there but not listed: a case that nobody runs would look like one that passes.
 */
export function loadCorpus() {
	const cases = read("index.json").flatMap(({ subject, files }) => {
		const listed = new Set(files.map((file) => `${file}.json`));
		const unlisted = readdirSync(new URL(`cases/${subject}/`, import.meta.url)).find((file) => !listed.has(file));
		if (unlisted !== undefined) throw new Error(`index.json does not list cases/${subject}/${unlisted}`);
		return files.map((file) => read(`cases/${subject}/${file}.json`));
	});
	return { cases, keys: read("keys.json"), policies: read("policies.json") };
}

/** A value, or the shared one that "@name" stands for. */
export function resolve(value, shared) {
	if (typeof value !== "string" || !value.startsWith("@")) return value;
	const name = value.slice(1);
	if (!Object.hasOwn(shared, name)) throw new Error(`nothing shared is named ${value}`);
	return shared[name];
}
