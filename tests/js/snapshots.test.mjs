// What callers hand over is copied once, within bounds, from its own properties; what cannot be is named.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { audience, countersign, issuer, json, refusal, signer, start } from "./helpers.mjs";
import { memories } from "./memories.mjs";

const { createVerifier, jwkThumbprint, verifySignature } = countersign;
const key = signer("k1");
const base = { issuer, audience, keys: key.jwk, now: () => start };
const message = (action) => {
	try {
		action();
		return "accepted";
	} catch (error) {
		assert.ok(error instanceof TypeError, String(error));
		assert.equal(error.name, "TypeError");
		return error.message;
	}
};
const nested = (levels) => {
	let value = 1;
	for (let level = 0; level < levels; level++) value = { a: value };
	return value;
};

test("more than 32 levels are in no key, and a circle has no end", () => {
	const name = (levels) => `jwk.own${".a".repeat(levels)}`;
	assert.equal(
		message(() => jwkThumbprint({ ...key.jwk, own: nested(33) })),
		`${name(32)}: nested too deeply`,
	);
	const circle = { ...key.jwk };
	circle.a = circle;
	assert.equal(
		message(() => jwkThumbprint(circle)),
		`jwk${".a".repeat(33)}: nested too deeply`,
	);
});

test("an object that gives another of its kind for its key has no end either", () => {
	class KeyObject {
		get [Symbol.toStringTag]() {
			return "KeyObject";
		}
		export() {
			return this;
		}
	}
	assert.equal(
		message(() => jwkThumbprint(new KeyObject())),
		"jwk: nested too deeply",
	);
});

test("what is wrong by itself has no cause", () => {
	assert.throws(
		() => verifySignature(key.token(), nested(40)),
		(error) => error.name === "TypeError" && !("cause" in error),
	);
});

test("an object without a prototype counts like any", async () => {
	const bare = (members) => Object.assign(Object.create(null), members);
	const verifier = createVerifier(bare({ ...base, keys: bare({ keys: [bare(key.jwk)] }) }));
	assert.equal(verifier.verifySync(key.token()).claims.sub, "user-1");
});

test("a list that claims to be longer than any is not read", () => {
	const list = [];
	list.length = 1_000_000;
	assert.match(
		message(() => verifySignature(key.token(), list)),
		/^keys\[0\]: expected a JWK/,
	);
	list.length = 1_000_001;
	assert.equal(
		message(() => verifySignature(key.token(), list)),
		"keys: cannot be read: more than 1000000 elements",
	);
	assert.equal(
		message(() => createVerifier({ ...base, scope: list })),
		"scope: cannot be read: more than 1000000 elements",
	);
});

test("what fails while it is read is named, with the reason as its cause; a long name is cut", () => {
	const failing = () => {
		throw new RangeError("not now");
	};
	const unreadable = (name) => Object.defineProperty({}, name, { get: failing, enumerable: true });
	const long = "n".repeat(500);
	for (const [options, said] of [
		[new Proxy({}, { ownKeys: failing }), "options: cannot be read"],
		[{ ...base, keys: new Proxy({}, { ownKeys: failing }) }, "keys: cannot be read"],
		[{ ...base, keys: [new Proxy({}, { getPrototypeOf: failing })] }, "keys[0]: cannot be read"],
		[unreadable("issuer"), "issuer: cannot be read"],
		[{ ...base, keySets: unreadable("maxAge") }, "keySets.maxAge: cannot be read"],
		[unreadable("a\nb\u202e"), "a\ufffdb\ufffd: cannot be read"],
		[unreadable(long), `${long.slice(0, 120)}: cannot be read`],
		[{ ...base, schema: unreadable("~standard") }, "schema: cannot be read"],
	]) {
		assert.throws(
			() => createVerifier(options),
			(error) => {
				assert.deepEqual([error.name, error.message], ["TypeError", said]);
				assert.ok(error instanceof TypeError);
				assert.equal(error.cause.message, "not now");
				return true;
			},
		);
	}
});

test("a hole in a list is filled by no prototype, and symbols name no option", async () => {
	const holes = [];
	holes.length = 1;
	Array.prototype[0] = key.jwk;
	try {
		assert.match(
			message(() => createVerifier({ ...base, keys: holes })),
			/^keys/,
		);
	} finally {
		delete Array.prototype[0];
	}
	createVerifier({ ...base, [Symbol("own")]: 1 });
	assert.match(
		message(() => createVerifier(Object.create(base))),
		/^issuer: required/,
	);
});

test("a store stays itself: its methods are those of its class, and what they need is its own", async () => {
	class Store {
		#entries = new Map();
		get(name) {
			return this.#entries.get(name);
		}
		set(name, entry) {
			this.#entries.set(name, entry);
		}
	}
	const cache = new Store();
	const jwksUri = `${issuer}/jwks`;
	const fetched = [];
	const fetch = async (url) => {
		fetched.push(url);
		return json({ keys: [key.jwk] });
	};
	for (let times = 0; times < 2; times++) {
		const verifier = createVerifier({ ...base, keys: undefined, jwksUri, fetch, cache });
		assert.equal((await verifier.verify(key.token())).claims.sub, "user-1");
	}
	assert.equal(fetched.length, 1);
});

test("a secret's bytes are copied, those of another realm too", async () => {
	const parts = [{ alg: "HS256" }, { iss: issuer, aud: audience, exp: start + 300 }];
	const input = parts.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
	for (const bytes of [
		new Uint8Array(32).fill(7),
		runInNewContext("new Uint8Array(32).fill(7)"),
		Buffer.alloc(32, 7),
	]) {
		const signature = createHmac("sha256", Buffer.alloc(32, 7)).update(input).digest("base64url");
		const verifier = createVerifier({ ...base, keys: bytes, algorithms: ["HS256"] });
		bytes.fill(8);
		const verdict = () => refusal(() => verifier.verifySync(`${input}.${signature}`));
		assert.equal(await verdict(), "accepted");
		// After a trap the core is given them again.
		new Uint8Array(memories.at(-1).buffer).fill(0xff);
		assert.deepEqual([await verdict(), await verdict()], ["internal", "accepted"]);
	}
});

test("an address may be a URL", () => {
	const verifier = createVerifier({ issuer: new URL(issuer), audience, jwksUri: new URL(`${issuer}/jwks`) });
	assert.equal(verifier.status()[0].jwksUri, `${issuer}/jwks`);
});
