// countersign/testing, from the packed tarball: what it mints is checked by our verifier and by jose, and it fails, turns
// its keys over and keeps time as it is told.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import * as jose from "jose";
import { countersign, entryFile, refusal, start, testing } from "./helpers.mjs";

const { createVerifier, decodeUnverified } = countersign;
const { createTestIssuer } = testing;

/** A verifier that trusts an issuer by what it publishes. */
const trusting = ({ issuer, audience, fetch, now }, more = {}) =>
	createVerifier({ issuer, audience, fetch, now, ...more });

test("a token by default is an access token of RFC 9068, and an ID token one of OpenID Connect", async () => {
	const kit = await createTestIssuer();
	const verifier = trusting(kit, { profile: "access-token", scope: "orders:read" });
	const { claims, header } = await verifier.verify(await kit.mint({ scope: "orders:read" }));
	assert.deepEqual(header, { alg: "ES256", kid: "key-1", typ: "at+jwt" });
	const { iss, aud, sub, client_id, iat, exp } = claims;
	assert.deepEqual([iss, aud, sub, client_id], ["https://issuer.example", "https://api.example", "user-1", "client-1"]);
	assert.deepEqual([exp - iat, iat], [300, kit.now()]);
	const client = trusting(kit, { audience: kit.clientId, profile: "id-token", nonce: "n" });
	assert.equal((await client.verify(await kit.mintIdToken({ nonce: "n" }))).claims.aud, "client-1");
	assert.equal(await refusal(async () => verifier.verify(await kit.mintIdToken())), "typ_mismatch");
	assert.notEqual(decodeUnverified(await kit.mint()).claims.jti, decodeUnverified(await kit.mint()).claims.jti);
});

for (const alg of [
	"ES256",
	"ES384",
	"ES512",
	"Ed25519",
	"EdDSA",
	"RS256",
	"RS384",
	"RS512",
	"PS256",
	"PS384",
	"PS512",
]) {
	test(`${alg}: jose takes the token by the published key`, async () => {
		const { mint, jwks, now, alg: own } = await createTestIssuer({ alg });
		assert.equal(own, alg);
		const { protectedHeader } = await jose.jwtVerify(await mint(), jose.createLocalJWKSet(jwks), {
			currentDate: new Date(now() * 1000),
		});
		assert.equal(protectedHeader.alg, alg);
		const { n, e, ...published } = jwks.keys[0];
		assert.ok(["d", "p", "k", "priv"].every((name) => !(name in published)));
		// 2048 bits, at least (RFC 7518 §3.3, §3.5), and 65537.
		if (published.kty === "RSA") assert.deepEqual([jose.base64url.decode(n).length * 8, e], [2048, "AQAB"]);
	});
}

for (const alg of ["HS256", "HS384", "HS512"]) {
	test(`${alg}: jwks has the secret, and the network never`, async () => {
		const { issuer, audience, mint, jwks, metadata, fetch, now } = await createTestIssuer({ alg });
		const verifier = createVerifier({ issuer, audience, keys: jwks, algorithms: [alg], now });
		assert.equal((await verifier.verify(await mint())).header.alg, alg);
		const secret = jose.base64url.decode(jwks.keys[0].k);
		await jose.jwtVerify(await mint(), secret, { algorithms: [alg] });
		// As long as the hash. RFC 7518 §3.2
		assert.equal(`HS${secret.length * 8}`, alg);
		assert.deepEqual(await (await fetch(metadata.jwks_uri)).json(), { keys: [] });
	});
}

test("what WebCrypto does not offer is said", async () => {
	// It is there from Node.js 24.7 on.
	const made = await createTestIssuer({ alg: "ML-DSA-44" }).then(
		({ jwks }) => jwks.keys[0].kty,
		({ name, message }) => `${name}: ${message}`,
	);
	const refused = "TypeError: alg: this runtime's WebCrypto makes no keys for ML-DSA-44; ES256 is everywhere";
	assert.ok(["AKP", refused].includes(made), made);
});

