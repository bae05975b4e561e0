#!/usr/bin/env node
// npx countersign: what the package does, at a prompt. Everything it says about a token comes from the core.

import { TokenError } from "../core.js";
import { COMMANDS, HELP } from "./commands.js";
import { Usage } from "./usage.js";

const [name = "--help", ...args] = process.argv.slice(2);

async function main(): Promise<number> {
	const command = COMMANDS[name];
	if (command && !args.includes("--help") && !args.includes("-h")) return command(args);
	if (command || name === "--help" || name === "-h" || name === "help") {
		console.log(HELP);
		return 0;
	}
	throw new Usage(`there is no command ${name}`);
}

main().then(
	(status) => {
		process.exitCode = status;
	},
	(error: unknown) => {
		if (error instanceof TokenError) console.error(`${error.code}: ${error.message}`);
		else if (error instanceof Usage) console.error(`countersign: ${error.message}\nTry: npx countersign --help`);
		else console.error(`countersign: ${error instanceof Error ? error.message : String(error)}`);
		process.exitCode = error instanceof Usage || error instanceof TypeError ? 2 : 1;
	},
);
