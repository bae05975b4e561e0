// Options fail closed: each option of each entry misspelled, inherited, undefined, of every wrong type, without effect,
// unreadable, and changed afterwards. What comes of it is a TypeError that begins with the option's path, or the same
// verdict as without.

import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { test } from "node:test";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from "jose";
import { audience, countersign, edge, halfHash, issuer, json, signer, start } from "./helpers.mjs";
import { memories } from "./memories.mjs";
import { membersOf, membersOfType } from "./option-names.mjs";

const poison = () => new Uint8Array(memories.at(-1).buffer).fill(0xff);

const { createVerifier, verifyDpopProof, verifySignature } = countersign;
const { guard, protect } = edge;

const [key, stranger] = [signer("k1"), signer("k1")];
const page = "https://shop.example.com";
const jwksUri = `${issuer}/jwks`;
const url = "https://public.example.com/purchases";
const now = () => start;
const late = () => start + 10_000;
const offline = () => Promise.reject(new Error("offline"));
const fetched = async (address) =>
	address === jwksUri
		? json({ keys: [key.jwk] })
		: address === `${issuer}/.well-known/openid-configuration`
			? json({ issuer, jwks_uri: jwksUri })
			: new Response("", { status: 404 });
// Every token is a minute old, and good for as long as clocks may differ.
const times = { iat: start - 60, exp: start - 10 };
const tolerance = 20;

/** Counts what was called of the caller's. It is part of each outcome. */
let calls = 0;
const called = (value) => () => {
	calls++;
	return value;
};

const idToken = key.token(
	{
		aud: [audience, "other"],
		azp: "shop",
		nonce: "n",
		at_hash: halfHash("at"),
		c_hash: halfHash("c"),
		auth_time: start - 60,
		...times,
		acr: "gold",
		scope: "a b",
	},
	{ typ: "JWT", crit: ["x"], x: 1 },
);
const [idHeader, idPayload, idSignature] = idToken.split(".");
const detached = `${idHeader}..${idSignature}`;
const accessClaims = { client_id: "shop", azp: "shop", scope: "a b", acr: "gold", auth_time: start - 60, ...times };
const accessHeader = { typ: "at+jwt", crit: ["x"], x: 1 };
const accessToken = key.token(accessClaims, accessHeader);

const holder = await generateKeyPair("ES256");
const holderKey = await exportJWK(holder.publicKey);
const thumbprint = await calculateJwkThumbprint(holderKey);
const boundToken = key.token({ ...accessClaims, cnf: { jkt: thumbprint } }, accessHeader);
const proof = await new SignJWT({
	jti: randomUUID(),
	htm: "GET",
	htu: url,
	iat: start - 5,
	nonce: "n1",
	ath: createHash("sha256").update(boundToken).digest("base64url"),
})
	.setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk: holderKey })
	.sign(holder.privateKey);

/** A value of each kind. */
const VALUES = {
	null: null,
	true: true,
	false: false,
	zero: 0,
	one: 1,
	"minus one": -1,
	"a fraction": 0.5,
	"not a number": Number.NaN,
	infinity: Number.POSITIVE_INFINITY,
	"a huge number": 1e300,
	"an empty text": "",
	"a text": "x",
	"half a character": "\ud800",
	"a boxed text": new String("x"),
	"a BigInt": 1n,
	"a symbol": Symbol("x"),
	"a function": () => {},
	"an empty list": [],
	"a list of a text": ["x"],
	"a list of a number": [1],
	"a list of null": [null],
	"a list of undefined": [undefined],
	"a list with a hole": new Array(1),
	"a list without an end": new Array(2 ** 32 - 1),
	"a list in a list": [["x"]],
	"an object": {},
	"an object of something else": { else: 1 },
	"an object without prototype": Object.create(null),
	"a date": new Date(0),
	"a map": new Map([["issuer", "x"]]),
	"a regular expression": /x/,
	"a promise": Promise.resolve("x"),
	bytes: new Uint8Array(3),
	floats: new Float64Array(2),
	"a buffer": new ArrayBuffer(8),
};
const NONE = [];
const TEXT = ["an empty text", "a text"];
const TEXTS = [...TEXT, "an empty list", "a list of a text"];
const SECONDS = ["zero", "one", "a fraction"];
const FUNCTION = ["a function"];
const OBJECT = [
	"an object",
	"an object without prototype",
	"a date",
	"a map",
	"a regular expression",
	"a promise",
	"a buffer",
];
// What is no key at all is refused as one: a TokenError.
const KEYS = [
	...TEXT,
	...OBJECT,
	"an object of something else",
	"a boxed text",
	"bytes",
	"a list of a text",
	"a list in a list",
];

