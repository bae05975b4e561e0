// Small files, one job each: no file of the core over 400 lines, and half of them below 200.

import { filesOf } from "./sources.mjs";

const MAX_LINES = 400;
const MAX_MEDIAN = 200;

/** What is wrong, a line each. */
export async function sizes() {
	const files = (await filesOf("src", ".rs")).map(({ path, text }) => ({
		path,
		lines: text.trimEnd().split("\n").length,
	}));
	const wrong = files
		.filter(({ lines }) => lines > MAX_LINES)
		.map(({ path, lines }) => `${path}: ${lines} lines, more than ${MAX_LINES}`);
	const outside = files.filter(({ path }) => !path.startsWith("src/kernels/")).map(({ lines }) => lines);
	const median = outside.sort((a, b) => a - b)[Math.floor(outside.length / 2)];
	if (median > MAX_MEDIAN) wrong.push(`half of the files of src outside kernels have over ${median} lines`);
	return wrong;
}
