// The names of options, as the published types have them: an option without a row in a table fails that table's test.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inRoot } from "../consumers/helpers.mjs";

/** The members of an interface in a published `.d.ts`, without those it inherits, and what each is declared as. */
export function membersOf(file, name) {
	const text = readFileSync(join(inRoot("pkg"), "esm", file), "utf8").replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
	const head = new RegExp(`interface ${name}\\b[^{]*\\{`).exec(text);
	if (!head) throw new Error(`${file}: no interface ${name}`);
	const members = {};
	let [depth, member] = [1, ""];
	for (const letter of text.slice(head.index + head[0].length)) {
		if (letter === "{") depth++;
		if (letter === "}") depth--;
		if (depth === 0) return members;
		member += letter;
		if (letter !== ";" || depth > 1) continue;
		const [, option, type] = /^\s*(?:readonly )?(\w+)\??:([\s\S]*);$/.exec(member);
		members[option] = type.trim();
		member = "";
	}
	throw new Error(`${file}: interface ${name} has no end`);
}

/** The members of an object type: written out, or picked from an interface. */
export function membersOfType(type) {
	const written = /^\{([\s\S]*)\}$/.exec(type);
	if (written) return [...written[1].matchAll(/readonly (\w+)\??:/g)].map(([, name]) => name);
	return [...type.matchAll(/"(\w+)"/g)].map(([, name]) => name);
}
