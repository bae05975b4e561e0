#!/usr/bin/env node
// npx countersign: what the package does, at a prompt. Everything it says about a token comes from the core.

import { TokenError } from "../error.js";
import { nearest } from "../own-options.js";
import { COMMANDS } from "./commands.js";
import { HELP } from "./help.js";
import { printable, shown } from "./terminal.js";
import { UsageError } from "./usage-error.js";

const [name = "--help", ...args] = process.argv.slice(2);

async function main(): Promise<number> {
	const command = COMMANDS.get(name);
	if (command && !args.includes("--help") && !args.includes("-h")) return command(args);
	if (command || name === "--help" || name === "-h" || name === "help") {
		console.log(HELP);
		return 0;
	}
	const near = nearest(name, [...COMMANDS.keys()]);
	throw new UsageError(`there is no command ${shown(name)}${near ? `; did you mean ${near}?` : ""}`);
}

// Its reader may end first, as `head` does.
process.stdout.on("error", () => process.exit());

main().then(
	(status) => {
		process.exitCode = status;
	},
	(error: unknown) => {
		const message = printable(error instanceof Error ? error.message : String(error));
		if (error instanceof TokenError) console.error(`${error.code}: ${message}`);
		else console.error(`countersign: ${message}${error instanceof UsageError ? "\nTry: npx countersign --help" : ""}`);
		process.exitCode = error instanceof UsageError || error instanceof TypeError ? 2 : 1;
	},
);