const schemaOf = (validate) => ({ "~standard": { version: 1, vendor: "test", validate } });

// Each row: the right value, another one that changes the verdict, and the kinds of values that are legal.
const SHARED = {
	issuer: [
		issuer,
		"https://evil.example.com",
		[...TEXTS.filter((kind) => kind !== "an empty list"), ...FUNCTION, "null"],
	],
	audience: [[audience], "evil", [...TEXT, "a list of a text", "null"]],
	authorizedParty: ["shop", "evil", TEXTS],
	keys: [key.jwk, stranger.jwk, KEYS],
	algorithms: [["ES256"], ["ES384"], ["an empty list"]],
	subject: ["user-1", "user-2", TEXT],
	clockTolerance: [tolerance, 0, SECONDS],
	maxTokenAge: [120, 5, SECONDS],
	requiredClaims: [["exp"], ["absent"], TEXTS],
	crit: [["x"], ["y"], TEXTS],
	scope: ["a", "c", TEXTS],
	anyScope: [["c", "a"], "c", TEXTS],
	claims: [
		{ azp: "shop" },
		{ azp: "evil" },
		[...OBJECT, "a boxed text", "an object of something else", "bytes", "floats"],
	],
	check: [() => undefined, () => "no", FUNCTION],
	schema: [schemaOf((value) => ({ value })), schemaOf(() => ({ issues: [{ message: "no" }] })), NONE],
	provider: ["auth0", "cognito", NONE],
	maxTokenSize: [8000, 10, ["one"]],
	verdictCache: [{ maxEntries: 2 }, { maxEntries: 0 }, NONE],
	now: [now, late, FUNCTION],
	// For templates only.
	anyTenant: [false, true, ["false"]],
	issuerTable: [undefined, {}, NONE],
};
const REMOTE = {
	jwksUri: [jwksUri, "https://auth.example.com/other", NONE],
	fetch: [fetched, offline, FUNCTION],
	cache: [{ get: called(null), set() {} }, { get: called("{"), set: called() }, ["a map"]],
	metadataIssuer: [issuer, "https://auth.example.com/other", NONE],
	allowHttp: [false, "yes", ["true", "false"]],
	keySets: [{ timeout: 1 }, { timeout: 0 }, OBJECT.filter((kind) => kind !== "a regular expression")],
	onKeys: [() => {}, "told", FUNCTION],
};
const ID_TOKEN = {
	trustedAudiences: [["other"], "evil", TEXTS],
	nonce: ["n", "evil", TEXT],
	accessToken: ["at", "evil", TEXT],
	code: ["c", "evil", TEXT],
};
/** Of ID tokens and of access tokens. */
const LOGIN = {
	maxAge: [120, 5, SECONDS],
	acr: ["gold", "lead", TEXTS],
};
const DPOP = {
	algorithms: [["ES256"], ["ES384"], ["an empty list"]],
	maxAge: [60, 1, SECONDS],
	nonce: ["n1", "n2", TEXT],
	seen: [() => false, () => true, FUNCTION],
};
const secret = "0123456789abcdef0123456789abcdef";
/** A store that remembers nothing. */
const forgetful = { use: called(true) };
const GUARD_DPOP = {
	...DPOP,
	mode: ["allowed", "required", NONE],
	nonces: [{ secret }, { secret: "short" }, NONE],
	replay: [forgetful, { use: called(false) }, NONE],
};

const right = (rows) => Object.fromEntries(Object.entries(rows).map(([name, [value]]) => [name, value]));

const platform = globalThis.fetch;