test("claims and header members replace default ones, and undefined leaves them out", async () => {
	const { mint, mintIdToken } = await createTestIssuer({ audience: ["a", "b"], clientId: "c", lifetime: 60 });
	const token = await mint({ sub: undefined, exp: "soon", x: [1] }, { typ: undefined });
	const [header, claims] = [jose.decodeProtectedHeader(token), jose.decodeJwt(token)];
	assert.deepEqual(header, { alg: "ES256", kid: "key-1" });
	assert.deepEqual(
		["sub" in claims, claims.exp, claims.x, claims.aud, claims.client_id],
		[false, "soon", [1], ["a", "b"], "c"],
	);
	const idToken = decodeUnverified(await mintIdToken({ aud: "other" }, { kid: "unknown" }));
	assert.deepEqual([idToken.claims.aud, idToken.header.kid], ["other", "unknown"]);
	assert.equal(idToken.claims.exp - idToken.claims.iat, 60);
});

test("claims for every token are set once, and stay out of ID tokens", async () => {
	const { mint, mintIdToken } = await createTestIssuer({ claims: { role: "buyer", jti: undefined } });
	const { claims } = decodeUnverified(await mint({ x: 1 }));
	assert.deepEqual([claims.role, "jti" in claims, claims.x], ["buyer", false, 1]);
	assert.equal(decodeUnverified(await mint({ role: "seller" })).claims.role, "seller");
	assert.equal("role" in decodeUnverified(await mintIdToken()).claims, false);
});

test("wrong tokens are easy to make", async () => {
	const kit = await createTestIssuer();
	const other = await createTestIssuer();
	const verifier = trusting(kit, { profile: "access-token" });
	const wrong = {
		token_expired: kit.mint({ exp: kit.now() }),
		token_not_yet_valid: kit.mint({ nbf: kit.now() + 1 }),
		issuer_mismatch: kit.mint({ iss: "https://other.example" }),
		audience_mismatch: kit.mint({ aud: "https://other.example" }),
		claim_missing: kit.mint({ jti: undefined }),
		typ_mismatch: kit.mint({}, { typ: "JWT" }),
		alg_none: kit.mint({}, { alg: "none" }),
		signature_invalid: other.mint(),
	};
	for (const [code, token] of Object.entries(wrong)) {
		assert.equal(await refusal(async () => verifier.verify(await token)), code);
	}
	assert.equal((await kit.mint({}, { alg: "none" })).split(".")[2], "");
});

test("keys rotate: the old one is kept, or withdrawn", async () => {
	const kit = await createTestIssuer();
	const before = await kit.mint();
	assert.equal(await kit.rotate(), "key-2");
	assert.deepEqual(
		kit.jwks.keys.map(({ kid }) => kid),
		["key-1", "key-2"],
	);
	const after = await kit.mint();
	const byOld = await kit.mint({}, { kid: "key-1" });
	const verifier = trusting(kit, { keySets: { cooldown: 1 } });
	for (const token of [before, after, byOld]) await verifier.verify(token);
	assert.equal(await kit.rotate({ withdraw: true }), "key-3");
	assert.deepEqual(
		kit.jwks.keys.map(({ kid }) => kid),
		["key-3"],
	);
	// A verifier asks for a key that it lacks when its rest is over, and drops what the answer does not have.
	await setTimeout(1100);
	await verifier.verify(await kit.mint());
	assert.equal(await refusal(() => verifier.verify(before)), "key_not_found");
	assert.deepEqual(kit.requests.slice(-2), [kit.metadata.jwks_uri, kit.metadata.jwks_uri]);
	await assert.rejects(
		kit.rotate({ widthdraw: true }),
		/^TypeError: widthdraw: unknown option; did you mean withdraw\?/,
	);
});

