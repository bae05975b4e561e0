// What stands behind a command: flags, and the token or key that it is about.

import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { type ParseArgsConfig, parseArgs } from "node:util";
import { unknownName } from "../own-options.js";
import { shown } from "./terminal.js";
import { UsageError } from "./usage-error.js";

/** The flags of a command, as `parseArgs` describes them. */
export type Flags = NonNullable<ParseArgsConfig["options"]>;

/** Flags and positional arguments. */
export interface Arguments {
	readonly values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
	readonly positionals: readonly string[];
}

/** Takes a command line apart. Throws a {@link UsageError} for a flag that is unknown or lacks its value. */
export function parse(args: string[], flags: Flags): Arguments {
	const { tokens } = parseArgs({ args, options: flags, allowPositionals: true, strict: false, tokens: true });
	for (const token of tokens) {
		if (token.kind !== "option" || Object.hasOwn(flags, token.name)) continue;
		const known = Object.keys(flags).map((name) => `--${name}`);
		const behind = token.rawName.startsWith("--") ? "" : "; what begins with - and is no option stands behind --";
		throw new UsageError(`${shown(token.rawName)}: ${unknownName(`--${token.name}`, known)}${behind}`);
	}
	try {
		return parseArgs({ args, options: flags, allowPositionals: true });
	} catch (error) {
		throw new UsageError((error as Error).message);
	}
}

/** A file's text, standard input, or the argument itself. */
export async function input(positionals: readonly string[], what: string): Promise<string> {
	const [given = "-", ...more] = positionals;
	if (more.length > 0) throw new UsageError(`expected one ${what}, found ${positionals.length}`);
	if (given === "-") {
		if (process.stdin.isTTY) console.error(`Paste the ${what}, then end with Ctrl-D:`);
		return (await text(process.stdin)).trim();
	}
	const file = await readFile(given, "utf8").catch(() => undefined);
	if (file === undefined && isPath(given)) throw new UsageError(`cannot read the file ${shown(given)}`);
	return file === undefined ? given : file.trim();
}

/** Whether an argument means a file, and cannot be a token or a JWK. */
function isPath(given: string): boolean {
	return /^(?!eyJ)[^{]*([/\\]|\.(jwt|jwk|jwks|json|pem|txt)$)/.test(given);
}
