// Kept verdicts: the same token again costs no signature check, and is judged no other way.

import assert from "node:assert/strict";
import { test } from "node:test";
import { audience, countersign, issuer, json, network, refusal, signer, start } from "./helpers.mjs";
import { memories } from "./memories.mjs";

const { createVerifier } = countersign;
const key = signer("k1");

function setting(options = {}) {
	const state = { now: start };
	const base = { issuer, audience, keys: key.jwk, now: () => state.now, verdictCache: { maxEntries: 3 } };
	return { state, verifier: createVerifier({ ...base, ...options }) };
}

/** How often the core was handed a token while `work` ran. */
function handedOver(work) {
	const { encodeInto } = TextEncoder.prototype;
	let times = 0;
	TextEncoder.prototype.encodeInto = function (...args) {
		times++;
		return encodeInto.apply(this, args);
	};
	try {
		work();
	} finally {
		TextEncoder.prototype.encodeInto = encodeInto;
	}
	return times;
}

test("a kept verdict has the same claims, and no caller can change another's", async () => {
	const { verifier } = setting();
	const token = key.token({ roles: ["customer"], tenant: { plans: [{ id: 1 }, null] } });
	for (let i = 0; i < 3; i++) {
		const { claims, header } = verifier.verifySync(token);
		assert.deepEqual(claims.roles, ["customer"]);
		assert.deepEqual(claims.tenant, { plans: [{ id: 1 }, null] });
		assert.equal(header.alg, "ES256");
		claims.roles.push("admin");
		claims.tenant.plans[0].id = 2;
		header.alg = "none";
	}
	const second = verifier.verifySync(token);
	assert.deepEqual((await verifier.verify(token)).claims, second.claims);
	assert.deepEqual(verifier.verifySync(new TextEncoder().encode(token)).claims, second.claims);
});

test("a claim named __proto__ stays a claim", () => {
	const { verifier } = setting();
	const token = key.token(JSON.parse('{"__proto__": {"admin": true}, "more": {"__proto__": [1]}}'));
	for (let i = 0; i < 3; i++) {
		const { claims } = verifier.verifySync(token);
		assert.equal(claims.admin, undefined);
		assert.deepEqual(Object.getOwnPropertyDescriptor(claims, "__proto__").value, { admin: true });
		assert.deepEqual(Object.getOwnPropertyDescriptor(claims.more, "__proto__").value, [1]);
		assert.equal(Object.getPrototypeOf(claims.more), Object.prototype);
	}
});

test("tokens with the same header have one each, and others theirs", () => {
	const { verifier } = setting({ verdictCache: undefined });
	const other = signer("k2");
	const both = createVerifier({ issuer, audience, keys: { keys: [key.jwk, other.jwk] }, now: () => start });
	const first = both.verifySync(key.token());
	first.header.kid = "changed";
	assert.equal(both.verifySync(key.token({ sub: "b" })).header.kid, "k1");
	assert.equal(both.verifySync(other.token()).header.kid, "k2");
	assert.equal(both.verifySync(key.token()).header.kid, "k1");
	assert.notEqual(verifier.verifySync(key.token()).header, verifier.verifySync(key.token()).header);
});

test("time is judged each time: exp, nbf, and the age of token and login", () => {
	const { state, verifier } = setting();
	const token = key.token({ exp: start + 10, nbf: start });
	verifier.verifySync(token);
	state.now = start + 9;
	verifier.verifySync(token);
	for (const [now, code] of [
		[start + 10, "token_expired"],
		[start - 1, "token_not_yet_valid"],
	]) {
		state.now = now;
		assert.throws(() => verifier.verifySync(token), { code });
	}
	state.now = start;
	verifier.verifySync(token);

	const young = setting({ maxTokenAge: 60 });
	young.verifier.verifySync(token);
	young.state.now = start + 9;
	young.verifier.verifySync(key.token({ iat: start }));
	const old = key.token({ iat: start, exp: start + 600 });
	young.verifier.verifySync(old);
	young.state.now = start + 61;
	assert.throws(() => young.verifier.verifySync(old), { code: "token_too_old" });
	young.state.now = start - 1;
	assert.throws(() => young.verifier.verifySync(old), { code: "token_issued_in_future" });

	const recent = setting({ profile: "id-token", maxAge: 60 });
	const login = key.token({ auth_time: start, exp: start + 600 });
	recent.verifier.verifySync(login);
	recent.state.now = start + 60;
	recent.verifier.verifySync(login);
	recent.state.now = start + 61;
	assert.throws(() => recent.verifier.verifySync(login), { code: "auth_time_too_old" });
});

test("two tokens never share a verdict; what is refused is not kept", () => {
	const { verifier } = setting();
	const token = key.token();
	verifier.verifySync(token);
	const [header, payload, signature] = token.split(".");
	const forged = Buffer.from(JSON.stringify({ ...verifier.verifySync(token).claims, sub: "admin" }));
	for (let i = 0; i < 2; i++) {
		assert.throws(() => verifier.verifySync(`${header}.${forged.toString("base64url")}.${signature}`), {
			code: "signature_invalid",
		});
		assert.throws(() => verifier.verifySync(`${token} `), { code: "base64url_invalid" });
		assert.throws(() => verifier.verifySync(`${header}.${payload}.`), { code: "signature_missing" });
	}
	// Another policy has verdicts of its own.
	const other = setting({ audience: "https://other.example.com" });
	assert.throws(() => other.verifier.verifySync(token), { code: "audience_mismatch" });
	assert.equal(verifier.verifySync(token).claims.sub, "user-1");
});

