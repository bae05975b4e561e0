// The options of the kit: what each has to be.

import { optional, ownMembers, type Rules, readOptions } from "../own-options.js";
import type { Jwk } from "../verifier/keys.js";
import { ALGORITHMS } from "./algorithms.js";
import { PROVIDERS } from "./shapes.js";
import type { Outage, RotateOptions, TestAlgorithm, TestIssuerOptions } from "./types.js";

/** The options of `createTestIssuer`. */
export function readTestIssuerOptions(options: unknown = {}): TestIssuerOptions {
	const read = readOptions(options, RULES);
	const own = read.signingKey?.alg;
	if (own === undefined) return read;
	if (read.alg !== undefined && own !== read.alg) {
		throw new TypeError(`signingKey.alg: expected ${read.alg}, as the option alg has it`);
	}
	if (RULES.alg.read(own) === undefined) throw new TypeError(`signingKey.alg: expected ${RULES.alg.expected}`);
	return { ...read, alg: own as TestAlgorithm };
}

/** The options of `rotate`. */
export function readRotateOptions(options: unknown = {}): RotateOptions {
	return readOptions(options, ROTATE);
}

/** Claims or header members, as a caller gives them. */
export function readMembers(given: unknown, path: string): object {
	return given === undefined ? {} : Object.fromEntries(ownMembers(given, path));
}

/** Members over default ones; what is `undefined` is left out. */
export function merge(defaults: object, members: object | undefined): Record<string, unknown> {
	return Object.fromEntries(Object.entries({ ...defaults, ...members }).filter(([, value]) => value !== undefined));
}

/** How the issuer is to fail. */
export function readOutage(given: unknown): Outage {
	if (given === "unreachable" || given === "hanging") return given;
	const status = Number.isInteger(given) ? (given as number) : 0;
	if (status >= 200 && status <= 599) return status;
	throw new TypeError('down: expected "unreachable", "hanging" or an HTTP status from 200 to 599');
}

const RULES: Rules<TestIssuerOptions> = {
	issuer: optional("a URL without query and fragment", asIssuer),
	audience: optional("a string or an array of strings", (given) => asText(given) ?? asTexts(given)),
	clientId: optional("a string", asText),
	claims: optional("an object", asObject),
	alg: oneOf(Object.keys(ALGORITHMS)),
	provider: oneOf(Object.keys(PROVIDERS)),
	lifetime: optional("a number of seconds", asSeconds),
	now: optional("a number of seconds since 1970, or a function", (given) => asFunction(given) ?? asSeconds(given)),
	signingKey: optional("a private JWK", asJwk),
	metadata: optional("an object", asObject),
	fallback: optional("a function", asFunction),
};

const ROTATE: Rules<RotateOptions> = {
	withdraw: optional("true or false", (given) => (typeof given === "boolean" ? given : undefined)),
};

function oneOf(names: readonly string[]): ReturnType<typeof optional> {
	return optional(`one of ${names.join(", ")}`, (given) => names.find((name) => name === given));
}

function asText(given: unknown): string | undefined {
	return typeof given === "string" && given !== "" ? given : undefined;
}

function asTexts(given: unknown): readonly string[] | undefined {
	if (!Array.isArray(given) || given.length === 0) return undefined;
	const list = Array.from(given, asText);
	return list.includes(undefined) ? undefined : (list as string[]);
}

function asIssuer(given: unknown): string | undefined {
	if (typeof given !== "string" || !URL.canParse(given) || /[?#]/.test(given)) return undefined;
	return ["http:", "https:"].includes(new URL(given).protocol) ? given : undefined;
}

function asSeconds(given: unknown): number | undefined {
	return Number.isFinite(given) ? (given as number) : undefined;
}

function asFunction(given: unknown): unknown {
	return typeof given === "function" ? given : undefined;
}

function asObject(given: unknown): Record<string, unknown> | undefined {
	if (typeof given !== "object" || given === null || Array.isArray(given)) return undefined;
	return Object.fromEntries(Object.entries(given));
}

function asJwk(given: unknown): Jwk | undefined {
	const jwk = asObject(given);
	return jwk && ["d", "k", "priv"].some((name) => Object.hasOwn(jwk, name)) ? (jwk as unknown as Jwk) : undefined;
}
