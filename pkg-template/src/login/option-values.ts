// The values of a login's options: each as it is kept, or nothing where it is not what is expected.

import { ownMembers } from "../own-options.js";

/** The hosts that are this very machine. */
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

export function text(given: unknown): string | undefined {
	return typeof given === "string" ? given : undefined;
}

export function url(given: unknown): string | undefined {
	try {
		return typeof given === "string" && new URL(given) ? given : undefined;
	} catch {
		return undefined;
	}
}

/**
 * Whoever reads the access token on its way can use it: it goes over TLS. RFC 6750 §5.3. The core asks that of each address
 * before the token goes there; here, where no core is loaded yet, a mistake is only told at once.
 */
export function api(given: unknown): string | undefined {
	const api = url(given);
	const { protocol, hostname } = new URL(api ?? "urn:none");
	return protocol !== "http:" || LOOPBACK.includes(hostname) ? api : undefined;
}

export function flag(given: unknown): boolean | undefined {
	return typeof given === "boolean" ? given : undefined;
}

export function func(given: unknown): unknown {
	return typeof given === "function" ? given : undefined;
}

export function listOf(as: (member: unknown) => unknown, given: unknown): unknown {
	if (!Array.isArray(given)) return undefined;
	const list = Array.from(given, as);
	return list.includes(undefined) ? undefined : list;
}

export function texts(given: unknown): unknown {
	if (typeof given !== "object" || given === null || Array.isArray(given)) return undefined;
	const kept = Object.create(null) as Record<string, string>;
	for (const [name, value] of ownMembers(given, "options")) {
		if (value === undefined) continue;
		if (typeof value !== "string") return undefined;
		kept[name] = value;
	}
	return kept;
}

export function storage(given: unknown): unknown {
	if (given === "memory" || given === "session" || given === "shared") return given;
	if (typeof given !== "object" || given === null) return undefined;
	const members = given as Record<string, unknown>;
	return ["getItem", "setItem", "removeItem"].every((name) => func(members[name])) ? given : undefined;
}

/** Bounds are the core's. */
export function seconds(given: unknown): number | undefined {
	return typeof given === "number" && given >= 0 && given < Number.POSITIVE_INFINITY ? given : undefined;
}

export function words(given: unknown): unknown {
	return text(given) ?? listOf(text, given);
}

export function oneOf(names: readonly string[], given: unknown): unknown {
	return names.find((name) => name === given);
}

/** A copy: what its owner changes later changes nothing. */
export function jsonObject(given: unknown): unknown {
	if (typeof given !== "object" || given === null || Array.isArray(given)) return undefined;
	return JSON.parse(JSON.stringify(given));
}
