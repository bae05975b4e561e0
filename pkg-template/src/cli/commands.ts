// The commands. Each returns the exit status: 0 only where what was asked for holds.

import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import {
	type Algorithm,
	createPkce,
	createVerifier,
	decodeUnverified,
	type Jwk,
	jwkThumbprint,
	jwkThumbprintUri,
	pkceChallenge,
	type VerifierOptions,
} from "../core.js";
import { checklist } from "./checklist.js";
import { colours, json, shown } from "./terminal.js";
import { Usage } from "./usage.js";

export const HELP = `
countersign checks tokens and says why.

  npx countersign explain TOKEN --issuer URL --audience NAME [--jwks FILE-OR-URL]
  npx countersign decode TOKEN
  npx countersign thumbprint JWK
  npx countersign pkce [VERIFIER]

TOKEN and JWK are a file's path, or - for standard input (the default). A token given as an
argument works too, but stays in your shell's history.

explain   every check with its RFC section; exit status 0 only when the token is valid
  --issuer URL       the issuer to accept; repeat for several. any: not checked
  --audience NAME    the audience to accept; repeat for several. any (default): not checked
  --jwks PLACE       the trusted keys: a file (JWK, JWK Set, PEM) or a URL; else discovered from the issuer
  --algorithms LIST  allowed algorithms, separated by commas; HMAC counts only when it is named here
  --profile NAME     jwt (default), access-token, id-token, logout-token
  --typ TYPE, --subject NAME, --scope NAME, --nonce TEXT
  --tolerance N      seconds that clocks may differ
  --now N            the time to judge by, in seconds since 1970
  --json             the result as JSON
decode    header and claims, unverified   [--json]
thumbprint  the SHA-256 thumbprint of a key (RFC 7638)   [--uri: as a URI, RFC 9278]
pkce      a fresh code verifier and its S256 challenge (RFC 7636); the challenge of VERIFIER   [--json]
`.trim();

type Command = (args: string[]) => Promise<number>;

export const COMMANDS: Record<string, Command> = { explain, decode, thumbprint, pkce };

async function explain(args: string[]): Promise<number> {
	const { values, positionals } = parse(args, {
		issuer: { type: "string", multiple: true },
		audience: { type: "string", multiple: true },
		jwks: { type: "string" },
		algorithms: { type: "string" },
		profile: { type: "string" },
		typ: { type: "string" },
		subject: { type: "string" },
		scope: { type: "string", multiple: true },
		nonce: { type: "string" },
		tolerance: { type: "string" },
		now: { type: "string" },
		json: { type: "boolean" },
	});
	const issuer = values.issuer as string[] | undefined;
	if (!issuer) throw new Usage("explain needs --issuer URL, or --issuer any to leave the issuer unchecked");
	if (values.jwks === undefined && !issuer.every((one) => URL.canParse(one))) {
		throw new Usage("explain needs --jwks FILE-OR-URL where --issuer is no URL to discover the keys from");
	}
	const policy: Record<string, unknown> = {
		issuer: unlessAny(issuer),
		audience: unlessAny((values.audience as string[] | undefined) ?? ["any"]),
		...(await trustedKeys(values.jwks as string | undefined)),
	};
	const { algorithms, tolerance, now } = values as Record<string, string | undefined>;
	if (algorithms !== undefined) policy.algorithms = algorithms.split(",") as Algorithm[];
	if (tolerance !== undefined) policy.clockTolerance = seconds("--tolerance", tolerance);
	if (now !== undefined) {
		const moment = seconds("--now", now);
		policy.now = () => moment;
	}
	for (const name of ["profile", "typ", "subject", "scope", "nonce"]) {
		if (values[name] !== undefined) policy[name] = values[name];
	}
	const verifier = createVerifier(policy as unknown as VerifierOptions);
	const explanation = await verifier.explain(await input(positionals, "token"));
	console.log(values.json ? json(explanation) : checklist(explanation, colours()));
	return explanation.valid ? 0 : 1;
}

async function decode(args: string[]): Promise<number> {
	const { values, positionals } = parse(args, { json: { type: "boolean" } });
	const { header, claims } = decodeUnverified(await input(positionals, "token"));
	if (values.json) console.log(json({ header, claims }));
	else console.log(`header (unverified) ${json(header)}\nclaims (unverified) ${json(claims)}`);
	return 0;
}

async function thumbprint(args: string[]): Promise<number> {
	const { values, positionals } = parse(args, { uri: { type: "boolean" } });
	const jwk = (await input(positionals, "JWK")) as unknown as Jwk;
	console.log(values.uri ? jwkThumbprintUri(jwk) : jwkThumbprint(jwk));
	return 0;
}

async function pkce(args: string[]): Promise<number> {
	const { values, positionals } = parse(args, { json: { type: "boolean" } });
	const [verifier] = positionals;
	const pair = verifier === undefined ? createPkce() : { verifier, challenge: pkceChallenge(verifier), method: "S256" };
	console.log(
		values.json
			? JSON.stringify(pair)
			: `verifier   ${pair.verifier}\nchallenge  ${pair.challenge}\nmethod     ${pair.method}`,
	);
	return 0;
}

function parse(args: string[], options: NonNullable<Parameters<typeof parseArgs>[0]>["options"] & {}) {
	try {
		return parseArgs({ args, options, allowPositionals: true }) as {
			values: Record<string, string | boolean | (string | boolean)[] | undefined>;
			positionals: string[];
		};
	} catch (error) {
		throw new Usage((error as Error).message);
	}
}

/** A file's text, standard input, or the argument itself. */
async function input(positionals: string[], what: string): Promise<string> {
	const [given = "-", ...more] = positionals;
	if (more.length > 0) throw new Usage(`expected one ${what}, found ${positionals.length}`);
	if (given === "-") {
		if (process.stdin.isTTY) console.error(`Paste the ${what}, then end with Ctrl-D:`);
		return (await text(process.stdin)).trim();
	}
	const file = await readFile(given, "utf8").catch(() => undefined);
	if (file === undefined && isPath(given)) throw new Usage(`cannot read the file ${shown(given)}`);
	return file === undefined ? given : file.trim();
}

/** Whether an argument means a file, and cannot be a token or a JWK. */
function isPath(given: string): boolean {
	return /^(?!eyJ)[^{]*([/\\]|\.(jwt|jwk|jwks|json|pem|txt)$)/.test(given);
}

async function trustedKeys(place: string | undefined): Promise<{ keys?: string; jwksUri?: string }> {
	if (place === undefined) return {};
	if (/^https?:\/\//.test(place)) return { jwksUri: place };
	try {
		return { keys: await readFile(place, "utf8") };
	} catch {
		throw new Usage(`--jwks: cannot read ${shown(place)}; give a file or an https URL`);
	}
}

function unlessAny(values: string[]): string[] | null {
	return values.includes("any") ? null : values;
}

function seconds(option: string, value: string): number {
	const number = Number(value);
	if (value.trim() === "" || !Number.isFinite(number))
		throw new Usage(`${option}: expected a number of seconds, found ${shown(value)}`);
	return number;
}
