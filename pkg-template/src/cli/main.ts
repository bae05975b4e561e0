#!/usr/bin/env node
// npx countersign: what the package does, at a prompt. Everything it says about a token comes from the core.

import { TokenError } from "../core.js";
import { COMMANDS, HELP } from "./commands.js";
import { printable, shown } from "./terminal.js";
import { Usage } from "./usage.js";

const [name = "--help", ...args] = process.argv.slice(2);

async function main(): Promise<number> {
	const command = COMMANDS[name];
	if (command && !args.includes("--help") && !args.includes("-h")) return command(args);
	if (command || name === "--help" || name === "-h" || name === "help") {
		console.log(HELP);
		return 0;
	}
	throw new Usage(`there is no command ${shown(name)}`);
}

// Whoever reads along may stop reading: | head
process.stdout.on("error", () => process.exit());

main().then(
	(status) => {
		process.exitCode = status;
	},
	(error: unknown) => {
		const message = printable(error instanceof Error ? error.message : String(error));
		if (error instanceof TokenError) console.error(`${error.code}: ${message}`);
		else console.error(`countersign: ${message}${error instanceof Usage ? "\nTry: npx countersign --help" : ""}`);
		process.exitCode = error instanceof Usage || error instanceof TypeError ? 2 : 1;
	},
);