test("a verdict dies with its key: fetched anew, a key set that lacks it refuses the token", async () => {
	const [old, next] = [signer("k"), signer("k")];
	const state = { now: start, keys: [old.jwk] };
	const net = network({
		[`${issuer}/jwks`]: () => json({ keys: state.keys }, { headers: { "cache-control": "max-age=60" } }),
	});
	const verifier = createVerifier({
		issuer,
		audience,
		jwksUri: `${issuer}/jwks`,
		fetch: net.fetch,
		now: () => state.now,
		verdictCache: { maxEntries: 10 },
	});
	const token = old.token();
	await verifier.verify(token);
	await verifier.verify(token);
	state.keys = [next.jwk];
	state.now += 3600 * 24;
	const still = old.token({ exp: state.now + 60 });
	assert.equal(await refusal(() => verifier.verify(still)), "signature_invalid");
	assert.equal(await refusal(() => verifier.verify(token)), "signature_invalid");
	await verifier.verify(next.token({ exp: state.now + 60 }));
});

test("many tokens, few entries: bounded, and every verdict right", () => {
	const { state, verifier } = setting();
	const tokens = Array.from({ length: 12 }, (_, i) => key.token({ sub: `user-${i}`, exp: start + 10 + i }));
	for (let round = 0; round < 5; round++) {
		for (const [i, token] of tokens.entries()) assert.equal(verifier.verifySync(token).claims.sub, `user-${i}`);
	}
	state.now = start + 15;
	for (const [i, token] of tokens.entries()) {
		if (i <= 5) assert.throws(() => verifier.verifySync(token), { code: "token_expired" });
		else assert.equal(verifier.verifySync(token).claims.sub, `user-${i}`);
	}
	verifier.dispose();
	assert.throws(() => verifier.verifySync(tokens[11]), TypeError);
});

test("a hit asks the core about time alone; without the option, about everything", () => {
	const token = key.token();
	const [kept, plain] = [setting().verifier, setting({ verdictCache: undefined }).verifier];
	const ten = (verifier) => () => {
		for (let i = 0; i < 10; i++) verifier.verifySync(token);
	};
	assert.deepEqual([handedOver(ten(kept)), handedOver(ten(plain))], [1, 10]);
});

test("where all entries are taken, the oldest goes, and no other before", () => {
	const { verifier } = setting();
	const [first, second, third, fourth] = ["a", "b", "c", "d"].map((sub) => key.token({ sub }));
	const asked = (...tokens) => tokens.map((token) => handedOver(() => verifier.verifySync(token)));
	assert.deepEqual(asked(first, second, third), [1, 1, 1]);
	assert.deepEqual(asked(first, second, third), [0, 0, 0]);
	assert.deepEqual(asked(fourth), [1]);
	assert.deepEqual(asked(second, third, fourth), [0, 0, 0]);
	assert.deepEqual(asked(first, third, fourth, second), [1, 0, 0, 1]);
});

test("of bytes, which their owner can change, no verdict is kept", () => {
	const { verifier } = setting();
	const bytes = new TextEncoder().encode(key.token());
	for (let i = 0; i < 2; i++) assert.equal(verifier.verifySync(bytes).claims.sub, "user-1");
	bytes[bytes.lastIndexOf(".".charCodeAt()) - 2] ^= 1;
	assert.throws(() => verifier.verifySync(bytes), countersign.TokenError);
});

test("after a trap of the core, each verdict is judged by its own times", () => {
	const { state, verifier } = setting();
	const [short, long] = [10, 100].map((life) => key.token({ exp: start + life }));
	verifier.verifySync(short);
	new Uint8Array(memories.at(-1).buffer).fill(0xff);
	assert.throws(() => verifier.verifySync(key.token()), { code: "internal" });
	verifier.verifySync(short);
	verifier.verifySync(long);
	state.now = start + 50;
	verifier.verifySync(long);
	assert.throws(() => verifier.verifySync(short), { code: "token_expired" });
});

test("a header that tokens have in common is parsed once; of bytes, each time", (t) => {
	const other = signer("k2");
	const keys = { keys: [key.jwk, other.jwk] };
	const verifier = createVerifier({ issuer, audience, keys, now: () => start });
	const parse = t.mock.method(JSON, "parse");
	const headers = () => parse.mock.calls.filter(({ arguments: [text] }) => text.includes('"kid"')).length;
	for (const sub of ["a", "b", "c"]) verifier.verifySync(key.token({ sub }));
	assert.equal(headers(), 1);
	for (const sub of ["a", "b"]) verifier.verifySync(other.token({ sub }));
	assert.equal(headers(), 2);
	const bytes = [key, other].map((signer) => new TextEncoder().encode(signer.token()));
	assert.deepEqual(
		bytes.map((token) => verifier.verifySync(token).header.kid),
		["k1", "k2"],
	);
});

test("wrong options: a TypeError that names it", () => {
	for (const verdictCache of [null, 1, "10", [], {}, { maxEntries: 0 }, { maxEntries: 1.5 }, { maxEntries: 1e6 }]) {
		assert.throws(
			() => setting({ verdictCache }),
			/^TypeError: verdictCache(\.maxEntries)?: /,
			JSON.stringify(verdictCache),
		);
	}
});
