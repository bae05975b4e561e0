// The options of a login: what each has to be. What they mean is the core's.

import { optional, ownMembers, type Rules, readOptions, required } from "../own-options.js";
import type { LoginOptions, LogoutOptions, StartOptions } from "./types.js";

/** The options of `createLogin`. */
export function readLoginOptions(options: unknown): LoginOptions {
	return readOptions(options, LOGIN);
}

/** The options of `start`. */
export function readStartOptions(options: unknown = {}): StartOptions {
	return readOptions(options, START);
}

/** The options of `logout`. */
export function readLogoutOptions(options: unknown = {}): LogoutOptions {
	return readOptions(options, LOGOUT);
}

/** The argument of `finish`. */
export function readUrl(url: unknown): string | undefined {
	if (url !== undefined && asUrl(url) === undefined) throw new TypeError("url: expected a URL");
	return url as string | undefined;
}

/** The hosts that are this very machine. */
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];
const SECURE = "with https unless they are on this machine";

const LOGIN: Rules<LoginOptions> = {
	issuer: required("a URL", asUrl),
	clientId: required("a string", (given) => asText(given) || undefined),
	redirectUri: required("a URL", asUrl),
	postLogoutRedirectUri: optional("a URL", asUrl),
	scope: optional("a string", asText),
	resource: optional(`a URL or an array of URLs, ${SECURE}`, (given) => asApi(given) ?? asListOf(asApi, given)),
	trustedAudiences: optional("an array of strings", (given) => asListOf(asText, given)),
	origins: optional(`an array of URLs, ${SECURE}`, (given) => asListOf(asApi, given)),
	storage: optional('"memory", "session" or an object with getItem, setItem and removeItem', asStorage),
	fetch: optional("a function", asFunction),
	now: optional("a function", asFunction),
	onStep: optional("a function", asFunction),
};

const START: Rules<StartOptions> = {
	returnTo: optional("a string", asText),
	prompt: optional("a string", asText),
	loginHint: optional("a string", asText),
	extra: optional("an object of strings", asTexts),
};

const LOGOUT: Rules<LogoutOptions> = {
	global: optional("true or false", (given) => (typeof given === "boolean" ? given : undefined)),
};

function asText(given: unknown): string | undefined {
	return typeof given === "string" ? given : undefined;
}

function asUrl(given: unknown): string | undefined {
	try {
		return typeof given === "string" && new URL(given) ? given : undefined;
	} catch {
		return undefined;
	}
}

/** Whoever reads the access token on its way can use it: it goes over TLS. RFC 6750 §5.3 */
function asApi(given: unknown): string | undefined {
	const url = asUrl(given);
	const { protocol, hostname } = new URL(url ?? "urn:none");
	return protocol !== "http:" || LOOPBACK.includes(hostname) ? url : undefined;
}

function asFunction(given: unknown): unknown {
	return typeof given === "function" ? given : undefined;
}

function asListOf(as: (member: unknown) => unknown, given: unknown): unknown {
	if (!Array.isArray(given)) return undefined;
	const list = Array.from(given, as);
	return list.includes(undefined) ? undefined : list;
}

function asTexts(given: unknown): unknown {
	if (typeof given !== "object" || given === null || Array.isArray(given)) return undefined;
	const texts = Object.create(null) as Record<string, string>;
	for (const [name, value] of ownMembers(given, "extra")) {
		if (value === undefined) continue;
		if (typeof value !== "string") return undefined;
		texts[name] = value;
	}
	return texts;
}

function asStorage(given: unknown): unknown {
	if (given === "memory" || given === "session") return given;
	if (typeof given !== "object" || given === null) return undefined;
	const members = given as Record<string, unknown>;
	return ["getItem", "setItem", "removeItem"].every((name) => asFunction(members[name])) ? given : undefined;
}
