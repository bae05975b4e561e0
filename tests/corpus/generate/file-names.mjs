// A case's name as the name of its file: lower-case ASCII letters, digits, dots and dashes, on every file system the
// same and short enough for the most limited of them.
import { createHash } from "node:crypto";

const LONGEST_PATH = 120;

/**
 * The file names, without extension, for these names of cases, in their order. Names that come to one file name
 * (`none`, `NONE`) are told apart by a part of the name's SHA-256, from the second on.
 */
export function fileNames(subject, names) {
	const taken = new Set();
	const seen = new Set();
	return names.map((name) => {
		if (seen.has(name)) throw new Error(`two cases are named ${name}`);
		seen.add(name);
		const plain = asFileName(name.slice(subject.length + 1));
		const file = taken.has(plain) ? `${plain}-${createHash("sha256").update(name).digest("hex").slice(0, 6)}` : plain;
		const path = `tests/corpus/cases/${subject}/${file}.json`;
		if (taken.has(file) || path.length > LONGEST_PATH) throw new Error(`${name}: ${path} is taken or too long`);
		taken.add(file);
		return file;
	});
}

function asFileName(name) {
	const words = name.toLowerCase().replaceAll("/", ".");
	return words.replaceAll(/[^a-z0-9.-]+/g, "-").replaceAll(/^[-.]+|[-.]+$/g, "") || "empty";
}
