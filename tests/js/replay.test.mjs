// Which proofs pass once, by stores that work, fail and hang, and with many requests waiting at once (RFC 9449 §11.1).

import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { test } from "node:test";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from "jose";
import { audience, edge, issuer, refusal, signer, start } from "./helpers.mjs";

const { durableObjectReplay, guard, memoryReplay, protect } = edge;

const key = signer("k1");
const url = `${audience}/purchases`;
const now = () => start;
const base = { issuer, audience, keys: key.jwk, now };

const { privateKey, publicKey } = await generateKeyPair("ES256");
const jwk = await exportJWK(publicKey);
const jkt = await calculateJwkThumbprint(jwk);
const tokenFor = (sub) => key.token({ sub, client_id: "shop", cnf: { jkt } }, { typ: "at+jwt" });
const proofFor = (token, claims = {}) =>
	new SignJWT({
		jti: randomUUID(),
		htm: "GET",
		htu: url,
		iat: start,
		ath: createHash("sha256").update(token).digest("base64url"),
		...claims,
	})
		.setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk })
		.sign(privateKey);

/** A request by a proof of its own. */
async function requestOf(sub = "user-1", claims = {}) {
	const token = tokenFor(sub);
	const dpop = await proofFor(token, claims);
	return () => new Request(url, { headers: { authorization: `DPoP ${token}`, dpop } });
}

test("a store is asked with the proof's hash, and for how long to remember it", async () => {
	const asked = [];
	const use = (...args) => asked.push(args) > 0;
	const { check } = guard({ ...base, dpop: { maxAge: 30, replay: { use } } });
	await check((await requestOf("user-1", { jti: "j-1", iat: start + 30 }))());
	const hash = createHash("sha256").update(`${jkt}.j-1`).digest("base64url");
	assert.deepEqual(asked, [[hash, start + 30 + 30 + 10]]);
	const seen = [];
	const other = guard({ ...base, dpop: { seen: (...args) => void seen.push(args) } });
	await other.check((await requestOf("user-1", { jti: "j-1" }))());
	assert.deepEqual(seen, [["j-1", start + 60 + 60 + 10]]);
});

test("what has no proof asks no store, nor does what is refused without it", async () => {
	const use = () => assert.fail("asked");
	const { check } = guard({ ...base, dpop: { replay: { use } } });
	await check({
		method: "GET",
		url,
		headers: new Headers({ authorization: `Bearer ${key.token({ client_id: "c" }, { typ: "at+jwt" })}` }),
	});
	assert.equal(await refusal(async () => check((await requestOf("u", { htm: "POST" }))())), "dpop_method_mismatch");
	assert.equal(await refusal(async () => check((await requestOf("u", { jti: "j".repeat(257) }))())), "dpop_invalid");
});

test("a hundred requests that wait at once, each twice: every answer is about its own request", async () => {
	const used = new Set();
	const replay = {
		async use(name) {
			const isFirst = used.size < used.add(name).size;
			await new Promise((resolve) => setTimeout(resolve, Math.random() * 30));
			return isFirst;
		},
	};
	const { check } = guard({ ...base, dpop: { replay } });
	const subjects = Array.from({ length: 100 }, (_, at) => `user-${at}`);
	const requests = await Promise.all(subjects.map((sub) => requestOf(sub)));
	const outcomes = await Promise.all(
		[...requests, ...requests].map((request) =>
			check(request()).then(
				({ claims, token }) => {
					assert.equal(token, request().headers.get("authorization").slice(5));
					return claims.sub;
				},
				({ code, challenge }) => {
					assert.match(challenge, /^DPoP error="invalid_dpop_proof"/);
					return code;
				},
			),
		),
	);
	assert.deepEqual(outcomes, [...subjects, ...subjects.map(() => "dpop_replayed")]);
});

test("a store that fails or hangs lets nobody pass, and is answered within the limit", async () => {
	const hostile = { toString: () => assert.fail("shown") };
	const stores = {
		"no answer in time": () => new Promise(() => {}),
		"redis://10.0.0.7: ECONNREFUSED": () => Promise.reject(new Error("redis://10.0.0.7: ECONNREFUSED")),
		"at once": () => {
			throw new Error("at once");
		},
		"": () => Promise.reject(hostile),
		"the store answered neither true nor false": () => undefined,
	};
	for (const [why, use] of Object.entries(stores)) {
		const told = [];
		const onVerdict = (verdict) => void told.push(verdict);
		const options = { ...base, dpop: { replay: { use } }, storeTimeout: 0.05, onVerdict };
		const handler = protect(options, () => assert.fail("passed"));
		const began = performance.now();
		const response = await handler((await requestOf())());
		assert.ok(performance.now() - began < 1000, why);
		assert.deepEqual(
			[response.status, response.headers.get("retry-after"), response.headers.get("www-authenticate")],
			[503, "5", null],
			why,
		);
		assert.deepEqual(await response.json(), { error: "temporarily_unavailable", code: "store_unavailable" }, why);
		const [{ code, found }] = told;
		assert.deepEqual([code, found], ["store_unavailable", `replay: ${why}`]);
	}
});

test("memoryReplay remembers each proof as long as it is good, and refuses when it is full", async () => {
	let time = start;
	const store = memoryReplay({ maxEntries: 2, now: () => time });
	assert.equal(store.use("a", start + 10), true);
	assert.equal(store.use("a", start + 10), false);
	assert.equal(store.use("b", start + 20), true);
	assert.throws(() => store.use("c", start + 30), /2 proofs are in use/);
	assert.equal(store.use("b", start + 20), false, "none is forgotten");
	time = start + 10;
	assert.throws(() => store.use("c", start + 30), /2 proofs are in use/, "the last second counts");
	time = start + 11;
	assert.equal(store.use("c", start + 30), true);
	assert.equal(store.use("b", start + 20), false);
	for (const until of [time - 1, Number.NaN]) assert.throws(() => store.use("d", until), /clock/);
	const { check } = guard({ ...base, dpop: { replay: memoryReplay({ maxEntries: 1, now }) } });
	const request = await requestOf();
	await check(request());
	assert.equal(await refusal(() => check(request())), "dpop_replayed");
	assert.equal(await refusal(async () => check((await requestOf())())), "store_unavailable");
	for (const maxEntries of [0, -1, 1.5, 10_000_001, "1", null]) {
		assert.throws(() => memoryReplay({ maxEntries }), /^TypeError: maxEntries: expected a whole number/);
	}
	assert.throws(() => memoryReplay({ maxEntry: 1 }), /^TypeError: maxEntry: unknown option; did you mean maxEntries/);
});

test("options of stores that cannot be meant", async () => {
	for (const replay of [null, {}, () => true, { use: true }, []]) {
		assert.throws(() => guard({ ...base, dpop: { replay } }), /^TypeError: dpop\.replay: expected an object with the/);
	}
	const replay = memoryReplay();
	const seen = () => false;
	assert.throws(
		() => guard({ ...base, dpop: { replay, seen } }),
		/^TypeError: dpop\.seen: has no effect beside replay/,
	);
	assert.throws(() => guard({ ...base, storeTimeout: 1 }), /^TypeError: storeTimeout: has no effect without a store/);
	for (const storeTimeout of [0, 0.049, 30.1, -1, "1"]) {
		assert.throws(() => guard({ ...base, dpop: { replay }, storeTimeout }), /^TypeError: storeTimeout: expected/);
	}
	for (const storeTimeout of [0.05, 30]) guard({ ...base, dpop: { replay }, storeTimeout });
	assert.throws(() => durableObjectReplay({}), /^TypeError: namespace: expected a namespace of Durable Objects/);
});
