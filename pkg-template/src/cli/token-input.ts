// A token as people have it at hand.

import { input } from "./arguments.js";

const QUOTES = /^["'`“”‘’](.*)["'`“”‘’][,;]?$/s;
const AROUND = [/^authorization\s*:/i, /^(bearer|dpop)\s/i];

/** The token of a command line: a file's, of standard input, or the argument itself. */
export async function tokenInput(positionals: readonly string[]): Promise<string> {
	return bare(await input(positionals, "token"));
}

/**
 * The token in what was pasted: without quotes, white space and line breaks, the name of its header and its scheme. Of an
 * answer of a token endpoint, the access token.
 */
export function bare(pasted: string): string {
	let rest = answered(pasted.trim()) ?? pasted;
	let before: string;
	do {
		before = rest;
		rest = (QUOTES.exec(rest)?.[1] ?? rest).trim();
		for (const pattern of AROUND) rest = rest.replace(pattern, "");
	} while (rest !== before);
	// A terminal breaks long lines. What else is in a token that is none of one, the core says.
	return /^[\w\s.-]+$/.test(rest) && rest.startsWith("eyJ") ? rest.replaceAll(/\s/g, "") : rest;
}

/** RFC 6749 §5.1 */
function answered(text: string): string | undefined {
	let token: unknown;
	try {
		token = Object.getOwnPropertyDescriptor(JSON.parse(text), "access_token")?.value;
	} catch {
		// It is none.
	}
	return typeof token === "string" ? token : undefined;
}