/** The same options with ways of fetching of their own: those who fetch by the same function share key sets. */
function unshared(options) {
	globalThis.fetch = (...args) => platform(...args);
	try {
		const own = Object.getOwnPropertyDescriptors(options);
		const { value, get } = own.fetch ?? {};
		const wrapped = (fetch) => (fetch === fetched || fetch === offline ? (...args) => fetch(...args) : fetch);
		if (get) own.fetch.get = () => wrapped(get.call(options));
		else if (own.fetch) own.fetch.value = wrapped(value);
		return own.fetch ? Object.create(Object.getPrototypeOf(options), own) : options;
	} catch {
		return options; // A proxy that refuses.
	}
}

async function judge(options, token) {
	const verifier = createVerifier(unshared(options));
	const { claims } = await verifier.verify(token);
	return claims.sub;
}

/** What a handler answers: status, all headers and the code, or the handler's word. */
async function shown(response) {
	// Key sets are shared: how often one could not be fetched yet, and so when to ask again, is not the options' doing.
	const headers = [...response.headers].filter(([name]) => name !== "content-type" && name !== "retry-after");
	const text = await response.text();
	// Without the option `now`, the time goes on between two answers.
	return JSON.stringify([response.status, headers, text]).replaceAll(/at most 17\d{8}/g, "at most now");
}

const bearer = { headers: { authorization: `Bearer ${accessToken}`, origin: page } };
const dpop = { headers: { authorization: `DPoP ${boundToken}`, dpop: proof } };
// Made anew each time: a request that comes again to the same store is one use of its proof.
const originals = [new Request(url, bearer), new Request(url, dpop), new Request(url, { headers: { origin: page } })];
const requests = () => originals.map((request) => request.clone());
const metadata = new Request("https://public.example.com/.well-known/oauth-protected-resource");

async function askProtect(options) {
	const handler = protect(unshared(options), (_request, auth) => new Response(auth?.claims.sub ?? "nobody"));
	const answers = [];
	for (const request of [...requests(), metadata]) answers.push(await shown(await handler(request)));
	return answers.join("\n");
}

async function askGuard(options) {
	const { check, refuse } = guard(unshared(options));
	const answers = [];
	for (const request of requests()) {
		const auth = await check(request).catch((error) => {
			if (!(error instanceof countersign.TokenError)) throw error;
			return shown(refuse(error));
		});
		answers.push(auth?.claims?.sub ?? auth);
	}
	return answers.join("\n");
}

const POLICY = membersOf("verifier/policy-options.d.ts", "PolicyOptions");
const DECLARED = {
	verifier: { ...POLICY, ...membersOf("verifier/options.d.ts", "VerifierOptions") },
	entry: { ...POLICY, ...membersOf("verifier/issuer-options.d.ts", "IssuerOptions") },
	signature: membersOf("verifier/signature.d.ts", "SignatureOptions"),
	proof: membersOf("verifier/dpop.d.ts", "DpopOptions"),
	guard: membersOf("edge/types.d.ts", "GuardOptions"),
	// What it takes from the options of a single proof, and its own.
	dpop: ["algorithms", "maxAge", "nonce", ...Object.keys(membersOf("edge/dpop-options.d.ts", "GuardDpopOptions"))],
};
const namesOf = (type) => Object.keys(type);

