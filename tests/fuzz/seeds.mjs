// Seeds for the fuzz targets, from the cases of tests/corpus: written to tests/fuzz/corpus, which git ignores.

import { createHash } from "node:crypto";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inRoot } from "../../pkg-template/scripts/paths.mjs";
import { loadCorpus, resolve } from "../corpus/load.mjs";

export const corpus = inRoot("tests", "fuzz", "corpus");

/** The most octets of one seed. */
const LONGEST = 8192;

/** Writes seeds of each target, at most `most`, since all run at its start. Resolves to how many there are in all. */
export async function writeSeeds(targets, most) {
	const seeds = await collect();
	let count = 0;
	for (const target of targets) {
		const folder = join(corpus, target);
		await mkdir(folder, { recursive: true });
		const there = new Set(await readdir(folder));
		const own = [...(seeds[target] ?? [])].filter((seed) => seed.length <= LONGEST);
		for (const seed of spread(own, most)) {
			const name = `seed-${createHash("sha1").update(seed).digest("hex")}`;
			if (!there.has(name)) await writeFile(join(folder, name), seed);
			count += 1;
		}
	}
	return count;
}

async function collect() {
	const { cases, keys, policies } = loadCorpus();
	const seeds = Object.fromEntries(TARGETS.map((target) => [target, new Unique()]));

	for (const [i, one] of onePerKind(cases).entries()) {
		const token = one.token ?? one.proof ?? (one.tokenHex && Buffer.from(one.tokenHex, "hex").toString("latin1"));
		if (typeof token === "string") addToken(seeds, Buffer.from(token, one.tokenHex ? "latin1" : "utf8"), i);
		if (one.keys !== undefined) {
			const trusted = resolve(one.keys, keys);
			addKeys(seeds, trusted);
			if (one.kind === "token" && one.token !== undefined) {
				const { now } = one;
				seeds.options.add(
					JSON.stringify({ token: one.token, keys: trusted, policy: resolve(one.policy, policies), now }),
				);
			}
		}
		if (one.kind === "pkce") {
			seeds.pkce_dpop.add(`\0${[one.verifier, one.challenge, one.method].map((text) => text ?? "").join("\0")}`);
		}
	}
	for (let i = 0; i < 64; i += 1) {
		const noise = Buffer.concat(
			Array.from({ length: 1 + (i % 16) }, (_, j) => createHash("sha256").update(`${i} ${j}`).digest()),
		);
		for (const target of ["ecdsa", "ed25519", "key_sets", "policy", "sessions"]) seeds[target].add(noise);
		seeds.explain_agrees.add(Buffer.concat([Buffer.from([0, i, 0]), noise]));
		seeds.pkce_dpop.add(Buffer.concat([Buffer.from([2]), noise]));
	}
	for (const text of RESPONSES) seeds.responses.add(text);
	for (const [settings, ...steps] of KEY_SETS) seeds.key_sets.add(Buffer.from([settings, ...steps.flat()]));
	return seeds;
}

function addToken(seeds, token, i) {
	seeds.compact_parse.add(token);
	seeds.explain_agrees.add(Buffer.concat([Buffer.from([1, i, 0]), token]));
	seeds.pkce_dpop.add(Buffer.concat([Buffer.from([1]), token]));
	const [header, payload] = token
		.toString("latin1")
		.split(".", 2)
		.map((segment) => Buffer.from(segment, "base64url"));
	for (const segment of token.toString("latin1").split(".", 3)) seeds.base64url.add(segment);
	if (header === undefined || payload === undefined) return;
	seeds.json.add(header);
	seeds.json.add(payload);
	const nul = Buffer.from([0]);
	const signable = header
		.toString("latin1")
		.replace(/"alg"\s*:\s*"[^"]*"/, `"alg":"${["HS256", "EdDSA", "ES256"][i % 3]}"`);
	seeds.explain_agrees.add(Buffer.concat([Buffer.from([2, i, 0]), Buffer.from(signable, "latin1"), nul, payload]));
	const bare = header.toString("latin1").replace(/"alg"\s*:\s*"[^"]*"\s*,?/, "");
	seeds.jwt_differential.add(Buffer.concat([Buffer.from([i, i >> 2]), Buffer.from(bare, "latin1"), nul, payload]));
	for (const [, number] of payload.toString("latin1").matchAll(/"(?:exp|nbf|iat|auth_time)"\s*:\s*(-?[\d.eE+-]+)/g)) {
		const moments = Buffer.alloc(24);
		[1_800_000_000, i % 2 ? 0.5 : 0, 5].forEach((moment, at) => {
			moments.writeDoubleLE(moment, 8 * at);
		});
		seeds.numeric_date.add(Buffer.concat([moments, Buffer.from(number)]));
	}
}

