// The options of countersign/testing: what each takes and refuses, and what is said then.

import assert from "node:assert/strict";
import { test } from "node:test";
import { countersign, start, testing } from "./helpers.mjs";

const { createTestIssuer } = testing;
const claimsOf = async ({ mint }) => countersign.decodeUnverified(await mint()).claims;

const ALGORITHMS =
	"ES256, ES384, ES512, Ed25519, EdDSA, RS256, RS384, RS512, PS256, PS384, PS512, HS256, HS384, HS512, ML-DSA-44, ML-DSA-65, ML-DSA-87";
const PROVIDERS =
	"auth0, entra, okta, cognito, keycloak, google, apple, firebase, clerk, supabase, workos, cloudflare-access, google-iap, github-actions, kubernetes";

const text = "expected a string";
const texts = "expected a string or an array of strings";
const url = "expected a URL without query and fragment";
const object = "expected an object";
const seconds = "expected a number of seconds";
const secret = { kty: "EC", d: "AA" };
const inherited = Object.create({ d: "AA" });

/** An option, values that it is not, and what is said of them. */
const REFUSED = [
	[
		"issuer",
		url,
		5,
		null,
		"",
		"auth.example",
		"https://a.example?b",
		"https://a.example/#b",
		"/a",
		"ftp://a.example",
		"xhttps://a.example",
		"httpss://a.example",
		"urn:a",
		new URL("https://a.example"),
	],
	["audience", texts, "", [], [""], ["a", ""], ["a", 5], [["a"]], 5, null, {}, { length: 1, 0: "a" }],
	["clientId", text, "", 5, null, ["a"]],
	["claims", object, 5, null, [], "a", () => {}],
	["metadata", object, 5, null, [], "a"],
	["alg", `expected one of ${ALGORITHMS}`, "es256", "none", "ES256K", ["ES256"], 5, null],
	["provider", `expected one of ${PROVIDERS}`, "Auth0", "", ["auth0"], "toString", null],
	["lifetime", seconds, "1", Number.NaN, Number.POSITIVE_INFINITY, null, 1n],
	["now", `${seconds} since 1970, or a function`, "1", Number.NaN, null, new Date()],
	["signingKey", "expected a private JWK", 5, null, "d", [], ["d"], {}, { kty: "EC", x: "AA" }, inherited],
	["fallback", "expected a function", null, true, {}, "fetch"],
];
for (const [name, expected, ...values] of REFUSED) {
	test(`${name}: ${expected.slice(0, 50)}, and nothing else`, async () => {
		for (const value of values) {
			const error = await createTestIssuer({ [name]: value }).catch((error) => error);
			assert.deepEqual([error.name, error.message], ["TypeError", `${name}: ${expected}`], String(value));
		}
	});
}

test("the algorithm of a key of one's own has to be one, and the option's", async () => {
	const error = async (options) => `${await createTestIssuer(options).catch((error) => error)}`;
	const ofKey = (alg, option) => error({ signingKey: { ...secret, alg }, alg: option });
	assert.equal(await ofKey("ES384", "ES256"), "TypeError: signingKey.alg: expected ES256, as the option alg has it");
	for (const alg of ["none", "ES256K", 5, null]) {
		assert.equal(await ofKey(alg), `TypeError: signingKey.alg: expected one of ${ALGORITHMS}`);
	}
	const signingKey = await (await createTestIssuer({ alg: "ES384" })).exportKey();
	for (const options of [{}, { alg: "ES384" }]) {
		assert.equal((await createTestIssuer({ signingKey, ...options })).alg, "ES384");
	}
	const { alg, ...bare } = signingKey;
	assert.equal((await createTestIssuer({ signingKey: bare, alg })).alg, "ES384");
});

test("options that are undefined are absent, and so are no options", async () => {
	const names = new Set(REFUSED.map(([name]) => name));
	const absent = Object.fromEntries([...names].map((name) => [name, undefined]));
	for (const options of [undefined, {}, absent]) {
		const { issuer, audience, clientId, alg } = await createTestIssuer(options);
		assert.deepEqual(
			[issuer, audience, clientId, alg],
			["https://issuer.example", "https://api.example", "client-1", "ES256"],
		);
	}
	const error = await createTestIssuer({ life: 1 }).catch((error) => error);
	for (const name of names) assert.ok(error.message.includes(name), `${error.message} names ${name}`);
});

test("values that options take are in the tokens", async () => {
	const options = { issuer: "http://localhost:8080/shop", audience: "a", clientId: "c", lifetime: -5, now: start };
	const { jti, ...claims } = await claimsOf(await createTestIssuer(options));
	const own = { iss: options.issuer, aud: "a", client_id: "c", sub: "user-1", iat: start, exp: start - 5 };
	assert.deepEqual(claims, own);
	const kit = await createTestIssuer({ audience: ["a"], claims: { x: null, "": 1 }, lifetime: 0, now: () => 5 });
	const { aud, x, "": empty, iat, exp } = await claimsOf(kit);
	assert.deepEqual([aud, x, empty, iat, exp], [["a"], null, 1, 5, 5]);
});

test("claims and header of a token are objects, or left out", async () => {
	const { mint, mintIdToken } = await createTestIssuer();
	for (const wrong of [null, "a", 5, []]) {
		for (const make of [mint, mintIdToken]) {
			await assert.rejects(make(wrong), /^TypeError: claims: expected an object$/);
			await assert.rejects(make(undefined, wrong), /^TypeError: header: expected an object$/);
		}
	}
	const { claims, header } = countersign.decodeUnverified(
		await mint({ jti: undefined, a: 1 }, { kid: undefined, b: 2 }),
	);
	assert.deepEqual(Object.keys(claims).sort(), "a aud client_id exp iat iss sub".split(" "));
	assert.deepEqual(header, { alg: "ES256", typ: "at+jwt", b: 2 });
});

test("a rotation takes withdraw alone, true or false", async () => {
	const { rotate } = await createTestIssuer();
	for (const withdraw of [1, "true", null]) {
		await assert.rejects(rotate({ withdraw }), /^TypeError: withdraw: expected true or false$/);
	}
	await assert.rejects(rotate(null), /^TypeError: options: expected an object$/);
	assert.equal(await rotate(), "key-2");
});

test("the clock begins with a whole second, stands, and adds up what it is set forward and back", async (t) => {
	t.mock.timers.enable({ apis: ["Date"], now: start * 1000 + 999 });
	const kit = await createTestIssuer();
	t.mock.timers.setTime((start + 60) * 1000);
	assert.equal(kit.now(), start);
	kit.advance(10);
	kit.advance(5);
	kit.advance(-1);
	assert.equal(kit.now(), start + 14);
	for (const wrong of ["1", Number.NaN, Number.POSITIVE_INFINITY, undefined, null]) {
		assert.throws(() => kit.advance(wrong), /^TypeError: advance: expected a number of seconds$/);
	}
	assert.equal(kit.now(), start + 14);
});
