// What callers hand over is copied once, by its own properties: nothing of it can change afterwards, no getter or proxy
// of theirs runs while the core does, and after a trap the core is given the same again.

/** Deeper than any key or policy. */
const MAX_DEPTH = 32;

/** A copy of options. Objects of a class, and objects that hold functions, stay who they are. */
export function snapshot<T>(given: T, name: string, depth = 0): T {
	if (typeof given !== "object" || given === null) return given;
	if (depth > MAX_DEPTH) throw new TypeError(`${name}: nested too deeply`);
	try {
		if (ArrayBuffer.isView(given)) return copyOfBytes(given) as T;
		if (Array.isArray(given)) return given.map((member, at) => snapshot(member, `${name}[${at}]`, depth + 1)) as T;
		return isData(given, depth) ? (copyOfMembers(given, name, depth) as T) : given;
	} catch (cause) {
		if (cause instanceof Unreadable) throw cause;
		throw new Unreadable(`${name}: cannot be read`, { cause });
	}
}

class Unreadable extends TypeError {}

function copyOfMembers(given: object, name: string, depth: number): object {
	const copy: Record<string, unknown> = Object.create(null);
	for (const member of Reflect.ownKeys(given)) {
		if (typeof member !== "string") continue;
		const path = depth === 0 ? member : `${name}.${member}`;
		copy[member] = snapshot(read(given, member, path), path, depth + 1);
	}
	return copy;
}

function read(given: object, member: string, path: string): unknown {
	try {
		return (given as Record<string, unknown>)[member];
	} catch (cause) {
		throw new Unreadable(`${path}: cannot be read`, { cause });
	}
}

// Of whatever realm: its prototype, if it has one, is the last of its chain. What holds functions may rely on `this`.
function isData(given: object, depth: number): boolean {
	const prototype = Object.getPrototypeOf(given);
	if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return false;
	const members = Object.values(Object.getOwnPropertyDescriptors(given));
	return depth === 0 || !members.some(({ value }) => typeof value === "function");
}

function copyOfBytes(view: ArrayBufferView): ArrayBufferView {
	return Object.prototype.toString.call(view) === "[object Uint8Array]" ? new Uint8Array(view as Uint8Array) : view;
}