const verifierRows = {
	...SHARED,
	...REMOTE,
	...ID_TOKEN,
	...LOGIN,
	profile: ["id-token", "access-token", NONE],
	typ: ["JWT", "at+jwt", [...TEXTS, "null"]],
};
const guardRows = {
	...SHARED,
	...REMOTE,
	...LOGIN,
	profile: ["access-token", "logout-token", NONE],
	typ: ["at+jwt", "JWT", [...TEXTS, "null"]],
	realm: ["shop", "other", TEXT],
	resource: ["https://public.example.com", "https://public.example.com/v1", NONE],
	resourceMetadata: [true, false, ["true", "false", ...OBJECT.filter((kind) => kind !== "a regular expression")]],
	publicOrigin: ["https://public.example.com", "https://other.example.com", NONE],
	cors: [{ origin: page }, { origin: "https://evil.example.com" }, NONE],
	dpop: [right(DPOP), { ...right(DPOP), nonce: "n2" }, OBJECT.filter((kind) => kind !== "a regular expression")],
	mtls: [{ header: "x-cert" }, { mode: "required", header: "x-cert" }, NONE],
	storeTimeout: [1, 0, ["one", "a fraction"]],
	onVerdict: [called(), () => {}, FUNCTION],
	token: [{ header: "x-token" }, { cookie: 5 }, FUNCTION],
	required: [true, false, ["true", "false"]],
};
const guardNames = [...namesOf(DECLARED.verifier), ...namesOf(DECLARED.guard)].filter((name) => !(name in ID_TOKEN));
const {
	check: _check,
	maxTokenSize: _size,
	verdictCache: _cache,
	now: _now,
	issuerTable: _table,
	schema: _schema,
	...policyRows
} = SHARED;
const issuerRows = {
	...policyRows,
	...Object.fromEntries(["jwksUri", "metadataIssuer", "allowHttp", "keySets"].map((name) => [name, REMOTE[name]])),
	issuer: [issuer, "https://evil.example.com", TEXT],
	profile: verifierRows.profile,
	typ: verifierRows.typ,
	...LOGIN,
	trustedAudiences: ID_TOKEN.trustedAudiences,
};

const without = (base, name) => {
	const { [name]: _, ...rest } = base;
	return rest;
};

/** A listener for verdicts has every check run: nothing is kept beside it. */
const heard = (base) => ("onVerdict" in base ? without(base, "verdictCache") : base);

// Where keys are given nothing is fetched: what fetches is tried without them, and the other way round.
const keysGiven = (base) => heard(Object.fromEntries(Object.entries(base).filter(([name]) => !(name in REMOTE))));
const keysFetched = ({ keys: _, metadataIssuer: __, ...base }) => heard(base);
const discovered = ({ keys: _, jwksUri: __, ...base }) => heard(base);
const baseFor = (name, base) => {
	const told = name === "verdictCache" ? without(base, "onVerdict") : base;
	if (name === "metadataIssuer") return discovered(told);
	// Without a store, its time limit has no effect.
	if (name === "dpop") return without(keysGiven(told), "storeTimeout");
	// Of two ways to one thing, each is tried without the other.
	if (name === "replay") return without(without(told, "seen"), "nonces");
	if (name === "nonces") return without(without(told, "nonce"), "replay");
	if ("replay" in told || "nonces" in told) return without(without(told, "replay"), "nonces");
	return name in REMOTE ? keysFetched(told) : keysGiven(told);
};

/** What access tokens pass by. */
const common = { now, crit: "x", clockTolerance: tolerance };
const guardBase = right(guardRows);
/** An entry of the package, or an object among its options. */
const ENTRIES = {
	createVerifier: {
		declared: namesOf(DECLARED.verifier),
		rows: verifierRows,
		ask: (options) => judge(options, idToken),
	},
	"createVerifier: an entry of issuer": {
		declared: namesOf(DECLARED.entry),
		rows: issuerRows,
		path: "issuer[1].",
		ask: (own) => {
			const other = { issuer: "https://other.example.com", audience, jwksUri: "https://other.example.com/jwks" };
			const { crit: _, clockTolerance: __, ...rest } = common;
			const login = { nonce: "n", accessToken: "at", code: "c" };
			return judge({ ...rest, ...login, fetch: fetched, issuer: [other, own] }, idToken);
		},
	},
	"createVerifier: verdictCache": {
		declared: membersOfType(DECLARED.verifier.verdictCache),
		rows: { maxEntries: [1, 0, ["one"]] },
		path: "verdictCache.",
		ask: (own) => judge({ ...common, issuer, audience, keys: key.jwk, verdictCache: own }, accessToken),
	},
	verifySignature: {
		declared: namesOf(DECLARED.signature),
		rows: {
			algorithms: SHARED.algorithms,
			crit: SHARED.crit,
			maxTokenSize: SHARED.maxTokenSize,
			payload: [Buffer.from(idPayload, "base64url").toString(), "{}", [...TEXT, "bytes"]],
		},
		ask: async (options) =>
			JSON.parse(new TextDecoder().decode(verifySignature(detached, key.jwk, options).payload)).sub,
	},
	verifyDpopProof: {
		declared: namesOf(DECLARED.proof),
		rows: {
			...DPOP,
			method: ["GET", "POST", TEXT],
			url: [url, "https://evil.example.com/", TEXT],
			accessToken: [boundToken, "evil", TEXT],
			thumbprint: [thumbprint, "evil", TEXT],
			now: [now, late, FUNCTION],
		},
		ask: async (options) => (await verifyDpopProof(proof, options)).thumbprint,
	},
	// Of what both take, protect alone answers other origins.
	guard: { declared: guardNames.filter((name) => name !== "cors"), rows: without(guardRows, "cors"), ask: askGuard },
	protect: { declared: guardNames, rows: guardRows, ask: askProtect },
	"protect: cors": {
		declared: membersOfType(DECLARED.guard.cors),
		rows: { origin: [page, "https://evil.example.com", TEXTS] },
		path: "cors.",
		ask: (own) => askProtect({ ...keysGiven(guardBase), cors: own }),
	},
	"protect: dpop": {
		declared: DECLARED.dpop,
		rows: GUARD_DPOP,
		path: "dpop.",
		ask: (own) => askProtect({ ...keysGiven(guardBase), dpop: own }),
	},
	"guard: dpop": {
		declared: DECLARED.dpop,
		rows: GUARD_DPOP,
		path: "dpop.",
		ask: (own) => askGuard({ ...without(keysGiven(guardBase), "cors"), dpop: own }),
	},
};

