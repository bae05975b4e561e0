// The flags that describe an issuer, for `mint` and `issuer`.

import { readFile, writeFile } from "node:fs/promises";
import { createTestIssuer } from "../testing/index.js";
import type { TestIssuer, TestIssuerOptions } from "../testing/types.js";
import type { Jwk } from "../verifier/keys.js";
import type { Arguments, Flags } from "./arguments.js";
import { jsonObject, pairs } from "./claim-flags.js";
import { seconds } from "./policy.js";
import { shown } from "./terminal.js";
import { UsageError } from "./usage-error.js";

const one = { type: "string" } as const;
const several = { type: "string", multiple: true } as const;

export const ISSUER_FLAGS: Flags = {
	audience: several,
	"client-id": one,
	provider: one,
	alg: one,
	lifetime: one,
	claim: several,
	claims: one,
	without: several,
	key: one,
};

/** The issuer that the flags describe, with `more` of the command's own. A key that is made is written to its file. */
export async function issuerOf(values: Arguments["values"], more: TestIssuerOptions): Promise<TestIssuer> {
	const audience = values.audience as string[] | undefined;
	const file = values.key as string | undefined;
	const kept = file === undefined ? undefined : await readKey(file);
	const given = {
		audience: audience?.length === 1 ? audience[0] : audience,
		clientId: values["client-id"],
		provider: values.provider,
		alg: values.alg,
		lifetime: seconds("--lifetime", values.lifetime as string | undefined),
		claims: claimsOf(values),
		signingKey: kept,
		...more,
	};
	// What is wrong with their values, the kit says.
	const made = await createTestIssuer(given as TestIssuerOptions);
	if (file !== undefined && !kept) await writeKey(file, await made.exportKey());
	return made;
}

/** `--claims`, `--claim` and `--without`. */
export function claimsOf(values: Arguments["values"]): Record<string, unknown> {
	const without = (values.without as string[] | undefined) ?? [];
	return {
		...jsonObject("--claims", values.claims as string | undefined),
		...pairs("--claim", values.claim as string[] | undefined),
		...Object.fromEntries(without.map((name) => [name, undefined])),
	};
}

async function readKey(file: string): Promise<Jwk | undefined> {
	const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
		if (error.code === "ENOENT") return undefined;
		throw new UsageError(`--key: cannot read ${shown(file)}`);
	});
	if (text === undefined) return undefined;
	try {
		return JSON.parse(text);
	} catch {
		throw new UsageError(`--key: expected a private JWK in ${shown(file)}; name a file that is not there to make one`);
	}
}

async function writeKey(file: string, key: Jwk): Promise<void> {
	const text = `${JSON.stringify(key, undefined, "\t")}\n`;
	await writeFile(file, text, { mode: 0o600, flag: "wx" }).catch(() => {
		throw new UsageError(`--key: cannot write ${shown(file)}`);
	});
	console.error(`made a private key: ${shown(file)}`);
}
