import { writeFile } from "node:fs/promises";
import type { TestIssuerOptions } from "../testing/types.js";
import { type Flags, parse } from "./arguments.js";
import { pairs } from "./claim-flags.js";
import { claimsOf, ISSUER_FLAGS, issuerOf } from "./issuer-flags.js";
import { seconds } from "./policy.js";
import { json, shown } from "./terminal.js";
import { UsageError } from "./usage-error.js";

const FLAGS: Flags = {
	...ISSUER_FLAGS,
	issuer: { type: "string" },
	header: { type: "string", multiple: true },
	"id-token": { type: "boolean" },
	jwks: { type: "string" },
	now: { type: "string" },
	json: { type: "boolean" },
};

/** A signed token, alone on standard output; the key that checks it beside it. */
export async function mint(args: string[]): Promise<number> {
	const { values, positionals } = parse(args, FLAGS);
	if (positionals.length > 0) throw new UsageError("mint takes flags only: --claim NAME=VALUE sets a claim");
	const now = seconds("--now", values.now as string | undefined);
	const issuer = await issuerOf(values, { issuer: values.issuer, now } as TestIssuerOptions);
	const header = pairs("--header", values.header as string[] | undefined);
	const make = values["id-token"] ? issuer.mintIdToken : issuer.mint;
	const token = await make(claimsOf(values), header);
	if (values.jwks !== undefined) await writeKeySet(values.jwks as string, issuer.jwks);
	if (values.json) console.log(json({ token, issuer: issuer.issuer, audience: issuer.audience, jwks: issuer.jwks }));
	else {
		console.log(token);
		console.error(`issuer    ${issuer.issuer}\naudience  ${issuer.audience ?? "none"}`);
		console.error(`its key   ${JSON.stringify(issuer.jwks.keys[0])}`);
	}
	return 0;
}

async function writeKeySet(file: string, jwks: object): Promise<void> {
	await writeFile(file, `${JSON.stringify(jwks, undefined, "\t")}\n`).catch(() => {
		throw new UsageError(`--jwks: cannot write ${shown(file)}`);
	});
}
