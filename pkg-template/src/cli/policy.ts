// The policy that the flags of `verify` and `explain` describe. What is wrong with their values, the core says.

import { readFile } from "node:fs/promises";
import type { VerifierOptions } from "../verifier/options.js";
import type { Arguments, Flags } from "./arguments.js";
import { claimRules } from "./claim-flags.js";
import { shown } from "./terminal.js";
import { UsageError } from "./usage-error.js";

const several = { type: "string", multiple: true } as const;
const one = { type: "string" } as const;

/** The flags of a policy. */
export const POLICY_FLAGS: Flags = {
	issuer: several,
	audience: several,
	jwks: one,
	"metadata-issuer": one,
	"any-tenant": { type: "boolean" },
	provider: one,
	algorithms: one,
	profile: one,
	typ: one,
	subject: one,
	"authorized-party": several,
	scope: several,
	"any-scope": several,
	claim: several,
	claims: one,
	nonce: one,
	"max-age": one,
	tolerance: one,
	now: one,
	"allow-http": { type: "boolean" },
};

/** The policy. `command` names the command in what is wrong. */
export async function policyOf(values: Arguments["values"], command: string): Promise<VerifierOptions> {
	const issuer = values.issuer as string[] | undefined;
	if (!issuer) throw new UsageError(`${command} needs --issuer URL, or --issuer any to leave the issuer unchecked`);
	if (values.jwks === undefined && !issuer.every((one) => URL.canParse(one))) {
		throw new UsageError(`${command} needs --jwks FILE-OR-URL where --issuer is no URL to discover the keys from`);
	}
	const { algorithms, tolerance, now } = values as Record<string, string | undefined>;
	const moment = seconds("--now", now);
	const audience = values.audience as string[] | undefined;
	const policy = {
		issuer: unlessAny(issuer),
		audience: audience ? unlessAny(audience) : values.provider === undefined ? null : undefined,
		...(await trustedKeys(values.jwks as string | undefined)),
		metadataIssuer: values["metadata-issuer"],
		anyTenant: values["any-tenant"],
		provider: values.provider,
		algorithms: algorithms?.split(","),
		clockTolerance: seconds("--tolerance", tolerance),
		maxTokenAge: seconds("--max-age", values["max-age"] as string | undefined),
		now: moment === undefined ? undefined : () => moment,
		profile: values.profile,
		typ: values.typ,
		subject: values.subject,
		authorizedParty: values["authorized-party"],
		scope: values.scope,
		anyScope: values["any-scope"],
		claims: claimRules(values.claim as string[] | undefined, values.claims as string | undefined),
		nonce: values.nonce,
		allowHttp: values["allow-http"],
	};
	return policy as unknown as VerifierOptions;
}

/** The time by which to judge. */
export function momentOf(values: Arguments["values"]): number {
	return seconds("--now", values.now as string | undefined) ?? Math.floor(Date.now() / 1000);
}

/** A flag's number of seconds. */
export function seconds(flag: string, value: string | undefined): number | undefined {
	if (value === undefined) return undefined;
	const number = Number(value);
	if (value.trim() === "" || !Number.isFinite(number))
		throw new UsageError(`${flag}: expected a number of seconds, found ${shown(value)}`);
	return number;
}

async function trustedKeys(place: string | undefined): Promise<{ keys?: string; jwksUri?: string }> {
	if (place === undefined) return {};
	if (/^https?:\/\//.test(place)) return { jwksUri: place };
	try {
		return { keys: await readFile(place, "utf8") };
	} catch {
		throw new UsageError(`--jwks: cannot read ${shown(place)}; give a file or an https URL`);
	}
}

function unlessAny(values: string[]): string[] | null {
	return values.includes("any") ? null : values;
}
