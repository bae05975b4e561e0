// What must not go wrong around a verdict: a polluted prototype, a listener that fails, a binding that nobody checks,
// an answer that says two things, a request that is none.

import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { test } from "node:test";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from "jose";
import { audience, countersign, edge, issuer, refusal, signer, start } from "./helpers.mjs";

// Counts the verdicts that the core is asked for. No instance is made before the first call.
const crossings = { guard_authorize: 0, verify: 0, verifier_explain: 0 };
const { Instance } = WebAssembly;
WebAssembly.Instance = class extends Instance {
	constructor(...args) {
		super(...args);
		if (!this.exports.guard_authorize) return;
		const { exports } = this;
		const counted = { ...exports };
		for (const name of Object.keys(crossings)) {
			counted[name] = (...given) => {
				crossings[name]++;
				return exports[name](...given);
			};
		}
		Object.defineProperty(this, "exports", { value: counted });
	}
};

const { createVerifier, decodeUnverified, TokenError, verifySignature } = countersign;
const { guard, protect } = edge;
const [key, forger] = [signer("k1"), signer("k1")];
const url = `${audience}/purchases`;
const page = "https://shop.example.com";
const now = () => start;
const base = { issuer, audience, keys: key.jwk, now };
const claims = { client_id: "shop", scope: "a" };
const accessToken = (more = {}) => key.token({ ...claims, ...more }, { typ: "at+jwt" });
const bearer = (token, headers = {}) => new Request(url, { headers: { authorization: `Bearer ${token}`, ...headers } });
const greet = (_request, { claims: { sub } }) => new Response(sub);

const REFUSED = {
	garbage: "garbage",
	"three parts": "not.a.token",
	expired: accessToken({ exp: start }),
	forged: forger.token(claims, { typ: "at+jwt" }),
	"of another issuer": accessToken({ iss: "https://evil.example.com" }),
	unsigned: `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString("base64url")}.e30.`,
};

test("a polluted prototype makes no refusal pass, and no answer differ", async () => {
	const verifier = createVerifier({ ...base, profile: "access-token" });
	const [handler, { check, refuse }] = [protect({ ...base, scope: "a" }, greet), guard(base)];
	const requests = Object.fromEntries(
		Object.entries(REFUSED).map(([name, token]) => [name, () => bearer(token, { origin: page })]),
	);
	const good = accessToken();
	const shown = async (response) => JSON.stringify([response.status, [...response.headers], await response.text()]);
	// Requests are the platform's, which reads what it likes: made before.
	const look = async (made) => {
		const seen = {};
		for (const [name, token] of Object.entries(REFUSED)) {
			const [one, two] = made[name];
			seen[`${name}: verifySync`] = await refusal(() => verifier.verifySync(token));
			seen[`${name}: verify`] = await refusal(() => verifier.verify(token));
			const { valid, code, error } = await verifier.explain(token);
			seen[`${name}: explain`] = [valid, code, error?.message];
			seen[`${name}: verifySignature`] = await refusal(() => verifySignature(token, key.jwk));
			seen[`${name}: decodeUnverified`] = await refusal(() => decodeUnverified(token));
			seen[`${name}: protect`] = await shown(await handler(one));
			const error2 = await check(two).catch((caught) => caught);
			seen[`${name}: guard`] = error2 instanceof TokenError && [error2.code, await shown(refuse(error2))];
		}
		seen.good = [verifier.verifySync(good).claims.sub, await shown(await handler(made.good[0]))];
		return seen;
	};
	const make = () => ({
		...Object.fromEntries(Object.entries(requests).map(([name, one]) => [name, [one(), one()]])),
		good: [bearer(good)],
	});
	const plain = await look(make());
	for (const [name, outcome] of Object.entries(plain)) {
		if (!/^(good|.*: (decodeUnverified|verifySignature))$/.test(name))
			assert.doesNotMatch(String(outcome), /accepted|^true|\[200/, name);
	}
	assert.match(plain.good[1], /^\[200/);
	const names = [
		"claims",
		"passed",
		"value",
		"auth",
		"code",
		"tag",
		"origins",
		"jwksUri",
		"cors",
		"now",
		"fetch",
		"error",
	];
	names.push(
		"jti",
		"cf",
		"replay",
		"questions",
		"kind",
		"how",
		"hasNonces",
		"storeTimeout",
		"explanation",
		"issuer",
		"valid",
		"seen",
		"onVerdict",
		"servesMetadata",
		"slots",
		"sources",
		"keys",
	);
	names.push(
		"oauthError",
		"wwwAuthenticate",
		"dpopNonce",
		"retryAfter",
		"settings",
		"loaded",
		"typ",
		"scope",
		"profile",
	);
	for (const name of names) {
		const values = [{ sub: "admin", iss: issuer, claims: { sub: "admin" } }, true, ["*"], "refusal", () => true];
		for (const value of values) {
			const made = make();
			Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true });
			let seen;
			try {
				seen = await look(made);
			} finally {
				delete Object.prototype[name];
			}
			assert.deepEqual(seen, plain, `Object.prototype.${name} = ${JSON.stringify(value)}`);
		}
	}
});

