// What callers hand over is read once, into plain data: nothing of it can change afterwards, and no getter or
// proxy of theirs runs while the core does.

/** Deeper than any key or policy. */
const DEEPEST = 32;
/** Longer than any list of keys. */
const LONGEST = 1_000_000;

/** A copy of an options object but for `others`. What is no object stays what it is, for the core to refuse. */
export function snapshotOptions<T>(options: T, others: readonly string[] = []): T {
	return named("options", () => {
		if (typeof options !== "object" || options === null || Array.isArray(options)) return inert(options) as T;
		const copy: Record<string, unknown> = Object.create(null);
		for (const key of Object.keys(options)) {
			if (others.includes(key)) continue;
			copy[key] = named(key, () => value((options as Record<string, unknown>)[key], 0));
		}
		return copy as T;
	});
}

/** A copy of one argument. */
export function snapshot<T>(argument: T, name: string): T {
	return named(name, () => value(argument, 0) as T);
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

function value(given: unknown, depth: number): unknown {
	if (typeof given !== "object" || given === null) return inert(given);
	if (depth > DEEPEST) throw new RangeError("nested too deeply");
	// A copy of the bytes, in this realm, whatever a subclass says.
	if (ArrayBuffer.isView(given))
		return tag(given) === "Uint8Array" ? new Uint8Array(given as Uint8Array) : Symbol("view");
	if (Array.isArray(given)) {
		if (given.length > LONGEST) throw new RangeError("too long");
		return Array.from(given, (member) => value(member, depth + 1));
	}
	const copy: Record<string, unknown> = Object.create(null);
	for (const key of Object.keys(given)) copy[key] = value((given as Record<string, unknown>)[key], depth + 1);
	return copy;
}

/** A function could do something; what stands for it can only be of the wrong type. */
function inert(given: unknown): unknown {
	return typeof given === "function" ? Symbol("function") : given;
}

const tagOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)?.get;

/** The true kind of a view of bytes. */
function tag(view: ArrayBufferView): unknown {
	return tagOf?.call(view);
}