test("outages: no connection, a status, no answer; and back", async () => {
	const kit = await createTestIssuer();
	const fails = async (outage) => {
		kit.down(outage);
		const error = await trusting({ ...kit, fetch: (...given) => kit.fetch(...given) })
			.verify(await kit.mint())
			.catch((error) => error);
		return [error.code, error.status, error.message];
	};
	for (const [outage, expected] of [
		[undefined, /refused/],
		[503, /503/],
		[404, /404/],
	]) {
		const [code, status, message] = await fails(outage);
		assert.deepEqual([code, status], ["keys_unavailable", 503], message);
		assert.match(message, expected);
	}
	kit.down("hanging");
	const controller = new AbortController();
	const hanging = kit.fetch(kit.metadata.jwks_uri, { signal: controller.signal });
	assert.equal(await Promise.race([hanging, setTimeout(50, "no answer")]), "no answer");
	controller.abort();
	await assert.rejects(hanging, { name: "AbortError" });
	const forever = kit.fetch(kit.metadata.jwks_uri);
	assert.equal(await Promise.race([forever, setTimeout(20, "no answer")]), "no answer");
	kit.up();
	await trusting(kit).verify(await kit.mint());
	assert.throws(() => kit.down("gone"), /^TypeError: down: expected "unreachable", "hanging" or an HTTP status/);
	assert.throws(() => kit.down(99), /^TypeError: down: /);
});

test("the clock stands still, is set forward, or follows another", async () => {
	const kit = await createTestIssuer({ now: start });
	const token = await kit.mint();
	const verifier = trusting(kit);
	assert.equal((await verifier.verify(token)).claims.iat, start);
	kit.advance(299);
	await verifier.verify(token);
	kit.advance(1);
	assert.equal(await refusal(() => verifier.verify(token)), "token_expired");
	kit.advance(-1);
	await verifier.verify(token);
	assert.throws(() => kit.advance("1"), /^TypeError: advance: expected a number of seconds/);
	let time = 1000.5;
	const following = await createTestIssuer({ now: () => time });
	time += 1;
	following.advance(1);
	assert.equal(following.now(), 1002.5);
	assert.equal(decodeUnverified(await following.mint()).claims.iat, 1002);
	const real = await createTestIssuer();
	assert.ok(Math.abs(real.now() - Date.now() / 1000) < 5);
});

test("fetch answers for both places of metadata and the key set, in every form of fetch, and for nothing else", async () => {
	const issuer = "https://id.example/tenant/";
	const kit = await createTestIssuer({
		issuer,
		metadata: { jwks_uri: "https://keys.example/set", scopes_supported: ["a"] },
	});
	const places = [
		"https://id.example/.well-known/oauth-authorization-server/tenant",
		"https://id.example/tenant/.well-known/openid-configuration",
	];
	for (const place of places) {
		for (const input of [place, new URL(place), new Request(place)]) {
			const response = await kit.fetch(input);
			assert.deepEqual([response.status, response.headers.get("content-type")], [200, "application/json"]);
			assert.deepEqual(await response.json(), kit.metadata);
		}
	}
	assert.deepEqual([kit.metadata.issuer, kit.metadata.scopes_supported], [issuer, ["a"]]);
	assert.deepEqual(await (await kit.fetch("https://keys.example/set")).json(), kit.jwks);
	assert.equal((await kit.fetch("https://id.example/nothing")).status, 404);
	await assert.rejects(
		kit.fetch("https://other.example/"),
		/^TypeError: https:\/\/other\.example\/: no address of this test issuer/,
	);
	assert.deepEqual(kit.requests.slice(6), ["https://keys.example/set", "https://id.example/nothing"]);
	const passing = await createTestIssuer({ fallback: async (input, init) => new Response(`${input} ${init.method}`) });
	assert.equal(
		await (await passing.fetch("https://other.example/", { method: "POST" })).text(),
		"https://other.example/ POST",
	);
	assert.deepEqual(passing.requests, []);
});

test("a key can be kept: exportKey and signingKey", async () => {
	for (const alg of ["ES256", "RS256", "Ed25519", "HS256"]) {
		const first = await createTestIssuer({ alg });
		const signingKey = await first.exportKey();
		const second = await createTestIssuer({ signingKey });
		assert.deepEqual([second.alg, second.jwks], [alg, first.jwks]);
		assert.deepEqual(await second.exportKey(), signingKey);
		const { issuer, audience, now } = first;
		const keys = first.jwks;
		createVerifier({ issuer, audience, keys, algorithms: [alg], now }).verifySync(await second.mint());
	}
});