/** What comes of a call, as text: its value, the code of a refusal, or a TypeError. */
async function outcome(work) {
	calls = 0;
	try {
		return `${await work()} (${calls} calls)`;
	} catch (error) {
		if (error instanceof countersign.TokenError) return `TokenError ${error.code} ${error.cause?.stack ?? ""}`;
		return `${error.name}: ${error.message}`;
	}
}

const begins = (path) => new RegExp(`^TypeError: ${path.replaceAll(/[.[\]]/g, "\\$&")}[:.[]`);

/** Ways to get a name wrong by one letter. */
const misspelled = (name) => [
	name.slice(0, -1),
	// What ends in s with one more letter may be another option.
	name === "token" ? "tocken" : `${name}s`,
	`${name.slice(0, 2)}${name.slice(1)}`,
	name[0].toUpperCase() + name.slice(1),
];

class Thrown extends Error {}
const throws = () => {
	throw new Thrown("by the caller");
};
const traps = Object.fromEntries(
	Object.getOwnPropertyNames(Reflect)
		.filter((name) => typeof Reflect[name] === "function")
		.map((name) => [name, throws]),
);

test("guard: cors is for protect alone, which answers pages", () => {
	const given = { ...keysGiven(guardBase), cors: { origin: page } };
	assert.throws(() => edge.guard(given), { name: "TypeError", message: /^cors: has no effect with guard/ });
	edge.protect(given, () => new Response());
});

