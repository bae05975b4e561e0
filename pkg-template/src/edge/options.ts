import { named } from "../core.js";
import type { GuardOptions } from "./types.js";

/** @internal The options of a guard, read once. Throws a `TypeError` that names the one that is wrong. */
export function checked(options: GuardOptions): GuardOptions {
	if (typeof options !== "object" || options === null) throw new TypeError("options: must be an object");
	const read: Record<string, unknown> = {};
	for (const name of named("options", () => Object.keys(options))) {
		read[name] = named(name, () => options[name as keyof GuardOptions]);
	}
	for (const [name, { holds, expected }] of Object.entries(RULES)) {
		const given = read[name];
		if (given === undefined || named(name, () => holds(given))) continue;
		throw new TypeError(`${name}: must be ${expected}`);
	}
	return read as unknown as GuardOptions;
}

interface Rule {
	readonly expected: string;
	holds(given: unknown): boolean;
}

const isText = (given: unknown): boolean => typeof given === "string";
const areTexts = (given: unknown): boolean => isText(given) || (Array.isArray(given) && given.every(isText));
const isObject = (given: unknown): given is Record<string, unknown> => typeof given === "object" && given !== null;

// What the core does not see; the rest it checks itself.
const RULES: Readonly<Record<string, Rule>> = {
	realm: { expected: "a string", holds: isText },
	scope: { expected: "a string or an array of strings", holds: areTexts },
	resourceMetadata: {
		expected: "true, false or a URL",
		holds: (given) => typeof given === "boolean" || isText(given) || (isObject(given) && isText(given.href)),
	},
	cors: {
		expected: "an object whose origin is a string or an array of strings",
		holds: (given) => isObject(given) && areTexts(given.origin),
	},
	dpop: { expected: "an object", holds: isObject },
	onVerdict: { expected: "a function", holds: (given) => typeof given === "function" },
};
