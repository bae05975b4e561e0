// Rules about claims, scopes by their several names, and the caller's own word.

import assert from "node:assert/strict";
import { test } from "node:test";
import { audience, countersign, edge, issuer, refusal, signer, start } from "./helpers.mjs";

const { createVerifier } = countersign;
const key = signer("k1");
const base = { issuer, audience, keys: key.jwk, now: () => start };
const verdict = (claims, options) =>
	refusal(() => createVerifier({ ...base, ...options }).verifySync(key.token(claims)));

test("a rule for each kind of test, and several tests at once", async () => {
	const claims = { role: "buyer", level: 2, roles: ["a", "b"], nested: { "a.b": { deep: true } }, gone: null };
	for (const [rules, outcome] of [
		[{ role: "buyer" }, "accepted"],
		[{ role: ["seller", "buyer"] }, "accepted"],
		[{ role: { equals: "buyer", present: true, pattern: "b*r" } }, "accepted"],
		[{ role: { equals: "buyer", pattern: "x*" } }, "claim_refused"],
		[{ role: { oneOf: ["seller"] } }, "claim_refused"],
		[{ level: 2 }, "accepted"],
		[{ level: "2" }, "claim_refused"],
		[{ level: { oneOf: [1, 3] } }, "claim_refused"],
		[{ roles: { includes: "a" } }, "accepted"],
		[{ roles: { all: ["a", "b"] } }, "accepted"],
		[{ roles: { all: ["a", "c"] } }, "claim_refused"],
		[{ roles: { any: ["c", "b"] } }, "accepted"],
		[{ roles: "a" }, "claim_refused"],
		[{ "nested.a\\.b.deep": true }, "accepted"],
		[{ "nested.a.b.deep": true }, "claim_refused"],
		[{ gone: null }, "accepted"],
		[{ gone: { present: true } }, "claim_refused"],
		[{ gone: { present: false } }, "claim_refused"],
		[{ blocked: { present: false } }, "accepted"],
		[{ role: { present: false } }, "claim_refused"],
		[{ role: "buyer", level: 3 }, "claim_refused"],
		[{ role: undefined }, "accepted"],
	]) {
		assert.equal(await verdict(claims, { claims: rules }), outcome, JSON.stringify(rules));
	}
});

test("a rule that cannot be meant is a TypeError with its path", () => {
	for (const [rules, message] of [
		[{ role: {} }, /^claims\.role: expected a test: equals/],
		[{ role: [] }, /^claims\.role: expected at least one value/],
		[{ role: 1.5 }, /^claims\.role: expected a text, a whole number/],
		[{ role: { contains: "a" } }, /^claims\.role\.contains: unknown option/],
		[{ role: { includes: ["a"] } }, /^claims\.role\.includes: expected one value/],
		[{ role: { present: "yes" } }, /^claims\.role\.present: expected true/],
		[{ role: [["a"]] }, /^claims\.role\[0\]: expected a text/],
		[{ "": "a" }, /^claims\.: expected names separated by single dots/],
		[{ "a..b": "a" }, /^claims\.a\.\.b: expected names/],
		[{ "https://shop.example/roles": { present: false } }, /expected the dots of a URL escaped/],
		["role", /^claims: expected an object/],
	]) {
		assert.throws(
			() => createVerifier({ ...base, claims: rules }),
			(error) => {
				assert.ok(error instanceof TypeError);
				assert.match(error.message, message);
				return true;
			},
		);
	}
});

test("explain shows each rule, the ones that were not reached too", async () => {
	const verifier = createVerifier({ ...base, claims: { role: "buyer", "realm.roles": { includes: "a" }, level: 1 } });
	const { checks } = await verifier.explain(key.token({ role: "buyer", realm: { roles: ["b"] } }));
	const own = checks.filter(({ name }) => name.startsWith("claim ") && name !== "claim types");
	assert.deepEqual(
		own.map(({ name, status, found, expected }) => [name, status, found, expected]),
		[
			["claim role", "passed", "buyer", "buyer"],
			["claim realm.roles", "failed", "b", "an array with a"],
			["claim level", "not reached", null, null],
		],
	);
});

