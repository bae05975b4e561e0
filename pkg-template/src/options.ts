// What callers hand over is read once, into JSON text for the core: nothing of it can change afterwards, and no getter,
// proxy or toJSON of theirs runs while the core does. The core reads it in src/wasm/options.rs, and says what is wrong.

/** Deeper than any key or policy. */
const DEEPEST = 32;
/** Longer than any list of keys. */
const LONGEST = 1_000_000;
/** What is no value of JSON crosses as one that no option wants. */
const NO_VALUE = "false";
/** Begins the names that only this file gives. */
const OURS = "\0";

/** The JSON of an options object but for `others`. What is no object is for the core to refuse. */
export function snapshotOptions(options: object | undefined, others: readonly string[] = []): string {
	return named("options", () => {
		if (typeof options !== "object" || options === null || Array.isArray(options)) return NO_VALUE;
		const members: string[] = [];
		for (const name of Object.keys(options)) {
			if (others.includes(name)) continue;
			named(name, () => {
				const given = (options as Record<string, unknown>)[name];
				if (given !== undefined) members.push(`${text(name)}:${json(given, 0)}`);
			});
		}
		return `{${members.join()}}`;
	});
}

/** The JSON of one argument. */
export function snapshot(argument: unknown, name: string): string {
	return named(name, () => json(argument, 0));
}

/** Arguments of which none is an object. */
export type Arguments = Readonly<Record<string, unknown>>;

/** The JSON of arguments. Their texts go the way of an encoder: half a surrogate pair becomes U+FFFD. */
export function requestOf(asked: Arguments): string {
	const members = Object.entries(asked).map(([name, given]) => {
		if (given === undefined) return [];
		return `"${name}":${typeof given === "string" ? JSON.stringify(given.replace(HALVES, "\ufffd")) : scalar(given)}`;
	});
	return `{${members.flat().join()}}`;
}

/** A function among the options; `undefined` if there is none. */
export function callable<Options, Name extends keyof Options & string>(options: Options, name: Name): Options[Name] {
	const given = named(name, () => options?.[name]) as Options[Name];
	if (given === undefined || typeof given === "function") return given;
	throw new TypeError(`${name}: must be a function`);
}

/** Does something with what a caller gave: whatever goes wrong there is the caller's `name`. */
export function named<T>(name: string, work: () => T): T {
	try {
		return work();
	} catch (cause) {
		if (cause instanceof Unreadable) throw cause;
		throw new Unreadable(`${name}: cannot be read`, { cause });
	}
}

class Unreadable extends TypeError {}

function json(given: unknown, depth: number): string {
	if (typeof given === "string") return text(given);
	if (typeof given !== "object" || given === null) return scalar(given);
	if (depth > DEEPEST) throw new RangeError("nested too deeply");
	if (ArrayBuffer.isView(given)) return octets(given);
	if (Array.isArray(given)) {
		if (given.length > LONGEST) throw new RangeError("too long");
		return `[${Array.from(given, (member) => json(member, depth + 1)).join()}]`;
	}
	const members: string[] = [];
	for (const name of Object.keys(given)) {
		const member = (given as Record<string, unknown>)[name];
		if (name.startsWith(OURS) || typeof member === "bigint") throw new TypeError("no JSON");
		if (member !== undefined) members.push(`${text(name)}:${json(member, depth + 1)}`);
	}
	return `{${members.join()}}`;
}

const HALVES = /\p{Surrogate}/gu;

/** A string as JSON. Half a surrogate pair is no text: nothing is put in its place. */
function text(given: string): string {
	if (given.search(HALVES) >= 0) throw new TypeError("half a surrogate pair");
	return JSON.stringify(given);
}

const number = new DataView(new ArrayBuffer(8));

/** A number goes as the integer that its 64 bits are: exact, and with words for NaN and infinity. */
function scalar(given: unknown): string {
	if (typeof given === "number") {
		number.setFloat64(0, given);
		return String(number.getBigUint64(0));
	}
	return given === null || typeof given === "boolean" ? String(given) : NO_VALUE;
}

/** Bytes go as the characters of the same numbers, in an object whose name none of a caller's has. */
function octets(view: ArrayBufferView): string {
	// A copy of the bytes, in this realm, whatever a subclass says.
	if (tag(view) !== "Uint8Array") return NO_VALUE;
	const characters = Array.from(new Uint8Array(view as Uint8Array), (octet) => String.fromCharCode(octet));
	return `{"\\u0000octets":${JSON.stringify(characters.join(""))}}`;
}

const tagOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)?.get;

/** The true kind of a view of bytes. */
function tag(view: ArrayBufferView): unknown {
	return tagOf?.call(view);
}
