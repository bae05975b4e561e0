// The option `schema`: a Standard Schema decides last, and what it makes of the claims is what callers get.

import assert from "node:assert/strict";
import { test } from "node:test";
import { audience, countersign, edge, issuer, json, network, signer, start } from "./helpers.mjs";

const { createVerifier } = countersign;
const { guard, protect } = edge;
const key = signer("k1");
const base = { issuer, audience, keys: key.jwk, now: () => start };
const guarded = { ...base, profile: "jwt" };
const request = (token) => new Request(audience, { headers: { authorization: `Bearer ${token}` } });

/** A schema by hand: https://standardschema.dev */
const schemaOf = (validate, more = {}) => ({ "~standard": { version: 1, vendor: "test", validate, ...more } });
const issue = (message, path) => ({ issues: [{ message, path }] });
/** Claims with a role, which it makes a list. */
const roles = schemaOf((claims) =>
	typeof claims.role === "string" ? { value: { roles: claims.role.split(" ") } } : issue("expected a text", ["role"]),
);
const later = schemaOf(async (claims) => roles["~standard"].validate(claims));

test("its output is what verify, verifySync and a guard give as claims", async () => {
	const token = key.token({ role: "buyer admin" });
	const expected = { roles: ["buyer", "admin"] };
	const verifier = createVerifier({ ...base, schema: roles });
	assert.deepEqual((await verifier.verify(token)).claims, expected);
	const { claims, header } = verifier.verifySync(token);
	assert.deepEqual([claims, header.kid], [expected, "k1"]);
	assert.deepEqual((await createVerifier({ ...base, schema: later }).verify(token)).claims, expected);
	for (const schema of [roles, later]) {
		const auth = await guard({ ...guarded, schema }).check(request(token));
		assert.deepEqual([auth.claims, auth.token, auth.header.kid], [expected, token, "k1"]);
		const handler = protect({ ...guarded, schema }, (_request, { claims }) => Response.json(claims));
		assert.deepEqual(await (await handler(request(token))).json(), expected);
	}
});

test("its first issue is a refusal, which names the path, in a bounded text", async () => {
	const told = async (result) => {
		const schema = schemaOf(() => result);
		const error = await createVerifier({ ...base, schema })
			.verify(key.token())
			.then(assert.fail, (caught) => caught);
		assert.ok(error instanceof countersign.TokenError);
		assert.deepEqual([error.code, error.status, error.found], ["claim_refused", 401, undefined]);
		assert.throws(() => createVerifier({ ...base, schema }).verifySync(key.token()), { message: error.message });
		return [error.claim, error.expected];
	};
	assert.deepEqual(await told(issue("a number", ["address", "floors", 0])), ["address.floors.0", "a number"]);
	assert.deepEqual(await told(issue("x", [{ key: "a" }, { key: Symbol("s") }])), ["a.Symbol(s)", "x"]);
	assert.deepEqual(await told(issue("x", ["https://shop.example/a", "b\\"])), ["https://shop\\.example/a.b\\\\", "x"]);
	assert.deepEqual(await told(issue("x")), [undefined, "x"]);
	assert.deepEqual(await told(issue("x", [])), [undefined, "x"]);
	assert.deepEqual(await told({ issues: [] }), [undefined, "what the schema wants"]);
	assert.deepEqual(await told({ issues: [{ message: "one", path: ["a"] }, { message: "two" }] }), ["a", "one"]);
	const [claim, expected] = await told(issue("\u202e".repeat(10_000), ["a".repeat(10_000)]));
	assert.deepEqual([claim.length, expected], [121, `${"\ufffd".repeat(120)}…`]);
});

test("it is asked last, about tokens that passed everything else: claim rules, scope, check", async () => {
	const asked = [];
	const schema = schemaOf((claims) => {
		asked.push(claims.sub);
		return roles["~standard"].validate(claims);
	});
	const check = (claims) => (claims.sub === "user-3" ? "not user-3" : undefined);
	const verifier = createVerifier({ ...base, schema, check, claims: { sub: { pattern: "user-*" } }, scope: "a" });
	const refused = (claims) =>
		verifier.verify(key.token({ role: "x", scope: "a", ...claims })).catch(({ found }) => found);
	assert.equal(await refused({ sub: "other" }), "other");
	assert.equal(await refused({ scope: "b" }), "b");
	assert.equal(await refused({ sub: "user-3" }), "not user-3");
	assert.deepEqual(asked, []);
	assert.ok((await refused({})).claims);
	assert.deepEqual(asked, ["user-1"]);
});

test("explain has a line for check and schema: passed, failed, or not reached", async () => {
	const check = (claims) => (claims.sub === "user-1" ? undefined : "not me");
	const verifier = createVerifier({ ...base, schema: later, check });
	const own = async (claims) => {
		const { valid, code, checks, error, claims: seen } = await verifier.explain(key.token(claims));
		const [first, second] = checks.slice(-2);
		assert.ok(first.spec && second.spec);
		assert.equal(valid, error === null);
		return [code, first.name, first.status, second.name, second.status, second.expected ?? first.found, seen?.sub];
	};
	const C = "claim_refused";
	assert.deepEqual(await own({ role: "a" }), [null, "check", "passed", "schema", "passed", null, "user-1"]);
	assert.deepEqual(await own({}), [C, "check", "passed", "schema role", "failed", "expected a text", "user-1"]);
	assert.deepEqual(await own({ sub: "x" }), [C, "check", "failed", "schema", "not reached", "not me", "x"]);
	const expired = await own({ exp: start });
	assert.deepEqual(expired.slice(0, 5), ["token_expired", "check", "not reached", "schema", "not reached"]);

	const told = [];
	const listening = guard({
		...guarded,
		schema: roles,
		realm: "shop",
		onVerdict: (verdict) => void told.push(verdict),
	});
	const error = await listening.check(request(key.token())).catch((caught) => caught);
	await listening.check(request(key.token({ role: "a" })));
	assert.deepEqual(
		told.map(({ valid, checks }) => [valid, checks.at(-1).name, checks.at(-1).status]),
		[
			[false, "schema role", "failed"],
			[true, "schema", "passed"],
		],
	);
	assert.equal(told[0].error.challenge, error.challenge);
	assert.match(error.challenge, /^Bearer realm="shop", error="invalid_token"/);
	assert.equal((await listening.refuse(error).json()).claim, "role");
});

