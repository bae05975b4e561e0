// In Node.js, Deno and Bun: runs the suite on the corpus file named by the first argument, prints the result.

import { readFile } from "node:fs/promises";
import { runSuite } from "./suite.mjs";

const corpus = JSON.parse(await readFile(process.argv[2], "utf8"));
const { deno, bun } = process.versions;
console.log(JSON.stringify({ version: deno ?? bun ?? process.versions.node, ...(await runSuite(corpus)) }));