for (const [entry, { declared, rows, ask, path = "" }] of Object.entries(ENTRIES)) {
	const all = right(rows);
	const each = Object.entries(rows).map(([name, [value, other, legal]]) => {
		const base = { ...baseFor(name, all), [name]: value };
		return { name, value, other, legal, base, bare: without(base, name) };
	});

	test(`${entry}: a row for each option, and each option has an effect`, async () => {
		assert.deepEqual(Object.keys(rows).sort(), [...new Set(declared)].sort());
		for (const { name, base, other } of each) {
			const good = await outcome(() => ask(base));
			assert.doesNotMatch(good, /^\w*Error|^\[[45]/, `${name}: ${good}`);
			assert.notEqual(await outcome(() => ask({ ...base, [name]: other })), good, name);
		}
	});

	test(`${entry}: misspelled, the right name is told`, async () => {
		for (const { name, value, bare } of each) {
			for (const wrong of misspelled(name)) {
				if (wrong in rows) continue;
				for (const given of [value, undefined]) {
					assert.equal(
						await outcome(() => ask({ ...bare, [wrong]: given })),
						`TypeError: ${path}${wrong}: unknown option; did you mean ${name}?`,
					);
				}
			}
		}
		for (const strange of ["constructor", "toString", "zzzzzz", "", "__proto__"]) {
			const given = Object.defineProperty({ ...each[0].base }, strange, { value: 1, enumerable: true });
			assert.match(
				await outcome(() => ask(given)),
				new RegExp(`^TypeError: ${path.replaceAll(/[.[\]]/g, "\\$&")}${strange}: unknown option; known here: `),
			);
		}
	});

	test(`${entry}: inherited, an option is none`, async () => {
		for (const { name, value, other, bare } of each) {
			const plain = await outcome(() => ask(bare));
			for (const inherited of [value, other, Symbol("x")]) {
				assert.equal(await outcome(() => ask(Object.assign(Object.create({ [name]: inherited }), bare))), plain, name);
				if (name === "required") continue; // The platform's own Response looks for it there.
				assert.equal(await polluted({ [name]: inherited }, () => outcome(() => ask(bare))), plain, name);
			}
		}
		const { base, bare } = each[0];
		for (const [given, at] of [
			[base, 0],
			[base, 1],
			[bare, 1],
		]) {
			const plain = await outcome(() => ask(given));
			const { required: _, ...pollution } = Object.fromEntries(
				Object.entries(rows).map(([name, row]) => [name, row[at]]),
			);
			assert.equal(await polluted(pollution, () => outcome(() => ask(given))), plain);
		}
	});

	test(`${entry}: undefined is absence`, async () => {
		for (const { name, bare } of each) {
			const plain = await outcome(() => ask(bare));
			assert.equal(await outcome(() => ask({ ...bare, [name]: undefined })), plain, name);
		}
	});

	test(`${entry}: values of every kind`, async () => {
		for (const { name, base, legal } of each) {
			for (const [kind, value] of Object.entries(VALUES)) {
				const seen = await outcome(() => ask({ ...base, [name]: value }));
				const what = `${name}: ${kind} gives ${seen.slice(0, 300)}`;
				assert.ok(seen.length < 4000, what);
				assert.doesNotMatch(seen, /^TokenError internal/, what);
				if (!legal.includes(kind)) assert.match(seen, begins(`${path}${name}`), what);
				else if (/^\w*Error/.test(seen)) assert.match(seen, /^TokenError |^TypeError: now: must return/, what);
			}
		}
	});

	test(`${entry}: what cannot be read is named`, async () => {
		const { proxy, revoke } = Proxy.revocable({}, {});
		revoke();
		for (const { name, bare } of each) {
			const getter = Object.defineProperty({ ...bare }, name, { get: throws, enumerable: true });
			assert.equal(await outcome(() => ask(getter)), `TypeError: ${path}${name}: cannot be read`);
			if (name === "cache" || name === "replay") continue;
			for (const value of [new Proxy({}, traps), new Proxy([], traps), proxy]) {
				assert.equal(await outcome(() => ask({ ...bare, [name]: value })), `TypeError: ${path}${name}: cannot be read`);
			}
			const inside = [Object.defineProperty({}, "kty", { get: throws, enumerable: true })];
			assert.match(await outcome(() => ask({ ...bare, [name]: inside })), begins(`${path}${name}`));
		}
		const named = path === "" ? "options" : path.slice(0, -1);
		for (const value of [new Proxy({}, traps), proxy]) {
			if (entry === "protect" && value !== proxy) continue;
			assert.equal(await outcome(() => ask(value)), `TypeError: ${named}: cannot be read`);
		}
	});

	test(`${entry}: a getter that calls the package changes nothing`, async () => {
		for (const { name, value, base, bare } of each) {
			const plain = await outcome(() => ask(base));
			const getter = Object.defineProperty({ ...bare }, name, {
				enumerable: true,
				get() {
					assert.equal(
						createVerifier({ ...common, issuer, audience, keys: key.jwk }).verifySync(accessToken).header.kid,
						"k1",
					);
					assert.throws(() => countersign.decodeUnverified("garbage"), { code: "token_malformed" });
					assert.equal(verifySignature(idToken, key.jwk, { crit: ["x"] }).header.typ, "JWT");
					assert.throws(() => createVerifier({ issuer: 5 }), TypeError);
					return value;
				},
			});
			assert.equal(await outcome(() => ask(getter)), plain, name);
		}
	});
}

/** Runs `work` while Object.prototype has these members. */
async function polluted(members, work) {
	for (const [name, value] of Object.entries(members)) {
		Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true });
	}
	try {
		return await work();
	} finally {
		for (const name of Object.keys(members)) delete Object.prototype[name];
	}
}