const FAULTS = [
	[{ isuer: "https://a.example" }, "isuer: unknown option; did you mean issuer?"],
	[{ issuer: "a.example" }, "issuer: expected a URL without query and fragment"],
	[{ issuer: "https://a.example?b" }, "issuer: expected a URL without query and fragment"],
	[{ audience: [] }, "audience: expected a string or an array of strings"],
	[{ alg: "ES257" }, "alg: expected one of ES256, "],
	[{ alg: "ES256K" }, "alg: expected one of ES256, "],
	[{ provider: "auth1" }, "provider: expected one of auth0, "],
	[{ provider: "constructor" }, "provider: expected one of auth0, "],
	[{ lifetime: "1" }, "lifetime: expected a number of seconds"],
	[{ now: "1" }, "now: expected a number of seconds since 1970, or a function"],
	...[null, "text", [], { kty: "EC" }].map((signingKey) => [{ signingKey }, "signingKey: expected a private JWK"]),
	[{ signingKey: { kty: "EC", d: "AA" } }, "signingKey: expected a private JWK for ES256"],
	[{ signingKey: { kty: "EC", d: "AA", alg: "ES384" }, alg: "ES256" }, "signingKey.alg: expected ES256"],
	[{ signingKey: { kty: "EC", d: "AA", alg: "none" } }, "signingKey.alg: expected one of ES256, "],
	[{ metadata: [] }, "metadata: "],
	[{ claims: "a" }, "claims: "],
	[{ fallback: true }, "fallback: expected a function"],
	[null, "options: expected an object"],
];
test("options fail closed", async () => {
	for (const [options, message] of FAULTS) {
		await assert.rejects(createTestIssuer(options), (error) => {
			assert.ok(error instanceof TypeError, String(error));
			assert.ok(error.message.startsWith(message), error.message);
			return true;
		});
	}
	const { mint } = await createTestIssuer();
	await assert.rejects(mint("claims"), /^TypeError: claims: expected an object/);
	await assert.rejects(mint({}, []), /^TypeError: header: expected an object/);
});

test("where jsdom hides the platform, as under Jest, Node.js below it serves", async () => {
	const code = `
		for (const name of ["TextEncoder", "TextDecoder", "Response", "Headers", "Request", "fetch"]) delete globalThis[name];
		const { getRandomValues } = crypto;
		Object.defineProperty(globalThis, "crypto", { value: { getRandomValues: getRandomValues.bind(crypto) } });
		const { createTestIssuer } = await import(process.argv[1]);
		const { mint, fetch, metadata, jwks } = await createTestIssuer();
		const set = await (await fetch(metadata.jwks_uri)).json();
		const headers = { Authorization: "Basic " + btoa("app:secret") };
		const form = { method: "POST", headers, body: "grant_type=client_credentials" };
		const answer = await (await fetch(metadata.token_endpoint, form)).json();
		console.log(JSON.stringify({ token: await mint(), set, jwks, answer }));`;
	const entry = pathToFileURL(entryFile("testing")).href;
	const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", code, entry]);
	const { token, set, jwks, answer } = JSON.parse(stdout);
	assert.deepEqual(set, jwks);
	await jose.jwtVerify(token, jose.createLocalJWKSet(set));
	assert.equal(decodeUnverified(answer.access_token).claims.client_id, "app");
});

test("the kit holds no wasm, and no other entry loads it", async () => {
	const kit = await readFile(entryFile("testing"), "utf8");
	assert.ok(kit.length < 60_000, `${kit.length} characters`);
	assert.doesNotMatch(kit, /^import|\bimport\(|WebAssembly/m);
	for (const entry of ["index", "core", "error", "login", "edge", "ml-dsa", "slim"]) {
		assert.doesNotMatch(await readFile(entryFile(entry), "utf8"), /createTestIssuer|testing\.js/, entry);
	}
});