test("what has a member `then` that is no function is an answer at once", () => {
	const name = "then";
	const schema = schemaOf((value) => ({ value, [name]: "more" }));
	assert.equal(createVerifier({ ...base, schema }).verifySync(key.token()).claims.sub, "user-1");
});

test("verifySync cannot wait for one that answers later", async () => {
	const message = /^schema: answers later, and verifySync cannot wait for it; use verify$/;
	const rejecting = schemaOf(async () => Promise.reject(new Error("late")));
	for (const schema of [later, rejecting]) {
		const verifier = createVerifier({ ...base, schema });
		assert.throws(() => verifier.verifySync(key.token({ role: "a" })), { name: "TypeError", message });
		assert.throws(() => verifier.verifySync("garbage"), { code: "token_malformed" });
	}
	await new Promise((resolve) => setTimeout(resolve, 5)); // A rejection that nobody hears would end the process.
});

test("a fault of its own is no verdict: it is thrown on, and nobody passes", async () => {
	const fault = new Error("the database is gone");
	for (const validate of [() => assert.fail(fault), async () => assert.fail(fault)]) {
		const schema = schemaOf(validate);
		await assert.rejects(createVerifier({ ...base, schema }).verify(key.token()), (error) => error === fault);
		await assert.rejects(guard({ ...guarded, schema }).check(request(key.token())), (error) => error === fault);
	}
	for (const result of [undefined, null, true, "x", {}, []]) {
		const schema = schemaOf(() => result);
		const message = /^schema: its validate must return an object/;
		await assert.rejects(createVerifier({ ...base, schema }).verify(key.token()), { name: "TypeError", message });
	}
});

test("what is no Standard Schema is a TypeError", () => {
	const { validate } = roles["~standard"];
	for (const schema of [
		null,
		"x",
		{},
		() => {},
		{ parse() {} },
		{ "~standard": null },
		{ "~standard": { version: 2, vendor: "x", validate } },
		{ "~standard": { version: "1", vendor: "x", validate } },
		{ "~standard": { version: 1, vendor: "x" } },
	]) {
		for (const make of [createVerifier, guard]) {
			assert.throws(() => make({ ...base, schema }), {
				name: "TypeError",
				message: /^schema: expected a Standard Schema/,
			});
		}
	}
	// Libraries make classes and functions, with ~standard on the prototype.
	class Schema {
		#validate = validate;
		get "~standard"() {
			return { version: 1, vendor: "x", validate: (claims) => this.#validate(claims) };
		}
	}
	// What validates may rely on where it stands.
	const own = { version: 1, vendor: "x", key: "roles", validate: standing };
	function standing({ role }) {
		return { value: { [this.key]: [role] } };
	}
	const callable = Object.assign(() => {}, roles);
	for (const schema of [new Schema(), callable, { "~standard": own }]) {
		const { claims } = createVerifier({ ...base, schema }).verifySync(key.token({ role: "a" }));
		assert.deepEqual(claims, { roles: ["a"] });
	}
	createVerifier({ ...base, schema: undefined });
});

test("a kept verdict is validated again, and nobody sees what another changed", async () => {
	let asked = 0;
	const own = schemaOf((claims) => {
		asked++;
		const value = { sub: claims.sub, list: claims.list };
		claims.sub = "changed by the schema";
		return { value };
	});
	const token = key.token({ list: [1] });
	const verifier = createVerifier({ ...base, schema: own, verdictCache: { maxEntries: 2 } });
	const keeping = guard({ ...guarded, schema: own, verdictCache: { maxEntries: 2 } });
	for (let times = 1; times <= 3; times++) {
		for (const { claims } of [
			await verifier.verify(token),
			verifier.verifySync(token),
			await keeping.check(request(token)),
		]) {
			assert.deepEqual(claims, { sub: "user-1", list: [1] });
			claims.sub = "changed by a caller";
			claims.list.push(2);
		}
		assert.equal(asked, times * 3);
	}
});

test("keys that have to be fetched first change nothing", async () => {
	const routes = { [`${issuer}/jwks`]: () => json({ keys: [key.jwk] }) };
	const { fetch } = network(routes);
	const options = { issuer, audience, jwksUri: `${issuer}/jwks`, fetch, now: () => start, schema: later };
	assert.deepEqual((await createVerifier(options).verify(key.token({ role: "a" }))).claims, { roles: ["a"] });
});

test("guard.with shares it, and may have one of its own", async () => {
	const one = guard({ ...guarded, schema: roles });
	const token = key.token({ role: "a", scope: "s" });
	assert.deepEqual((await one.with({ scope: "s" }).check(request(token))).claims, { roles: ["a"] });
	const other = one.with({ schema: schemaOf(({ sub }) => ({ value: { sub } })) });
	assert.deepEqual((await other.check(request(token))).claims, { sub: "user-1" });
});