test("an option without effect under its profile is a TypeError that says which profile reads it", () => {
	const base = { issuer, audience, keys: key.jwk, now };
	for (const [name, [value]] of Object.entries(ID_TOKEN)) {
		const message = new RegExp(`^${name}: has no effect with the profile [a-z-]+; it needs profile: "id-token"`);
		for (const profile of [undefined, "jwt", "access-token", "logout-token"]) {
			for (const make of [createVerifier, guard, (options) => protect(options, () => new Response())]) {
				assert.throws(() => make({ ...base, profile, [name]: value }), { name: "TypeError", message }, name);
				assert.doesNotThrow(() => make({ ...base, profile, [name]: undefined }), name);
			}
		}
		assert.doesNotThrow(() => createVerifier({ ...base, profile: "id-token", [name]: value }), name);
	}
	for (const [name, [value]] of Object.entries(LOGIN)) {
		const message = new RegExp(
			`^${name}: has no effect with the profile logout-token; it needs profile: "access-token"`,
		);
		for (const make of [createVerifier, guard]) {
			assert.throws(() => make({ ...base, profile: "logout-token", [name]: value }), { name: "TypeError", message });
			for (const profile of ["jwt", "access-token", "id-token"]) make({ ...base, profile, [name]: value });
		}
	}
});

test("what has no effect where keys are given, or beside a listener, is a TypeError", () => {
	const given = { issuer, audience, keys: key.jwk, now };
	const own = { issuer: { issuer, keys: key.jwk }, audience };
	const mixed = { issuer: [own.issuer, "https://other.example.com"], audience };
	const entries = [createVerifier, guard, (options) => protect(options, () => new Response())];
	for (const [name, [value]] of Object.entries(REMOTE)) {
		if (["jwksUri", "allowHttp", "metadataIssuer"].includes(name)) continue; // Tests of their own.
		const message = new RegExp(`^${name}: has no effect: the keys are given, and nothing is fetched$`);
		for (const make of entries) {
			for (const options of [given, own]) {
				assert.throws(() => make({ ...options, [name]: value }), { name: "TypeError", message }, name);
				make({ ...options, [name]: undefined });
			}
			make({ ...mixed, [name]: value });
		}
	}
	const verdictCache = { maxEntries: 2 };
	for (const make of entries.slice(1)) {
		assert.throws(() => make({ ...given, verdictCache, onVerdict() {} }), {
			name: "TypeError",
			message: /^verdictCache: has no effect beside onVerdict/,
		});
		make({ ...given, verdictCache, onVerdict: undefined });
	}
});