/** The parameters of the first challenge of a header. */
function parameters(header) {
	const all = header.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g);
	return Object.fromEntries([...all].map(([, name, text]) => [name, text.replaceAll(/\\(.)/g, "$1")]));
}

async function holder() {
	const { privateKey, publicKey } = await generateKeyPair("ES256");
	const jwk = await exportJWK(publicKey);
	const proof = (token, members = {}) =>
		new SignJWT({
			jti: randomUUID(),
			htm: "GET",
			htu: url,
			iat: start,
			ath: createHash("sha256").update(token).digest("base64url"),
			...members,
		})
			.setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk })
			.sign(privateKey);
	return { proof, jwk, jkt: await calculateJwkThumbprint(jwk) };
}
const one = await holder();
const bound = accessToken({ cnf: { jkt: one.jkt } });

const refusals = {
	...Object.fromEntries(Object.entries(REFUSED).map(([name, token]) => [name, { authorization: `Bearer ${token}` }])),
	"no token": {},
	"two tokens": { authorization: `Bearer ${accessToken()}, Bearer x` },
	"without the scope": { authorization: `Bearer ${accessToken({ scope: "b" })}` },
	"bound, without a proof": { authorization: `Bearer ${bound}` },
	"bound to a certificate": { authorization: `Bearer ${accessToken({ cnf: { "x5t#S256": "x" } })}` },
	"a proof that is none": { authorization: `DPoP ${bound}`, dpop: "x" },
	"a proof for another method": { authorization: `DPoP ${bound}`, dpop: await one.proof(bound, { htm: "POST" }) },
	"a proof without the nonce": { authorization: `DPoP ${bound}`, dpop: await one.proof(bound) },
	"a proof used before": { authorization: `DPoP ${bound}`, dpop: await one.proof(bound, { nonce: "n" }) },
	"quotes in a claim": { authorization: `Bearer ${accessToken({ iss: 'https://"evil"\\.example' })}` },
};

test("header, body and TokenError of a refusal say one thing", async () => {
	const options = {
		...base,
		scope: "a",
		realm: "shop",
		resourceMetadata: true,
		dpop: { nonce: "n", seen: () => true },
	};
	const handler = protect(options, greet);
	for (const listening of [{}, { onVerdict: () => {} }]) {
		const { check, refuse } = guard({ ...options, ...listening });
		const told = new Set();
		for (const [name, headers] of Object.entries(refusals)) {
			const request = () => new Request(url, { headers });
			const error = await check(request()).catch((caught) => caught);
			const [answer, response] = [refuse(error), await handler(request())];
			const header = answer.headers.get("www-authenticate");
			const text = await answer.text();
			const body = JSON.parse(text);
			assert.deepEqual([response.status, await response.text()], [answer.status, text], name);
			assert.equal(response.headers.get("www-authenticate"), header, name);
			assert.deepEqual([error.challenge, error.status, error.code], [header, answer.status, body.code], name);
			assert.deepEqual([error.spec, error.claim, error.found], [body.spec, body.claim, body.found], name);
			const { error: named, error_description } = parameters(header);
			assert.equal(named, body.error, name);
			if (named) {
				// RFC 6750 §3: printable ASCII without the quote and the backslash.
				const sent = body.error_description.replaceAll("§", "section ").replaceAll('"', "'").replaceAll("\\", "?");
				assert.equal(error_description, sent, name);
				assert.equal(body.error_description, `${error.code}: ${error.message}`, name);
			}
			assert.ok(error.message.endsWith(`(${error.spec})`), error.message);
			told.add(body.code);
		}
		assert.ok(told.size >= 13, [...told].join());
	}
});