function addKeys(seeds, keys) {
	const text = typeof keys === "string" ? keys : JSON.stringify(keys);
	seeds.jwk_set.add(`\0${text}`);
	seeds.json.add(text);
	const pem = /^-----BEGIN (PUBLIC KEY|CERTIFICATE)-----([^-]*)-----END/.exec(text);
	if (pem) {
		const kind = Buffer.from([pem[1] === "CERTIFICATE" ? 2 : 1]);
		seeds.jwk_set.add(Buffer.concat([kind, Buffer.from(pem[2], "base64")]));
	}
}

const TARGETS = [
	"base64url",
	"compact_parse",
	"ecdsa",
	"ed25519",
	"explain_agrees",
	"json",
	"jwk_set",
	"jwt_differential",
	"key_sets",
	"numeric_date",
	"options",
	"pkce_dpop",
	"policy",
	"responses",
	"sessions",
];

const RESPONSES = [
	'\0{"issuer":"https://auth.example.com","jwks_uri":"https://auth.example.com/jwks","authorization_endpoint":"https://auth.example.com/authorize","code_challenge_methods_supported":["S256"]}',
	'\x01{"access_token":"a","token_type":"Bearer","expires_in":300,"refresh_token":"r","scope":"openid","id_token":"a.b.c"}',
	'\x02{"error":"invalid_grant","error_description":"used before"}',
	"\x03Bearer a.b.c",
	"\x03bearer  a.b.c, Bearer d.e.f",
	"\x04https://auth.example.com:8443/jwks?x#y",
	"\x04http://localhost:4102/jwks",
	"\x04http://[::1]:80/",
	"\x04http://127.0.0.1",
	"\x05?code=c%20d&state=s1&iss=https%3A%2F%2Fauth.example.com",
	"\x05code=c&state=s1",
	"\x0fcode=c&state=s1&iss=https://auth.example.com",
	"\x0ferror=access_denied&error_description=no+%C3%A9&state=s1&iss=https://auth.example.com",
];

const TOKEN = [4, 0, 0];
const AGAIN = [7, 0, 0];
const SECOND = [0, 4, 0];
const AGED = [0, 14, 0];
const OTHER_KEYS = [14, 2, 0];
const ANSWERED = [8, 0, 0];
const GONE = [8, 5, 0];
const FAILED = [8, 6, 0];
const CUT_OFF = [8, 7, 0];

/** Lives of a key set, the settings first: 0 by its address, 1 by discovery, 2 with a store. */
const KEY_SETS = [
	// A failure shared by two, the next one at once, then a rest.
	[0, TOKEN, TOKEN, FAILED, AGAIN, AGAIN, TOKEN, FAILED, TOKEN, SECOND, TOKEN, ANSWERED, AGAIN],
	// Both places fail, which is two failures.
	[1, TOKEN, FAILED, CUT_OFF, AGAIN, TOKEN, SECOND, TOKEN, ANSWERED, ANSWERED, AGAIN],
	// A key that a new answer no longer has.
	[0, TOKEN, ANSWERED, OTHER_KEYS, AGED, TOKEN, ANSWERED, TOKEN],
	// Gone, and nobody says where it is.
	[1, TOKEN, ANSWERED, ANSWERED, ANSWERED, AGED, TOKEN, GONE, FAILED, CUT_OFF, GONE, TOKEN, ANSWERED, ANSWERED],
	// The store has an entry of others.
	[2, TOKEN, [8, 12, 4], AGAIN, AGED, TOKEN, [8, 0, 0], FAILED, AGAIN],
];

class Unique {
	#seen = new Map();

	add(seed) {
		const octets = Buffer.from(seed);
		this.#seen.set(octets.toString("latin1"), octets);
	}

	[Symbol.iterator]() {
		return this.#seen.values();
	}
}

/** One case of each kind: the first two parts of its name, and what is expected. */
function onePerKind(cases) {
	const kinds = new Map();
	for (const one of cases) {
		const kind = `${one.name.split("/").slice(0, 2).join("/")} ${one.expect}`;
		if (!kinds.has(kind)) kinds.set(kind, one);
	}
	return [...kinds.values()];
}

/** At most `most` members, evenly spread. */
function spread(list, most) {
	const pace = Math.max(1, list.length / most);
	return Array.from({ length: Math.min(most, list.length) }, (_, i) => list[Math.floor(i * pace)]);
}
