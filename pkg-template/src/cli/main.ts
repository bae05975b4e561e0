#!/usr/bin/env node
// npx countersign: what the package does, at a prompt. Everything it says about a token comes from the core.

import { readFile } from "node:fs/promises";
import { TokenError } from "../error.js";
import { nearest } from "../own-options.js";
import { COMMANDS } from "./commands.js";
import { HELP, helpOf } from "./help.js";
import { printable, shown } from "./terminal.js";
import { UsageError } from "./usage-error.js";

const [name = "--help", ...args] = process.argv.slice(2);
const isHelp = (word: string | undefined) => word === "--help" || word === "-h";

async function main(): Promise<number> {
	const command = COMMANDS.get(name);
	if (command && !args.some(isHelp)) return command(args);
	if (name === "--version" || name === "-v" || name === "version") return print(await version());
	if (command) return print(helpOf(name));
	if (name === "help" && COMMANDS.has(args[0] as string)) return print(helpOf(args[0] as string));
	if (name === "help" || isHelp(name)) return print(HELP);
	const near = nearest(name, [...COMMANDS.keys(), "--help", "--version"]);
	throw new UsageError(`there is no command ${shown(name)}${near ? `; did you mean ${near}?` : ""}`);
}

function print(text: string): number {
	console.log(text);
	return 0;
}

/** Of the package that this file is in. */
async function version(): Promise<string> {
	return JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8")).version;
}

/** How to see more of a command that was misused. */
function hint(): string {
	return COMMANDS.has(name) ? `Try: npx countersign ${name} --help` : "Try: npx countersign --help";
}

// Its reader may end first, as `head` does.
process.stdout.on("error", () => process.exit());

main().then(
	(status) => {
		process.exitCode = status;
	},
	(error: Error) => {
		const isUsage = error instanceof UsageError || error instanceof TypeError;
		const message = printable(error.message);
		if (error instanceof TokenError) console.error(`${error.code}: ${message}`);
		else console.error(`countersign: ${message}${isUsage ? `\n${hint()}` : ""}`);
		process.exitCode = isUsage ? 2 : 1;
	},
);
