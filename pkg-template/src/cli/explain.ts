import { readFile } from "node:fs/promises";
import { createVerifier } from "../core.js";
import type { VerifierOptions } from "../verifier/options.js";
import { type Arguments, type Flags, input, parse } from "./arguments.js";
import { checklist } from "./checklist.js";
import { colours, json, shown } from "./terminal.js";
import { UsageError } from "./usage-error.js";

const FLAGS: Flags = {
	issuer: { type: "string", multiple: true },
	audience: { type: "string", multiple: true },
	jwks: { type: "string" },
	"metadata-issuer": { type: "string" },
	"any-tenant": { type: "boolean" },
	algorithms: { type: "string" },
	profile: { type: "string" },
	typ: { type: "string" },
	subject: { type: "string" },
	scope: { type: "string", multiple: true },
	nonce: { type: "string" },
	tolerance: { type: "string" },
	now: { type: "string" },
	json: { type: "boolean" },
};

/** Every check of a token. The status is 0 only when the token is valid. */
export async function explain(args: string[]): Promise<number> {
	const { values, positionals } = parse(args, FLAGS);
	const verifier = createVerifier(await policyOf(values));
	const explanation = await verifier.explain(await input(positionals, "token"));
	console.log(values.json ? json(explanation) : checklist(explanation, colours()));
	return explanation.valid ? 0 : 1;
}

async function policyOf(values: Arguments["values"]): Promise<VerifierOptions> {
	const issuer = values.issuer as string[] | undefined;
	if (!issuer) throw new UsageError("explain needs --issuer URL, or --issuer any to leave the issuer unchecked");
	if (values.jwks === undefined && !issuer.every((one) => URL.canParse(one))) {
		throw new UsageError("explain needs --jwks FILE-OR-URL where --issuer is no URL to discover the keys from");
	}
	const { algorithms, tolerance, now } = values as Record<string, string | undefined>;
	const moment = seconds("--now", now);
	const policy = {
		issuer: unlessAny(issuer),
		audience: unlessAny((values.audience as string[] | undefined) ?? ["any"]),
		...(await trustedKeys(values.jwks as string | undefined)),
		metadataIssuer: values["metadata-issuer"],
		anyTenant: values["any-tenant"],
		algorithms: algorithms?.split(","),
		clockTolerance: seconds("--tolerance", tolerance),
		now: moment === undefined ? undefined : () => moment,
		profile: values.profile,
		typ: values.typ,
		subject: values.subject,
		scope: values.scope,
		nonce: values.nonce,
	};
	// What is wrong with their values, the core says.
	return policy as unknown as VerifierOptions;
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

function seconds(flag: string, value: string | undefined): number | undefined {
	if (value === undefined) return undefined;
	const number = Number(value);
	if (value.trim() === "" || !Number.isFinite(number))
		throw new UsageError(`${flag}: expected a number of seconds, found ${shown(value)}`);
	return number;
}
