// Collects the cases and writes them, one a file.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { loadCorpus, resolve } from "../load.mjs";
import { fileNames } from "./file-names.mjs";
import { namedKeys } from "./keys.mjs";
import { rememberToken } from "./sign.mjs";
import { AUDIENCE, ISSUER, mint, NOW } from "./token.mjs";

const folder = new URL("../", import.meta.url);
const write = (file, text) => writeFileSync(new URL(file, folder), text);
const read = (file) => JSON.parse(readFileSync(new URL(file, folder), "utf8"));

const BASE = { issuer: ISSUER, audience: AUDIENCE };
const ACCESS = { ...BASE, profile: "access-token" };
const CLIENT = "shop-web";
const POLICIES = {
	default: BASE,
	hs256: { ...BASE, algorithms: ["HS256"] },
	hs384: { ...BASE, algorithms: ["HS384"] },
	hs512: { ...BASE, algorithms: ["HS512"] },
	unchecked: { issuer: null, audience: null },
	"access-token": ACCESS,
	"id-token": { issuer: ISSUER, audience: CLIENT, profile: "id-token" },
	"logout-token": { issuer: ISSUER, audience: CLIENT, profile: "logout-token" },
};

const suites = new Map();
const keys = namedKeys();
const nameOf = (table) => {
	const names = new Map(Object.entries(table).map(([name, value]) => [JSON.stringify(value), `@${name}`]));
	return (value) => names.get(JSON.stringify(value)) ?? value;
};
const keyName = nameOf(keys);
const policyName = nameOf(POLICIES);

/**
 * The token cases of a subject. `accept(name, rfc, parts)` and `refuse(name, code, rfc, parts)` mint a token of
 * `parts` (see mint) or take `parts.token`; `parts.keys` is the name of a test key, a JWK, a JWK Set or
 * text; `parts.policy` is added to the usual policy, or is "@name".
 */
export const suite = (subject, kind = "token") => {
	const cases = entries(subject, kind);
	const add = (name, expect, rfc, parts = {}) => {
		const { token = mint(parts), keys: given = parts.key ?? "es256", policy, now = NOW, note } = parts;
		const isName = typeof given === "string" && given in keys;
		cases.push({
			name: `${subject}/${name}`,
			...(Buffer.isBuffer(token) ? { tokenHex: token.toString("hex") } : { token }),
			keys: isName ? `@${given}` : keyName(given),
			policy: typeof policy === "string" ? policy : policyName({ ...BASE, ...policy }),
			now,
			expect,
			rfc,
			note,
		});
	};
	return {
		accept: (name, rfc, parts) => add(name, "accept", rfc, parts),
		refuse: (name, code, rfc, parts) => add(name, code, rfc, parts),
	};
};

/** A subject whose cases are of another kind: `add(entry)`. */
export const entries = (subject, kind) => {
	if (!suites.has(subject)) suites.set(subject, { kind, cases: [] });
	const { cases } = suites.get(subject);
	return { push: (entry) => cases.push(entry) };
};

const indented = (value) => `${JSON.stringify(value, undefined, "\t")}\n`;
const table = (object) =>
	`{\n${Object.entries(object)
		.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
		.join(",\n")}\n}\n`;

/** Lets signatures of the committed corpus be kept. */
export const rememberCommitted = () => {
	for (const { token, proof } of loadCorpus().cases) if (token ?? proof) rememberToken(token ?? proof);
};

export const writeCorpus = () => {
	const used = new Set();
	for (const { cases } of suites.values())
		for (const { keys: given } of cases)
			if (typeof given === "string" && given.startsWith("@")) used.add(given.slice(1));
	write("keys.json", table(Object.fromEntries(Object.entries(keys).filter(([name]) => used.has(name)))));
	write("policies.json", table(POLICIES));
	rmSync(new URL("cases", folder), { recursive: true, force: true });
	const index = [];
	for (const [subject, { kind, cases }] of suites) {
		mkdirSync(new URL(`cases/${subject}/`, folder), { recursive: true });
		const files = fileNames(
			subject,
			cases.map(({ name }) => name),
		);
		// What a reader looks for first: the name, the verdict and its reason, before a token of many lines.
		for (const [i, { name, expect, rfc, note, ...asked }] of cases.entries())
			write(`cases/${subject}/${files[i]}.json`, indented({ name, kind, expect, rfc, note, ...asked }));
		index.push({ subject, files });
	}
	write("index.json", indented(index));
};

/** The committed corpus with @names resolved. */
export const readCorpus = () => {
	const { cases, keys, policies } = loadCorpus();
	return cases.map((entry) => ({ ...entry, keys: resolve(entry.keys, keys), policy: resolve(entry.policy, policies) }));
};

export const readExceptions = () => read("exceptions.json");
