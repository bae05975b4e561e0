// Options as callers hand them over, read where the core need not be there: own properties only, every name known,
// `undefined` the same as absent. Whatever is wrong is a TypeError that begins with the path of the option.

/** What one option has to be. */
export interface Rule {
	readonly expected: string;
	readonly required: boolean;
	/** The value to keep; `undefined` where the given one is not what is expected. */
	read(given: unknown): unknown;
}

/** A rule for each option. */
export type Rules<T> = Readonly<Record<keyof T & string, Rule>>;

/** An option that may be left out. */
export function optional(expected: string, read: Rule["read"]): Rule {
	return { expected, required: false, read };
}

/** An option that has to be there. */
export function required(expected: string, read: Rule["read"]): Rule {
	return { expected, required: true, read };
}

/** The options, read once. What is returned inherits nothing. */
export function readOptions<T extends object>(given: unknown, rules: Rules<T>): T {
	const known = Object.keys(rules) as (keyof T & string)[];
	const members = ownMembers(given, "options");
	for (const name of members.keys()) {
		if (!(known as string[]).includes(name)) throw new TypeError(`${printable(name)}: ${unknownName(name, known)}`);
	}
	const options = Object.create(null) as Record<string, unknown>;
	for (const name of known) {
		const rule = rules[name];
		const value = members.get(name);
		if (value === undefined && !rule.required) continue;
		const kept = attempt(name, () => rule.read(value));
		if (kept === undefined) throw new TypeError(`${name}: ${missing(value)}expected ${rule.expected}`);
		options[name] = kept;
	}
	return options as T;
}

/** The members that an object has itself. Symbols name none. */
export function ownMembers(given: unknown, path: string): Map<string, unknown> {
	if (typeof given !== "object" || given === null || Array.isArray(given)) {
		throw new TypeError(`${path}: expected an object`);
	}
	const members = new Map<string, unknown>();
	for (const name of attempt(path, () => Reflect.ownKeys(given))) {
		if (typeof name !== "string") continue;
		members.set(
			name,
			attempt(name, () => (given as Record<string, unknown>)[name]),
		);
	}
	return members;
}

/** What is wrong with a name that nobody knows, and which one was probably meant. */
export function unknownName(name: string, known: readonly string[], kind = "option"): string {
	const near = nearest(name, known);
	return near === undefined
		? `unknown ${kind}; known here: ${known.join(", ")}`
		: `unknown ${kind}; did you mean ${near}?`;
}

/** The known name that is nearest to a name, if one is near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
	const asked = name.slice(0, 64).toLowerCase();
	const farthest = 1 + Math.floor(asked.length / 4);
	let found: string | undefined;
	let least = farthest + 1;
	for (const candidate of known) {
		const letters = distance(asked, candidate.toLowerCase());
		if (letters < least) [found, least] = [candidate, letters];
	}
	return found;
}

/** How many letters have to be changed, added or left out. */
function distance(one: string, other: string): number {
	let row = Array.from({ length: other.length + 1 }, (_, at) => at);
	for (const letter of one) {
		const next = [(row[0] as number) + 1];
		for (let at = 0; at < other.length; at++) {
			const replaced = (row[at] as number) + (letter === other[at] ? 0 : 1);
			next.push(Math.min(replaced, (row[at + 1] as number) + 1, (next[at] as number) + 1));
		}
		row = next;
	}
	return row.at(-1) as number;
}

function missing(value: unknown): string {
	return value === undefined ? "required; " : "";
}

function attempt<T>(path: string, work: () => T): T {
	try {
		return work();
	} catch (cause) {
		throw new TypeError(`${printable(path)}: cannot be read`, { cause });
	}
}

function printable(name: string): string {
	return name.slice(0, 80).replace(/[^\x20-\x7e]/g, "\ufffd");
}