test("a listener that throws, rejects or never settles changes no answer, and costs no second verdict", async (t) => {
	const logged = t.mock.method(console, "error", () => {});
	const unhandled = t.mock.fn();
	process.on("unhandledRejection", unhandled);
	const quiet = protect({ ...base, scope: "a" }, greet);
	const listeners = {
		throws: () => {
			throw new Error("the listener's own");
		},
		rejects: () => Promise.reject(new Error("the listener's own")),
		"never settles": () => new Promise(() => {}),
		"throws nothing": () => {
			throw undefined;
		},
		"is a thenable that throws": () => ({
			// biome-ignore lint/suspicious/noThenProperty: that is what is tried
			get then() {
				throw new Error("the listener's own");
			},
		}),
	};
	for (const [name, onVerdict] of Object.entries(listeners)) {
		const heard = t.mock.fn(onVerdict);
		const handler = protect({ ...base, scope: "a", onVerdict: heard }, greet);
		let asked = 0;
		for (const headers of [...Object.values(refusals), { authorization: `Bearer ${accessToken()}` }]) {
			if (headers.dpop) continue;
			const expected = await quiet(new Request(url, { headers }));
			Object.assign(crossings, { guard_authorize: 0, verify: 0, verifier_explain: 0 });
			const response = await handler(new Request(url, { headers }));
			assert.deepEqual(crossings, { guard_authorize: 1, verify: 0, verifier_explain: 0 }, name);
			assert.deepEqual([response.status, await response.text()], [expected.status, await expected.text()], name);
			assert.deepEqual([...response.headers], [...expected.headers]);
			assert.equal(heard.mock.callCount(), ++asked, name);
		}
	}
	await new Promise((resolve) => setTimeout(resolve, 20));
	process.off("unhandledRejection", unhandled);
	assert.equal(unhandled.mock.callCount(), 0);
	assert.ok(logged.mock.callCount() > 0);
	assert.ok(logged.mock.calls.every(({ arguments: [text] }) => /onVerdict/.test(text)));
});

test("a token bound by whatever cnf is no bearer token", async () => {
	const handler = protect({ ...base, dpop: {} }, greet);
	const ask = async (headers) => {
		const response = await handler(new Request(url, { headers }));
		return response.status === 200 ? "passed" : (await response.json()).code;
	};
	const kinds = [
		[{ jkt: one.jkt }, "token_bound", "passed"],
		[{ "x5t#S256": "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2" }, "token_bound", "token_bound"],
		[{ jwk: one.jwk }, "token_bound", "token_bound"],
		[{ kid: "k" }, "token_bound", "token_bound"],
		[{ jku: "https://evil.example.com" }, "token_bound", "token_bound"],
		[{ jkt: one.jkt, "x5t#S256": "x" }, "token_bound", "token_bound"],
		[{ "jkt#S256": one.jkt }, "token_bound", "token_bound"],
		[{ __proto__: null, constructor: 1 }, "token_bound", "token_bound"],
		[{ jkt: 5 }, "token_bound", "claim_invalid"],
		[{ jkt: null }, "token_bound", "claim_invalid"],
		[{}, "claim_invalid", "claim_invalid"],
		[null, "claim_invalid", "claim_invalid"],
		["x", "claim_invalid", "claim_invalid"],
		[[one.jkt], "claim_invalid", "claim_invalid"],
		[undefined, "passed", "dpop_key_mismatch"],
	];
	for (const [cnf, plain, proven] of kinds) {
		const token = accessToken({ cnf });
		assert.equal(await ask({ authorization: `Bearer ${token}` }), plain, JSON.stringify(cnf));
		const dpop = await one.proof(token);
		assert.equal(await ask({ authorization: `Bearer ${token}`, dpop }), plain, JSON.stringify(cnf));
		assert.equal(await ask({ authorization: `DPoP ${token}`, dpop }), proven, JSON.stringify(cnf));
	}
	// Written with an escape, it is the same member.
	const [header, payload] = accessToken({ cnf: { jkt: one.jkt } }).split(".");
	assert.equal(decodeUnverified(`${header}.${payload}.AA`).claims.cnf.jkt, one.jkt);
});

