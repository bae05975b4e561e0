import { named } from "../core.js";
import type { LoginOptions } from "./types.js";

/** The options of a login, read once. Throws a `TypeError` that names the one that is wrong. */
export function checked(options: LoginOptions): LoginOptions {
	if (typeof options !== "object" || options === null) throw new TypeError("options: must be an object");
	const read: Record<string, unknown> = {};
	for (const [name, { holds, expected, needed = false }] of Object.entries(RULES)) {
		const given = named(name, () => options[name as keyof LoginOptions]);
		const right = given === undefined ? !needed : named(name, () => holds(given));
		if (!right) throw new TypeError(`${name}: must be ${expected}`);
		if (given !== undefined) read[name] = Array.isArray(given) ? named(name, () => [...given]) : given;
	}
	return read as unknown as LoginOptions;
}

interface Rule {
	readonly expected: string;
	readonly needed?: true;
	holds(given: unknown): boolean;
}

const isText = (given: unknown): boolean => typeof given === "string";
const isUrl = (given: unknown): boolean => isText(given) && URL.canParse(given as string);
const areUrls = (given: unknown): boolean => Array.isArray(given) && given.every(isUrl);
const isFunction = (given: unknown): boolean => typeof given === "function";

const RULES: Readonly<Record<keyof LoginOptions, Rule>> = {
	issuer: { needed: true, expected: "a URL", holds: isUrl },
	clientId: { needed: true, expected: "a string", holds: (given) => isText(given) && given !== "" },
	redirectUri: { needed: true, expected: "a URL", holds: isUrl },
	postLogoutRedirectUri: { expected: "a URL", holds: isUrl },
	scope: { expected: "a string", holds: isText },
	resource: { expected: "a URL or an array of URLs", holds: (given) => isUrl(given) || areUrls(given) },
	origins: { expected: "an array of URLs", holds: areUrls },
	storage: {
		expected: '"memory", "session" or an object with getItem, setItem and removeItem',
		holds: (given) =>
			given === "memory" ||
			given === "session" ||
			(typeof given === "object" &&
				given !== null &&
				["getItem", "setItem", "removeItem"].every((name) => isFunction((given as Record<string, unknown>)[name]))),
	},
	fetch: { expected: "a function", holds: isFunction },
	now: { expected: "a function", holds: isFunction },
	onStep: { expected: "a function", holds: isFunction },
};
