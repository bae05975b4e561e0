// Nothing traps: whatever a caller hands over, the answer is a verdict, a TokenError or a TypeError that names the
// option, and the next call works.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { audience, countersign, createLogin, edge, issuer, json, signer, start } from "./helpers.mjs";
import { memories } from "./memories.mjs";

const { createPkce, createVerifier, jwkThumbprint, pkceChallenge, TokenError } = countersign;
const { decodeUnverified, verifyDpopProof, verifyPkce, verifySignature } = countersign;

const LONG = process.env.COUNTERSIGN_LONG === "1";
const key = signer("k1");
const good = key.token();
const healthy = () => createVerifier({ issuer, audience, keys: key.jwk, now: () => start });

class Thrown extends Error {}
const throws = () => {
	throw new Thrown("by the caller");
};
const traps = Object.fromEntries(
	Object.getOwnPropertyNames(Reflect)
		.filter((name) => typeof Reflect[name] === "function")
		.map((name) => [name, throws]),
);
const revoked = Proxy.revocable({}, {});
revoked.revoke();
const cyclic = {};
cyclic.self = cyclic;
const endless = [];
endless.push(endless);

/** Values of every type that no option wants, or only some. */
const WRONG = {
	undefined: undefined,
	null: null,
	"not a number": Number.NaN,
	infinity: Number.POSITIVE_INFINITY,
	"minus one": -1,
	"a fraction": 0.5,
	"a huge number": 1e300,
	true: true,
	"an empty string": "",
	"a lone surrogate": "\ud800",
	"a long string": "x".repeat(100_000),
	"an empty array": [],
	"an array of holes": new Array(3),
	"an array of numbers": [1, 2],
	"an array of itself": endless,
	"an object": {},
	"an object of itself": cyclic,
	"an object without prototype": Object.create(null),
	"a function": () => {},
	"a class": class {},
	"a symbol": Symbol("s"),
	"a BigInt": 10n ** 30n,
	"a date": new Date(0),
	"an invalid date": new Date(Number.NaN),
	"a map": new Map([["issuer", 1]]),
	"a regular expression": /x/,
	"a boxed string": new String("x"),
	"a promise": Promise.resolve(1),
	bytes: new Uint8Array(3),
	floats: new Float64Array(2),
	"a buffer": new ArrayBuffer(8),
	"a proxy that throws": new Proxy({}, traps),
	"a proxy of an array that throws": new Proxy([], traps),
	"a proxy of a function that throws": new Proxy(() => {}, traps),
	"a revoked proxy": revoked.proxy,
	"an array of proxies": [new Proxy({}, traps)],
	"a getter inside": Object.defineProperty({}, "kty", { get: throws, enumerable: true }),
	"toString that throws": { toString: throws, toJSON: throws, valueOf: throws, [Symbol.toPrimitive]: throws },
};

/** Options that are functions. */
const CALLED = ["now", "fetch", "seen", "onVerdict", "onStep"];
const offline = () => Promise.reject(new Error("offline"));
globalThis.fetch = offline;

/** Every option with every wrong value, and with a getter that throws. `call` gives a verdict or throws. */
async function everyOption(base, names, call, path = "") {
	const outcomes = {};
	for (const name of names) {
		for (const [what, value] of [...Object.entries(WRONG), ["a getter that throws", Thrown]]) {
			// What a caller's function does is the caller's own.
			if (typeof value === "function" && CALLED.includes(name) && value !== Thrown) continue;
			const options = { ...base };
			if (value === Thrown) Object.defineProperty(options, name, { get: throws, enumerable: true, configurable: true });
			else options[name] = value;
			const where = `${name}: ${what}`;
			const outcome = await attempt(() => call(options));
			if (outcome.error instanceof TypeError) {
				const named = begins(outcome.error.message, path + name);
				assert.ok(named, `${where} is a TypeError that names something else: ${outcome.error.message}`);
			} else if (outcome.error) {
				assert.ok(outcome.error instanceof TokenError, `${where} gives ${outcome.error.stack}`);
				assert.notEqual(outcome.error.code, "internal", `${where}: ${outcome.error.cause?.stack}`);
			}
			assert.ok((outcome.error?.message.length ?? 0) < 2000, `${where}: the message has no bound`);
			outcomes[where] = outcome.error ? (outcome.error.code ?? "TypeError") : "accepted";
		}
	}
	return outcomes;
}

