// Claims on a command line: NAME=VALUE, several times, and an object of JSON.

import { shown } from "./terminal.js";
import { UsageError } from "./usage-error.js";

/** The rules of `--claim` and `--claims`. */
export function claimRules(single: readonly string[] | undefined, all: string | undefined): Record<string, unknown> {
	return { ...jsonObject("--claims", all), ...pairs("--claim", single) };
}

/** NAME=VALUE, each VALUE in JSON where it is that, else a text. */
export function pairs(flag: string, given: readonly string[] = []): Record<string, unknown> {
	return Object.fromEntries(
		given.map((pair) => {
			const at = pair.indexOf("=");
			if (at < 1) throw new UsageError(`${flag}: expected NAME=VALUE, found ${shown(pair)}`);
			return [pair.slice(0, at), value(pair.slice(at + 1))];
		}),
	);
}

/** An object of JSON. */
export function jsonObject(flag: string, text: string | undefined): Record<string, unknown> {
	if (text === undefined) return {};
	try {
		const parsed: unknown = JSON.parse(text);
		if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
	} catch {
		// It is told below.
	}
	throw new UsageError(`${flag}: expected an object in JSON, such as '{"role":"buyer"}', found ${shown(text)}`);
}

function value(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}
