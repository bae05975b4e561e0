// In Node.js: does the job of the file that the first argument names; its last line is the result. The package is
// found in node_modules beside the copy of this folder.

import { readFile } from "node:fs/promises";

const { kind, data, settings } = JSON.parse(await readFile(process.argv[2], "utf8"));
const say = (text) => process.stderr.write(`${text}\n`);
let result;
if (kind === "algorithm") {
	const { trial } = await import("../trial.mjs");
	const { contenders } = await import("../contenders/node.mjs");
	result = await trial(contenders, data, settings, say);
} else {
	const { measure } = await import(`../extras/${kind}.mjs`);
	result = await measure(data, settings, say);
}
console.log(JSON.stringify({ version: process.versions.node, result }));
say("done");