/** Whether a message begins with an option's path, or with that of a member or element of it. */
const begins = (message, path) => message.startsWith(path) && /^[:.[]/.test(message.slice(path.length));

async function attempt(work) {
	try {
		return { value: await work() };
	} catch (error) {
		return { error };
	}
}

/** What has to be a TypeError, as no reading of it makes sense. */
function mustRefuse(outcomes, names, values) {
	for (const name of names) {
		for (const what of [...values, "a getter that throws", "a proxy that throws", "a revoked proxy"]) {
			assert.equal(outcomes[`${name}: ${what}`], "TypeError", `${name}: ${what}`);
		}
	}
}

const NEVER = [
	"a symbol",
	"a BigInt",
	"a function",
	"not a number",
	"minus one",
	"true",
	"an array of numbers",
	"a date",
];

test("createVerifier: every option with every wrong value", async () => {
	const base = { issuer, audience, keys: key.jwk, now: () => start };
	const { keys: _, ...remote } = base;
	const call = async (options) => {
		const verifier = createVerifier(options);
		try {
			await verifier.explain(good);
			return await verifier.verify(good);
		} finally {
			verifier.dispose();
		}
	};
	const texts = ["profile", "typ", "subject", "nonce", "accessToken", "code", "acr", "scope", "issuer", "audience"];
	const lists = ["algorithms", "requiredClaims", "crit"];
	const numbers = ["clockTolerance", "maxTokenAge", "maxAge", "maxTokenSize"];
	const outcomes = {
		...(await everyOption(base, [...texts, ...lists, ...numbers, "keys", "jwksUri", "now"], call)),
		...(await everyOption(remote, ["fetch", "cache"], call)),
	};
	mustRefuse(outcomes, [...texts.filter((name) => name !== "issuer"), ...lists], NEVER);
	// A function says which issuers are ours.
	mustRefuse(
		outcomes,
		["issuer"],
		NEVER.filter((kind) => kind !== "a function" && kind !== "a class"),
	);
	mustRefuse(outcomes, numbers, [
		"not a number",
		"infinity",
		"minus one",
		"true",
		"a symbol",
		"a BigInt",
		"an empty string",
	]);
	mustRefuse(
		outcomes,
		["keys", "now", "fetch", "cache"],
		["a symbol", "a BigInt", "true", "minus one", "not a number"],
	);
	assert.equal(outcomes["issuer: undefined"], "TypeError");
	assert.equal(outcomes["audience: undefined"], "TypeError");
	assert.equal(outcomes["issuer: null"], "accepted");
	assert.equal(outcomes["audience: null"], "accepted");
	assert.equal(healthy().verifySync(good).claims.sub, "user-1");
});

test("createVerifier: the options of one issuer among several", async () => {
	const other = { issuer: "https://other.example.com", keys: signer("k2").jwk };
	const call = (options) => {
		const verifier = createVerifier({ issuer: [other, options], audience, now: () => start });
		const verified = verifier.verifySync(good);
		verifier.dispose();
		return verified;
	};
	const names = ["issuer", "audience", "keys", "algorithms", "jwksUri"];
	await everyOption({ issuer, keys: key.jwk }, names, call, "issuer[1].");
});

test("createVerifier: options that are none", () => {
	for (const [what, value] of Object.entries(WRONG)) {
		assert.throws(() => createVerifier(value), TypeError, what);
	}
	assert.throws(
		() => createVerifier(new Proxy({ issuer, audience, keys: key.jwk }, traps)),
		/^TypeError: \w+: cannot be read/,
	);
});

test("options are read once, and changing them afterwards changes nothing", () => {
	const options = { issuer: [issuer], audience: [audience], keys: { keys: [key.jwk] }, now: () => start };
	const verifier = createVerifier(options);
	options.issuer[0] = "https://evil.example.com";
	options.keys.keys[0] = signer("k1").jwk;
	assert.equal(verifier.verifySync(good).claims.sub, "user-1");
	let reads = 0;
	const counting = { ...options, keys: key.jwk };
	Object.defineProperty(counting, "issuer", { enumerable: true, get: () => (reads++ === 0 ? issuer : null) });
	assert.equal(createVerifier(counting).verifySync(good).claims.sub, "user-1");
	assert.equal(reads, 1);
});

test("nothing is inherited from Object.prototype", () => {
	Object.defineProperty(Object.prototype, "issuer", {
		value: null,
		configurable: true,
		enumerable: true,
		writable: true,
	});
	try {
		assert.throws(() => createVerifier({ audience, keys: key.jwk }), /^TypeError: issuer/);
	} finally {
		delete Object.prototype.issuer;
	}
});

test("what JSON has no word for, and what a toJSON says, never becomes another policy", async () => {
	const base = { issuer, audience, keys: key.jwk, now: () => start };
	const texts = ["issuer", "audience", "typ", "subject", "nonce", "accessToken", "code", "acr", "scope"];
	for (const name of [...texts, "algorithms", "requiredClaims", "crit"]) {
		for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1n, "\ud800", ["a\udfff"], [undefined], new Array(1)]) {
			assert.throws(
				() => createVerifier({ ...base, [name]: value }),
				new RegExp(`^TypeError: ${name}(\\[0\\])?: `),
				name,
			);
		}
	}
	const polluted = [Object, Array, String, Number, BigInt].map(({ prototype }) => prototype);
	for (const prototype of polluted) {
		Object.defineProperty(prototype, "toJSON", { value: () => null, configurable: true });
	}
	try {
		for (const name of ["issuer", "audience", "typ"]) {
			assert.throws(() => createVerifier({ ...base, [name]: 1n }), new RegExp(`^TypeError: ${name}(\\[0\\])?: `), name);
		}
		const [mine, other] = [audience, "https://other.example.com"].map((one) =>
			createVerifier({ ...base, audience: [one] }),
		);
		assert.equal(mine.verifySync(good).claims.sub, "user-1");
		assert.throws(() => other.verifySync(good), { code: "audience_mismatch" });
		assert.throws(() => createVerifier({ ...base, audience: { toJSON: () => audience } }), /^TypeError: audience: /);
	} finally {
		for (const prototype of polluted) delete prototype.toJSON;
	}
	const named = JSON.parse('{"__proto__": {"kty": "EC"}, "kty": "none"}');
	assert.throws(() => createVerifier({ ...base, keys: named }), { code: "key_invalid" });
});