test("what several issuers would not read is a TypeError", () => {
	const own = { issuer, audience, keys: key.jwk };
	const other = { issuer: "https://other.example.com", audience, keys: stranger.jwk };
	for (const [given, message] of [
		[{ issuer: [issuer, issuer], audience }, /^issuer\[1\]: a second entry for the same issuer/],
		[{ issuer: [own, issuer], audience }, /^issuer\[1\]: a second entry/],
		[{ issuer: [issuer, other.issuer, own], audience }, /^issuer\[2\]: a second entry/],
		[{ issuer: [own, { ...other, issuer }] }, /^issuer\[1\]: a second entry/],
		[{ issuer: [{ ...own, nonce: "n" }] }, /^issuer\[0\]\.nonce: unknown option/],
		[{ issuer: [own, { ...other, scopes: "a" }] }, /^issuer\[1\]\.scopes: unknown option; did you mean scope\?/],
		[{ issuer: { ...own, now } }, /^issuer\.now: unknown option/],
		[{ issuer: { ...own, scope: "a" }, scope: "b" }, /^scope: has no effect/],
		[{ issuer: [{ ...own, trustedAudiences: "x" }] }, /^issuer\[0\]\.trustedAudiences: has no effect with the profile/],
		[{ issuer: [{ ...own, maxAge: 5 }], profile: "logout-token" }, /^issuer\[0\]\.maxAge: has no effect with the prof/],
		[{ issuer: [{ ...own, issuer: undefined }] }, /^issuer\[0\]\.issuer: required/],
		[{ issuer: [] }, /^issuer: expected at least one/],
		[{ issuer: [null], audience }, /^issuer\[0\]: expected/],
		[{ ...own, jwksUri }, /^jwksUri: expected keys or jwksUri, not both/],
		[{ issuer: [{ ...own, jwksUri }, other] }, /^issuer\[0\]\.jwksUri: expected keys or jwksUri, not both/],
		[{ issuer: [own, other], jwksUri }, /^jwksUri: has no effect/],
		[{ issuer: [own, other], keys: stranger.jwk }, /^keys: has no effect/],
		[{ issuer: [own, other], audience: "b" }, /^audience: has no effect/],
		[{ issuer: [{ ...own, algorithms: ["ES256"] }], algorithms: ["ES384"] }, /^algorithms: has no effect/],
		[{ issuer: null, audience }, /^keys: expected keys or jwksUri/],
	]) {
		assert.throws(() => createVerifier(given), { name: "TypeError", message });
		assert.throws(() => guard(given), { name: "TypeError", message });
	}
	// What one issuer of several reads has an effect.
	createVerifier({ issuer: [own, other.issuer], audience, jwksUri, algorithms: ["ES256"] });
});

/** Changes all that can be changed, however deep. */
function spoil(value) {
	if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return;
	for (const name of Object.keys(value)) {
		spoil(value[name]);
		if (typeof value[name] !== "function") value[name] = name === "issuer" ? "https://evil.example.com" : undefined;
		else value[name] = late;
	}
	if (value instanceof URL) value.href = "https://evil.example.com/";
	if (Array.isArray(value)) value.push("evil");
}

test("what is done to the options afterwards changes nothing, nor after a trap", async () => {
	class Options {
		constructor(members) {
			Object.assign(this, members);
		}
	}
	const shapes = [
		(options) => options,
		(options) => new Options(options),
		(options) => Object.assign(Object.create({}), options),
	];
	for (const shape of shapes) {
		const deep = (rows) => {
			const { cache: _, ...base } = right(rows);
			const copies = Object.entries(base).map(([name, value]) => [
				name,
				typeof value === "function" ? value : structuredCloneOf(value),
			]);
			return shape(Object.fromEntries(copies));
		};
		const options = keysGiven(deep(verifierRows));
		options.keys = [shape({ ...key.jwk })];
		options.issuer = [
			shape({ issuer, audience: [audience], keys: shape({ keys: [{ ...key.jwk }] }), algorithms: ["ES256"] }),
		];
		for (const name of ["audience", "keys", "algorithms"]) delete options[name];
		const verifier = createVerifier(shape(options));
		const given = shape({
			...without(keysGiven(deep(guardRows)), "cors"),
			resourceMetadata: new URL("https://docs.example.com/metadata"),
		});
		const plain = await outcome(() => askProtect(given));
		assert.match(plain, /docs\.example\.com/);
		const handler = protect(given, (_request, { claims }) => new Response(claims.sub));
		const { check } = guard(given);
		spoil(options);
		spoil(given);
		for (let round = 0; round < 2; round++) {
			assert.equal((await verifier.verify(idToken)).claims.sub, "user-1");
			const answers = [];
			for (const request of [...requests(), metadata]) answers.push(await shown(await handler(request)));
			assert.equal(answers.join("\n"), plain.replace(/ \(\d+ calls\)$/, ""));
			assert.equal((await check(requests()[1])).claims.sub, "user-1");
			const instances = memories.length;
			poison();
			assert.throws(() => verifier.verifySync(idToken), { code: "internal" });
			assert.equal(memories.length, instances);
		}
	}
});

/** A deep copy of plain data that may hold functions. */
function structuredCloneOf(value) {
	if (typeof value !== "object" || value === null) return value;
	if (Array.isArray(value)) return value.map(structuredCloneOf);
	return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, structuredCloneOf(member)]));
}