test("scopes: scope before scp, a text or a list, one of several", async () => {
	for (const [claims, options, outcome] of [
		[{ scope: "a b" }, { scope: "a" }, "accepted"],
		[{ scope: ["a", "b"] }, { scope: "a b" }, "accepted"],
		[{ scp: "a" }, { scope: "a" }, "accepted"],
		[{ scp: ["a"] }, { scope: "a" }, "accepted"],
		[{ scope: "b", scp: "a" }, { scope: "a" }, "insufficient_scope"],
		[{ scope: ["a", 1] }, { scope: "a" }, "claim_invalid"],
		[{ scope: { a: 1 } }, { scope: "a" }, "claim_invalid"],
		[{ scope: "ab" }, { scope: "a" }, "insufficient_scope"],
		[{ scope: "b" }, { anyScope: ["a", "b"] }, "accepted"],
		[{ scope: "c" }, { anyScope: ["a", "b"] }, "insufficient_scope"],
		[{ scope: "c b" }, { scope: "c", anyScope: ["a", "b"] }, "accepted"],
		[{ scope: "b" }, { scope: "c", anyScope: ["a", "b"] }, "insufficient_scope"],
		[{ scope: "a b" }, { anyScope: ["a b", "c"] }, "accepted"],
		[{}, { anyScope: ["a"] }, "insufficient_scope"],
	]) {
		assert.equal(await verdict(claims, options), outcome, JSON.stringify([claims, options]));
	}
});

test("the caller's own word: after every rule, by verify, verifySync, explain and the guard", async () => {
	const asked = [];
	const check = (claims) => {
		asked.push(claims.sub);
		if (claims.sub === "thrown") throw new Error("by a throw");
		return claims.sub === "user-1" ? undefined : `not ${claims.sub}`;
	};
	const verifier = createVerifier({ ...base, check, verdictCache: { maxEntries: 10 } });
	assert.equal((await verifier.verify(key.token())).claims.sub, "user-1");
	const other = key.token({ sub: "user-2" });
	for (let times = 0; times < 2; times++) {
		await assert.rejects(verifier.verify(other), { code: "claim_refused", found: "not user-2", status: 401 });
		assert.throws(() => verifier.verifySync(other), { code: "claim_refused", found: "not user-2" });
	}
	assert.throws(() => verifier.verifySync(key.token({ sub: "thrown" })), { found: "by a throw" });
	const { valid, code, checks, claims } = await verifier.explain(other);
	assert.deepEqual([valid, code, claims.sub], [false, "claim_refused", "user-2"]);
	assert.deepEqual([checks.at(-1).name, checks.at(-1).status, checks.at(-1).found], ["check", "failed", "not user-2"]);
	assert.ok(!checks.slice(0, -1).some(({ status }) => status !== "passed"));
	const before = asked.length;
	assert.throws(() => verifier.verifySync(key.token({ exp: start })), { code: "token_expired" });
	assert.equal(asked.length, before, "a token that a rule refuses is not asked about");

	const told = [];
	const guarded = edge.guard({
		...base,
		profile: "jwt",
		check,
		realm: "shop",
		onVerdict: (one) => void told.push(one.code),
	});
	const request = (token) => new Request(audience, { headers: { authorization: `Bearer ${token}` } });
	assert.equal((await guarded.check(request(key.token()))).claims.sub, "user-1");
	const refused = await guarded.check(request(other)).catch((error) => error);
	const answer = guarded.refuse(refused);
	assert.deepEqual([answer.status, (await answer.clone().json()).code], [401, "claim_refused"]);
	assert.match(answer.headers.get("www-authenticate"), /^Bearer realm="shop", error="invalid_token".*not user-2/);
	assert.deepEqual(told, [null, "claim_refused"]);
});

test("a check that answers later, or with something else, is a mistake of the program", async () => {
	for (const check of [async () => undefined, () => true, () => null]) {
		await assert.rejects(
			createVerifier({ ...base, check }).verify(key.token()),
			/^TypeError: check: must return a reason/,
		);
	}
});
