// What callers hand over is copied once, by its own properties: nothing of it can change afterwards, no getter or proxy
// of theirs runs while the core does, and after a trap the core is given the same again.

import type { StandardSchema } from "./standard-schema.js";

/** Deeper than any key or policy. */
const MAX_DEPTH = 32;
/** More elements than any list needs: an array may claim any length. */
const MAX_LENGTH = 1_000_000;
/** The options that are objects with methods: they stay who they are, since those may rely on `this`. */
const STORES = ["cache", "dpop.replay", "revoked", "sessions", "replay"];
/** The one option that may be an object or a function with members, of its own or of its class. */
const SCHEMA = "schema";
/** Where a private key may stand, which signs: one of WebCrypto stays itself. */
const SIGNERS = ["introspection.privateKey", "introspection.privateKey.key"];
/** The name of an argument that has none. */
const OPTIONS = "options";

/** A copy of an argument. `path` is its name in messages, none for options, whose members are named themselves. */
export function snapshot<T>(given: T, path = ""): T {
	return copy(given, path, 0) as T;
}

function copy(given: unknown, path: string, depth: number): unknown {
	if ((typeof given !== "object" && (typeof given !== "function" || path !== SCHEMA)) || given === null) return given;
	if (depth > MAX_DEPTH) throw new Unreadable(path, "nested too deeply");
	try {
		if (ArrayBuffer.isView(given)) return copyOfBytes(given);
		if (Array.isArray(given)) return copyOfElements(given, path || OPTIONS, depth);
		if (STORES.includes(path)) return given;
		if (path === SCHEMA) return copyOfSchema(given as Partial<StandardSchema>);
		// A few classes are known; all else counts by what it has itself.
		const known = copyOfInstance(given, path, depth);
		if (known !== undefined) return known;
		return copyOfMembers(given, path, depth);
	} catch (cause) {
		throw cause instanceof Unreadable ? cause : new Unreadable(path, "cannot be read", cause);
	}
}

/** The part of a schema that is used, as it is now. What is none, the core refuses. */
function copyOfSchema({ "~standard": standard }: Partial<StandardSchema>): unknown {
	if (typeof standard !== "object" || standard === null) return {};
	const { version, validate } = standard;
	return { "~standard": { version, validate: typeof validate === "function" ? validate.bind(standard) : validate } };
}

/** What an instance of a known class stands for. By its tag: in iframes and under Jest, `instanceof` is of no use. */
function copyOfInstance(given: object, path: string, depth: number): unknown {
	// A plain object has no class, whatever its realm's Object.prototype says by now.
	const parent = Object.getPrototypeOf(given);
	if (parent === null || Object.getPrototypeOf(parent) === null) return undefined;
	switch (Object.prototype.toString.call(given)) {
		case "[object URL]":
			return String((given as URL).href);
		case "[object KeyObject]":
			return copy(exported(given as KeyObject, SIGNERS.includes(path)), path, depth + 1);
		case "[object CryptoKey]":
			if (SIGNERS.includes(path)) return given;
			throw new Unreadable(path, 'cannot be read at once: pass await crypto.subtle.exportKey("jwk", key)');
	}
	return undefined;
}

/** A key of `node:crypto`. */
interface KeyObject {
	readonly type: string;
	readonly asymmetricKeyType?: string;
	export(options: { format: string; type?: string }): unknown;
}

function exported(key: KeyObject, signs: boolean): unknown {
	if (key.type === "private" && signs) return key.export({ format: "pem", type: "pkcs8" });
	// Says that it is private, and nothing else: the core refuses it without having seen it.
	if (key.type === "private") return { kty: "", d: "" };
	// Node.js makes no JWK of those.
	if (key.asymmetricKeyType === "rsa-pss") return key.export({ format: "pem", type: "spki" });
	return key.export({ format: "jwk" });
}

function copyOfElements(given: readonly unknown[], path: string, depth: number): unknown[] {
	const { length } = given;
	if (length > MAX_LENGTH) throw new Unreadable(path, `cannot be read: more than ${MAX_LENGTH} elements`);
	const elements: unknown[] = [];
	for (let at = 0; at < length; at++) elements.push(member(given, String(at), `${path}[${at}]`, depth));
	return elements;
}

function copyOfMembers(given: object, path: string, depth: number): object {
	const members: Record<string, unknown> = Object.create(null);
	for (const name of Reflect.ownKeys(given)) {
		if (typeof name !== "string") continue;
		members[name] = member(given, name, path === "" ? name : `${path}.${name}`, depth);
	}
	return members;
}

function member(given: object, name: string, path: string, depth: number): unknown {
	let value: unknown;
	try {
		// A hole in an array would be read from the prototype.
		value = Object.hasOwn(given, name) ? (given as Record<string, unknown>)[name] : undefined;
	} catch (cause) {
		throw new Unreadable(path, "cannot be read", cause);
	}
	return copy(value, path, depth + 1);
}

function copyOfBytes(view: ArrayBufferView): ArrayBufferView {
	return Object.prototype.toString.call(view) === "[object Uint8Array]" ? new Uint8Array(view as Uint8Array) : view;
}

class Unreadable extends TypeError {
	constructor(path: string, what: string, cause?: unknown) {
		const named = path.slice(0, 120).replace(/[^\x20-\x7e]/g, "\ufffd");
		super(`${named || OPTIONS}: ${what}`, cause === undefined ? undefined : { cause });
	}
}