test("RFC 9728 §3.1: metadata stands where the resource's identifier says, and behind a proxy as well", async () => {
	const place = "/.well-known/oauth-protected-resource";
	const cases = [
		[{ audience }, audience, `${audience}${place}`],
		[{ audience: `${audience}/` }, `${audience}/`, `${audience}${place}`],
		[{ audience: `${audience}/v1` }, `${audience}/v1`, `${audience}${place}/v1`],
		[{ audience: ["urn:api", `${audience}/v1/`] }, `${audience}/v1/`, `${audience}${place}/v1/`],
		[{ audience: "urn:api", resource: "https://r.example/a" }, "https://r.example/a", `https://r.example${place}/a`],
		[
			{ audience: `${audience}/v1`, publicOrigin: "https://p.example" },
			`${audience}/v1`,
			`https://p.example${place}/v1`,
		],
		[{ audience: "urn:api", publicOrigin: "https://p.example" }, "https://p.example", `https://p.example${place}`],
	];
	for (const [options, resource, address] of cases) {
		const handler = protect({ ...base, ...options, resourceMetadata: true }, greet);
		const inside = new URL(address);
		// What a proxy hands on: another scheme, another host.
		for (const origin of [inside.origin, "http://10.0.0.7:8080"]) {
			const target = `${origin}${inside.pathname}`;
			const got = await handler(new Request(target));
			assert.deepEqual([got.status, (await got.json()).resource], [200, resource], target);
			assert.equal(got.headers.get("access-control-allow-origin"), "*");
			const head = await handler(new Request(target, { method: "HEAD" }));
			assert.deepEqual([head.status, await head.text()], [200, ""]);
			assert.equal((await handler(new Request(target, { method: "OPTIONS" }))).status, 204);
			for (const method of ["POST", "PUT", "DELETE", "PATCH"]) {
				const other = await handler(new Request(target, { method }));
				assert.deepEqual([other.status, other.headers.get("allow")], [405, "GET, HEAD, OPTIONS"], method);
			}
			const challenge = (await handler(new Request(`${origin}/x`))).headers.get("www-authenticate");
			assert.equal(parameters(challenge).resource_metadata, address);
		}
		for (const wrong of [`${place}x`, `${place}/v2`, `/v1${place}`, place.toUpperCase()]) {
			assert.equal((await handler(new Request(`${audience}${wrong}`))).status, 401, wrong);
		}
	}
	assert.throws(
		() => guard({ ...base, audience: "urn:api", resourceMetadata: true }),
		/^TypeError: resource: expected/,
	);
	for (const resourceMetadata of ["", "x", "/metadata", "http://docs.example.com/x", "javascript:1"]) {
		assert.throws(
			() => guard({ ...base, resourceMetadata }),
			/^TypeError: resourceMetadata: expected/,
			resourceMetadata,
		);
	}
});

