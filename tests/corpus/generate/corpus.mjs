// Collects the cases and writes them, one on a line.
import { readFileSync, writeFileSync } from "node:fs";
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
 * A file of token cases. `accept(name, rfc, parts)` and `refuse(name, code, rfc, parts)` mint a token of
 * `parts` (see mint) or take `parts.token`; `parts.keys` is the name of a test key, a JWK, a JWK Set or
 * text; `parts.policy` is added to the usual policy, or is "@name".
 */
export const suite = (file, kind = "token") => {
	const cases = entries(file, kind);
	const add = (name, expect, rfc, parts = {}) => {
		const { token = mint(parts), keys: given = parts.key ?? "es256", policy, now = NOW, note } = parts;
		const isName = typeof given === "string" && given in keys;
		cases.push({
			name: `${file}/${name}`,
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

/** A file whose entries are of another kind: `add(entry)`. */
export const entries = (file, kind) => {
	if (!suites.has(file)) suites.set(file, { kind, cases: [] });
	const { cases } = suites.get(file);
	return { push: (entry) => cases.push(entry) };
};

const lines = (cases) => `[\n${cases.map((entry) => JSON.stringify(entry)).join(",\n")}\n]\n`;
const table = (object) =>
	`{\n${Object.entries(object)
		.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
		.join(",\n")}\n}\n`;

/** Lets signatures of the committed corpus be kept. */
export const rememberCommitted = () => {
	let index;
	try {
		index = read("index.json");
	} catch {
		return;
	}
	for (const { file } of index)
		for (const { token, proof } of read(file)) if (token ?? proof) rememberToken(token ?? proof);
};

export const writeCorpus = () => {
	const seen = new Set();
	for (const { cases } of suites.values())
		for (const { name } of cases) {
			if (seen.has(name)) throw new Error(`two cases are named ${name}`);
			seen.add(name);
		}
	const used = new Set();
	for (const { cases } of suites.values())
		for (const { keys: given } of cases)
			if (typeof given === "string" && given.startsWith("@")) used.add(given.slice(1));
	write("keys.json", table(Object.fromEntries(Object.entries(keys).filter(([name]) => used.has(name)))));
	write("policies.json", table(POLICIES));
	const index = [];
	for (const [file, { kind, cases }] of suites) {
		write(`${file}.json`, lines(cases));
		index.push({ file: `${file}.json`, kind, cases: cases.length });
	}
	write("index.json", lines(index));
};

/** The committed corpus with @names resolved: [{ kind, file, ...case }]. */
export const readCorpus = () => {
	const tables = { keys: read("keys.json"), policy: read("policies.json") };
	const resolve = (entry, which) => {
		const value = entry[which];
		if (typeof value !== "string" || !value.startsWith("@")) return value;
		if (!(value.slice(1) in tables[which])) throw new Error(`${entry.name}: no ${which} is named ${value}`);
		return tables[which][value.slice(1)];
	};
	return read("index.json").flatMap(({ file, kind, cases }) => {
		const list = read(file);
		if (list.length !== cases) throw new Error(`${file} holds ${list.length} cases, index.json says ${cases}`);
		return list.map((entry) => ({
			...entry,
			keys: resolve(entry, "keys"),
			policy: resolve(entry, "policy"),
			kind,
			file,
		}));
	});
};

export const readExceptions = () => read("exceptions.json");