test("bytes as a key: every value of an octet, and no object that stands for them", () => {
	const secret = Uint8Array.from({ length: 256 }, (_, octet) => octet);
	const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
	const input = `${part({ alg: "HS256" })}.${part({ iss: issuer, aud: audience, exp: start + 60 })}`;
	const token = `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
	const policy = { issuer, audience, algorithms: ["HS256"], now: () => start };
	for (const keys of [secret, [secret], Buffer.from(secret)]) {
		assert.equal(createVerifier({ ...policy, keys }).verifySync(token).claims.iss, issuer);
	}
	const text = String.fromCharCode(...secret);
	for (const keys of [{ octets: text }, { "\0octets": text }, text, JSON.stringify({ "\0octets": text })]) {
		assert.throws(() => createVerifier({ ...policy, keys }).verifySync(token), /^(TypeError: keys|TokenError: )/);
	}
});

test("verifySignature: keys and every option with every wrong value", async () => {
	const call = (options) => verifySignature(good, key.jwk, options);
	const outcomes = await everyOption(
		{ algorithms: ["ES256"] },
		["algorithms", "crit", "maxTokenSize", "payload"],
		call,
	);
	mustRefuse(outcomes, ["algorithms", "crit", "payload"], NEVER);
	for (const [what, value] of Object.entries(WRONG)) {
		const { error } = await attempt(() => verifySignature(good, value, { algorithms: ["ES256"] }));
		const named = error instanceof TypeError ? begins(error.message, "keys") : error instanceof TokenError;
		assert.ok(named && error.code !== "internal", `keys: ${what} gives ${error}`);
		const given = await attempt(() => verifySignature(good, key.jwk, value));
		if (given.error instanceof TypeError) assert.match(given.error.message, /^\w[\w.[\]]*: /, what);
		else assert.ok(!given.error || given.error instanceof TokenError, `options: ${what} gives ${given.error}`);
	}
});

test("verifyDpopProof: every option with every wrong value", async () => {
	const base = { method: "GET", url: "https://api.shop.example.com/", now: () => start };
	const names = ["method", "url", "accessToken", "nonce", "thumbprint", "algorithms", "maxAge", "now", "seen"];
	const outcomes = await everyOption(base, names, (options) => verifyDpopProof(good, options));
	mustRefuse(
		outcomes,
		["method", "url", "accessToken", "nonce", "thumbprint"],
		[...NEVER, "an object", "an empty array"],
	);
	mustRefuse(outcomes, ["maxAge"], ["not a number", "infinity", "minus one", "true", "an empty string"]);
	for (const [what, value] of Object.entries(WRONG)) {
		await assert.rejects(verifyDpopProof(good, value), TypeError, what);
	}
});

test("verifyPkce, pkceChallenge, jwkThumbprint: every argument with every wrong value", async () => {
	const { verifier, challenge } = createPkce();
	const base = { verifier, challenge, method: "S256" };
	const call = (given) => verifyPkce(given.verifier, given.challenge, given.method);
	for (const name of Object.keys(base)) {
		for (const [what, value] of Object.entries(WRONG)) {
			const { error, value: holds } = await attempt(() => call({ ...base, [name]: value }));
			if (value === undefined && name === "method") assert.equal(holds, true);
			else if (value === "\ud800")
				assert.match(`${error}`, new RegExp(`^TypeError: ${name}: expected whole characters`));
			else if (typeof value === "string") assert.equal(error instanceof TokenError, true, `${name}: ${what}`);
			else assert.match(`${error}`, new RegExp(`^TypeError: ${name}: `), `${name}: ${what}`);
		}
	}
	for (const [what, value] of Object.entries(WRONG)) {
		const made = await attempt(() => pkceChallenge(value));
		if (typeof value === "string" && value !== "\ud800") assert.equal(made.error?.code, "pkce_verifier_invalid", what);
		else assert.match(`${made.error}`, /^TypeError: verifier: /, what);
		const { error } = await attempt(() => jwkThumbprint(value));
		const named = error instanceof TypeError ? begins(error.message, "jwk") : error instanceof TokenError;
		assert.ok(named && error.code !== "internal", `jwk: ${what} gives ${error}`);
	}
});

test("createLogin: every option with every wrong value", async () => {
	const base = { issuer, clientId: "shop", redirectUri: "https://shop.example.com/" };
	const optional = ["postLogoutRedirectUri", "scope", "resource", "origins", "storage", "fetch", "now", "onStep"];
	const outcomes = await everyOption(base, [...Object.keys(base), ...optional], (options) => createLogin(options));
	mustRefuse(outcomes, [...Object.keys(base), ...optional.slice(0, 5)], NEVER);
	mustRefuse(outcomes, ["fetch", "now", "onStep"], ["a symbol", "true", "an object", "an empty string", "null"]);
	for (const name of Object.keys(base)) assert.equal(outcomes[`${name}: undefined`], "TypeError");
	for (const value of Object.values(WRONG)) assert.throws(() => createLogin(value), TypeError);
});

test("protect and guard: every option with every wrong value", async () => {
	const token = key.token({ client_id: "shop", scope: "a" }, { typ: "at+jwt" });
	const base = { issuer, audience, keys: key.jwk, now: () => start };
	const { keys: _, ...remote } = base;
	const names = ["issuer", "audience", "keys", "algorithms", "profile", "scope", "realm", "resourceMetadata", "cors"];
	const request = () =>
		new Request("https://api.shop.example.com/", {
			headers: { authorization: `Bearer ${token}`, origin: "https://x.example" },
		});
	const call = async (options) => {
		const response = await edge.protect(options, () => new Response("ok"))(request());
		assert.ok([200, 401, 403, 503].includes(response.status), String(response.status));
		return edge.guard(options).check(request());
	};
	const outcomes = await everyOption(base, [...names, "onVerdict", "now"], call);
	await everyOption(remote, ["fetch", "cache"], call);
	mustRefuse(outcomes, ["scope", "realm"], NEVER);
	mustRefuse(outcomes, ["cors", "resourceMetadata"], ["a symbol", "a BigInt", "minus one"]);
	mustRefuse(outcomes, ["cors"], ["an object"]);
	for (const [what, value] of Object.entries(WRONG)) {
		if (typeof value !== "function") assert.throws(() => edge.protect(value, () => new Response()), TypeError, what);
		assert.throws(() => edge.guard(value), TypeError, what);
		if (typeof value !== "function") assert.throws(() => edge.protect(base, value), /^TypeError: handler/, what);
	}
});

test("what the caller's functions do is the caller's: their errors pass, the core lives on", async () => {
	const verifier = createVerifier({ issuer, audience, keys: key.jwk, now: throws });
	assert.throws(() => verifier.verifySync(good), Thrown);
	for (const now of [() => "5", () => Number.NaN, () => ({}), () => -1]) {
		assert.throws(() => createVerifier({ issuer, audience, keys: key.jwk, now }).verifySync(good), /^TypeError: now/);
	}
	const remote = (fetch) => createVerifier({ issuer, audience, jwksUri: `${issuer}/jwks`, fetch, now: () => start });
	const answers = [throws, () => undefined, () => 5, () => ({}), async () => null, () => new Proxy({}, traps)];
	for (const fetch of answers) await assert.rejects(remote(fetch).verify(good), { code: "keys_unavailable" });
	const texts = [
		"",
		"null",
		"[]",
		"{}",
		'{"keys":5}',
		'{"keys":[]}',
		"[".repeat(100_000),
		"\ud800",
		'{"keys":[null,5,"x",{}]}',
	];
	for (const text of texts) {
		await assert.rejects(
			remote(async () => new Response(text)).verify(good),
			{ name: "TokenError" },
			text.slice(0, 30),
		);
	}
	assert.equal(healthy().verifySync(good).claims.sub, "user-1");
});

test("tokens of every length up to 10 MB, and beyond", () => {
	const verifier = createVerifier({ issuer, audience, keys: key.jwk, now: () => start, maxTokenSize: 12_000_000 });
	for (const fill of ["a", ".", "=", "\0", "é", "€", "\ud800", "{", '"', "a.b"]) {
		for (const length of [1, 1000, 16_384, 1_000_000, 10_000_000 / fill.length]) {
			const text = fill.repeat(length);
			assert.throws(() => verifier.verifySync(text), { name: "TokenError" });
			assert.throws(() => decodeUnverified(text), { name: "TokenError" });
			assert.throws(() => verifySignature(text, key.jwk, { algorithms: ["ES256"] }), { name: "TokenError" });
		}
	}
	const { claims } = verifier.verifySync(key.token({ note: "x".repeat(7_000_000) }));
	assert.equal(claims.note.length, 7_000_000);
	for (const length of [20_000_000, 100_000_000]) {
		assert.throws(() => verifier.verifySync("a".repeat(length)), { code: "token_too_large" });
		assert.throws(() => verifier.verifySync(new Uint8Array(length)), { code: "token_too_large" });
	}
	assert.equal(healthy().verifySync(good).claims.sub, "user-1");
});

test("nesting to any depth, in header, claims, keys and options", async () => {
	const part = (text) => Buffer.from(text).toString("base64url");
	const lax = { issuer, audience, keys: key.jwk, now: () => start, maxTokenSize: 16_000_000 };
	const verifier = createVerifier(lax);
	for (const depth of [65, 1000, 100_000, 2_000_000]) {
		for (const [open, close] of [
			["[", "]"],
			['{"a":', "}"],
			["[", ""],
		]) {
			const deep = open.repeat(depth) + (open === "[" ? "" : "1") + close.repeat(depth);
			const header = `${part(`{"alg":"ES256","x":${deep}}`)}.e30.AA`;
			for (const token of [header, `${part('{"alg":"ES256"}')}.${part(deep)}.AA`]) {
				if (token.length > 16_000_000) continue;
				assert.throws(() => verifier.verifySync(token), { name: "TokenError" });
				assert.throws(() => decodeUnverified(token), { name: "TokenError" });
				assert.equal((await verifier.explain(token)).valid, false);
			}
			assert.throws(() => createVerifier({ ...lax, keys: deep }), { name: "TokenError" });
		}
	}
	let nested = {};
	for (let depth = 0; depth < 1_000_000; depth++) nested = depth % 2 ? [nested] : { keys: nested };
	for (const name of ["keys", "issuer", "algorithms", "scope"]) {
		assert.throws(() => createVerifier({ ...lax, [name]: nested }), new RegExp(`^TypeError: ${name}`));
	}
});

test("100,000 keys in a set", async () => {
	const many = Array.from({ length: 100_000 }, (_, index) => ({ ...key.jwk, kid: `other-${index}` }));
	const set = { keys: [...many, key.jwk] };
	for (const keys of [set, JSON.stringify(set)]) {
		const { value, error } = await attempt(() => {
			const verifier = createVerifier({ issuer, audience, keys, now: () => start });
			try {
				return verifier.verifySync(good);
			} finally {
				verifier.dispose();
			}
		});
		// Every key, or a refusal that says so: never the first so many in silence.
		assert.ok(
			value?.claims.sub === "user-1" || ["key_invalid", "keys_unavailable"].includes(error?.code),
			String(error),
		);
	}
	const junk = { keys: Array.from({ length: 100_000 }, () => ({ kty: "future" })) };
	assert.throws(() => createVerifier({ issuer, audience, keys: junk }), { name: "TokenError" });
	const sameKid = { keys: Array.from({ length: 10_000 }, () => signerlike()) };
	assert.throws(() => verifySignature(good, sameKid, { algorithms: ["ES256"] }), { name: "TokenError" });
	function signerlike() {
		return { ...key.jwk, x: key.jwk.y, y: key.jwk.x };
	}
	assert.equal(healthy().verifySync(good).claims.sub, "user-1");
});

test("detached, resized and shared buffers as tokens", () => {
	const verifier = healthy();
	const bytes = new TextEncoder().encode(good);
	const detached = Uint8Array.from(bytes);
	structuredClone(detached.buffer, { transfer: [detached.buffer] });
	assert.throws(() => verifier.verifySync(detached), { name: "TokenError" });

	const buffer = new ArrayBuffer(bytes.length, { maxByteLength: bytes.length * 2 });
	const resizable = new Uint8Array(buffer);
	resizable.set(bytes);
	assert.equal(verifier.verifySync(resizable).claims.sub, "user-1");
	buffer.resize(bytes.length * 2);
	assert.throws(() => verifier.verifySync(resizable), { name: "TokenError" }, "zeros follow");
	const fixed = new Uint8Array(buffer, 0, bytes.length);
	assert.equal(verifier.verifySync(fixed).claims.sub, "user-1");
	buffer.resize(10);
	assert.throws(() => verifier.verifySync(fixed), { name: "TokenError" }, "out of bounds");
	buffer.resize(0);
	assert.throws(() => verifier.verifySync(resizable), { name: "TokenError" });

	const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
	shared.set(bytes);
	assert.equal(verifier.verifySync(shared).claims.sub, "user-1");
	const offset = new Uint8Array(bytes.length + 7);
	offset.set(bytes, 5);
	assert.equal(verifier.verifySync(offset.subarray(5, 5 + bytes.length)).claims.sub, "user-1");
	assert.equal(verifier.verifySync(Buffer.from(good)).claims.sub, "user-1");
	assert.equal(verifier.verifySync(new DataView(bytes.buffer)).claims.sub, "user-1");
	class Liar extends Uint8Array {
		get byteLength() {
			return 2 ** 31;
		}
	}
	assert.ok(["TokenError", "TypeError", "RangeError"].includes(nameOf(() => verifier.verifySync(new Liar(bytes)))));
	assert.equal(verifier.verifySync(good).claims.sub, "user-1");
});

function nameOf(work) {
	try {
		work();
	} catch (error) {
		return error.name;
	}
	return "TokenError";
}

test("the payload of verifySignature is the caller's own: later calls leave it alone", () => {
	const { payload } = verifySignature(good, key.jwk, { algorithms: ["ES256"] });
	const before = payload.slice();
	payload.fill(0);
	assert.deepEqual(verifySignature(good, key.jwk, { algorithms: ["ES256"] }).payload, before);
	assert.notEqual(payload.buffer.byteLength, 0);
	healthy().verifySync(key.token({ note: "x".repeat(8000) }));
	assert.ok(payload.every((octet) => octet === 0));
});

test("after dispose: every call a TypeError, the others live on", async () => {
	const [gone, other] = [healthy(), healthy()];
	gone.dispose();
	gone.dispose();
	assert.throws(() => gone.verifySync(good), /^TypeError: verifier: used after dispose/);
	await assert.rejects(gone.verify(good), TypeError);
	await assert.rejects(gone.explain(good), TypeError);
	assert.equal(other.verifySync(good).claims.sub, "user-1");

	const fetched = createVerifier({
		issuer,
		audience,
		jwksUri: `${issuer}/jwks`,
		now: () => start,
		fetch: async () => json({ keys: [key.jwk] }),
	});
	const pending = fetched.verify(good);
	fetched.dispose();
	await assert.rejects(pending, (error) => error instanceof TypeError || error instanceof TokenError);
});

test(`memory stays flat over ${LONG ? "a million" : "100,000"} verifies`, { timeout: 3_600_000 }, async () => {
	const verifier = healthy();
	const bad = [key.token({ exp: start }), `${good}x`, good.slice(0, 40), signer("k1").token()];
	const round = (count) => {
		for (let i = 0; i < count; i++) {
			if (i % 10 !== 0) verifier.verifySync(good);
			else {
				try {
					verifier.verifySync(bad[(i / 10) % bad.length]);
				} catch {}
			}
		}
	};
	const used = () => ({ core: memories.at(-1).buffer.byteLength, process: process.memoryUsage().rss });
	const rounds = 10;
	const each = (LONG ? 1_000_000 : 100_000) / rounds;
	round(each);
	const [before, instances] = [used(), memories.length];
	for (let i = 1; i < rounds; i++) round(each);
	const after = used();
	assert.equal(memories.length, instances, "an instance died");
	assert.equal(after.core, before.core);
	assert.ok(after.process - before.process < 64 * 1024 * 1024, `${before.process} → ${after.process}`);
});

test("in all of this the core never stopped: one instance served every call", () => {
	assert.equal(memories.length, 1);
	assert.ok(memories[0].buffer.byteLength < 512 * 1024 * 1024, String(memories[0].buffer.byteLength));
});