test("a 503 tells strangers no address, and no reason", async () => {
	const secret = "internal-host";
	const failing = [
		async () => {
			throw new Error(`connect ECONNREFUSED 10.0.0.7:443 ${secret}`);
		},
		async () => new Response(secret, { status: 500 }),
		async () => new Response(`{"keys":"${secret}"}`),
	];
	for (const fetch of failing) {
		for (const where of [{ jwksUri: `https://${secret}.example/jwks?key=${secret}` }, {}]) {
			const { keys: _, ...remote } = { ...base, ...where, issuer: `https://${secret}.example/realm`, fetch };
			const response = await protect(remote, greet)(bearer(accessToken({ iss: remote.issuer })));
			const text = JSON.stringify([await response.text(), [...response.headers]]);
			assert.equal(response.status, 503);
			assert.doesNotMatch(text, /internal-host|10\.0\.0\.7|ECONNREFUSED|https?:/);
			assert.match(response.headers.get("retry-after"), /^\d+$/);
			// The operator learns it all the same.
			const error = await guard(remote)
				.check(bearer(accessToken({ iss: remote.issuer })))
				.catch((caught) => caught);
			assert.ok(error instanceof TokenError);
			assert.match(error.message, /internal-host/);
			assert.equal(error.challenge, "");
		}
	}
});

test("what is like a request is judged, and what is none is a TypeError that says so", async () => {
	const { check } = guard({ ...base, dpop: {}, publicOrigin: audience });
	const [good, token] = [`Bearer ${accessToken()}`, bound];
	const proof = await one.proof(token);
	const headers = (all) => ({ get: (name) => all[name.toLowerCase()] ?? null });
	const express = (all) => ({
		method: "GET",
		url: "/purchases?page=2",
		originalUrl: "/purchases",
		headers: headers(all),
	});
	assert.equal((await check(express({ authorization: good }))).claims.sub, "user-1");
	assert.equal((await check(express({ authorization: `DPoP ${token}`, dpop: proof }))).claims.sub, "user-1");
	assert.equal(await refusal(() => check(express({}))), "token_missing");
	const relative = guard(base);
	assert.equal((await relative.check(express({ authorization: good }))).claims.sub, "user-1");
	assert.equal(
		await refusal(() => relative.check(express({ authorization: `DPoP ${token}`, dpop: proof }))),
		"dpop_url_mismatch",
	);
	// Node's own request: its headers are a plain object.
	const server = createServer(async (request, response) => {
		const seen = await check(request).catch(String);
		response.end(String(seen));
	});
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	const answer = await fetch(`http://127.0.0.1:${server.address().port}/`, { headers: { authorization: good } });
	assert.match(await answer.text(), /^TypeError: request: expected a Request/);
	server.close();
	const none = [undefined, null, 5, "x", Symbol("x"), {}, [], { headers: {} }, { headers: null }, { headers: [] }];
	none.push({ headers: { get: 5 } }, { headers: headers({}) === null }, () => {});
	for (const value of none) {
		for (const options of [base, { ...base, verdictCache: { maxEntries: 1 } }, { ...base, onVerdict() {} }]) {
			await assert.rejects(guard(options).check(value), /^TypeError: request: expected a Request/);
			const all = { ...options, resourceMetadata: true, cors: { origin: "*" } };
			await assert.rejects(protect(all, greet)(value), /^TypeError: request: expected a Request/);
		}
	}
	for (const get of [() => 5, () => ({}), () => Symbol("x"), () => undefined, () => ""]) {
		const seen = await refusal(() => check({ method: "GET", url, headers: { get } }));
		assert.match(seen, /^(token_missing|request_invalid|TypeError: )/);
	}
	assert.equal((await check(bearer(accessToken()))).claims.sub, "user-1");
});

test("check and refuse need no object to be called on", async () => {
	const { check, refuse } = guard({ ...base, scope: "b" });
	const error = await check(bearer(accessToken())).catch((caught) => caught);
	assert.equal(error.code, "insufficient_scope");
	const other = refuse.call(undefined, error);
	assert.deepEqual([other.status, other.headers.get("www-authenticate")], [403, error.challenge]);
	for (const wrong of [undefined, null, new Error("x"), { code: "token_expired" }, {}]) {
		if (wrong?.code) continue;
		assert.throws(() => refuse(wrong), /^TypeError: error: expected a TokenError/);
	}
});
