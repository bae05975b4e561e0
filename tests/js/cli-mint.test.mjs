// npx countersign mint, from the packed tarball: tokens, the keys that check them, and the files of both.

import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { test } from "node:test";
import * as jose from "jose";
import { keyPair } from "../keys.mjs";
import { assertUsage, countersign, file, free, now } from "./cli-kit.mjs";

const issuer = "https://issuer.example";
const read = (path) => JSON.parse(readFileSync(path, "utf8"));

/** Mints, and has jose judge it by the key set that the command gives: header, claims, and what was told. */
async function mint(...flags) {
	const { status, stdout, stderr } = await countersign(["mint", "--json", "--now", String(now), ...flags]);
	assert.equal(status, 0, stderr);
	const told = JSON.parse(stdout);
	const keys = jose.createLocalJWKSet(told.jwks);
	const { payload, protectedHeader } = await jose.jwtVerify(told.token, keys, { currentDate: new Date(now * 1000) });
	return { claims: payload, header: protectedHeader, ...told, stderr };
}

test("a token alone on standard output; its issuer, its audience and its key beside it", async () => {
	const set = free("alone.jwks");
	const { status, stdout, stderr } = await countersign(["mint", "--now", String(now), "--jwks", set]);
	assert.equal(status, 0);
	const text = readFileSync(set, "utf8");
	const [key] = JSON.parse(text).keys;
	assert.equal(text, `${JSON.stringify({ keys: [key] }, undefined, "\t")}\n`);
	assert.equal(stderr, `issuer    ${issuer}\naudience  https://api.example\nits key   ${JSON.stringify(key)}\n`);
	assert.match(stdout, /^[\w-]+\.[\w-]+\.[\w-]+\n$/);
	const { payload } = await jose.jwtVerify(stdout.trim(), await jose.importJWK(key), {
		currentDate: new Date(now * 1000),
	});
	assert.deepEqual([payload.iss, payload.sub, payload.iat, payload.exp], [issuer, "user-1", now, now + 300]);
});

test("--json: token, issuer, audience and key set, and nothing beside them", async () => {
	const { stderr, token, jwks, ...told } = await mint();
	assert.equal(stderr, "");
	const { header, claims, ...rest } = told;
	assert.deepEqual(rest, { issuer, audience: "https://api.example" });
	assert.deepEqual([header.alg, header.typ, claims.client_id], ["ES256", "at+jwt", "client-1"]);
	assert.deepEqual(Object.keys(jwks), ["keys"]);
	assert.equal(jwks.keys[0].d, undefined);
});

test("claims: set one by one, as JSON, or left out; members of the header", async () => {
	const flags = ["--claim", "scope=orders:read", "--claim", "level=3", "--claims", '{"sub":"ada","level":1}'];
	const { claims, header } = await mint(...flags, "--without", "jti", "--without", "client_id", "--header", "typ=JWT");
	assert.deepEqual(claims, {
		iss: issuer,
		sub: "ada",
		aud: "https://api.example",
		iat: now,
		exp: now + 300,
		scope: "orders:read",
		level: 3,
	});
	assert.equal(header.typ, "JWT");
});

test("--id-token, --client-id, --issuer, --alg, --lifetime", async () => {
	const flags = ["--client-id", "shop", "--issuer", "https://id.example", "--alg", "ES384", "--lifetime", "60"];
	const { claims, header, issuer: told } = await mint("--id-token", "--claim", "nonce=n", ...flags);
	assert.deepEqual([claims.aud, claims.nonce, claims.exp - claims.iat], ["shop", "n", 60]);
	assert.deepEqual([claims.iss, told, header.alg], ["https://id.example", "https://id.example", "ES384"]);
});

test("--audience: one is a text, several are a list; providers have their own form", async () => {
	const one = await mint("--audience", "a");
	assert.deepEqual([one.audience, one.claims.aud], ["a", "a"]);
	const two = await mint("--audience", "a", "--audience", "b");
	assert.deepEqual(
		[two.audience, two.claims.aud],
		[
			["a", "b"],
			["a", "b"],
		],
	);
	const auth0 = await mint("--provider", "auth0", "--audience", "a", "--audience", "b");
	assert.deepEqual(auth0.claims.aud, ["a", "b", `${auth0.issuer}userinfo`]);
	const none = await countersign(["mint", "--provider", "clerk"]);
	assert.match(none.stderr, /^issuer {4}\S+\naudience {2}none\n/);
});

test("--key: a private key is made, kept, and used again", async () => {
	const key = free("new.jwk");
	const made = await mint("--key", key);
	assert.equal(made.stderr, `made a private key: ${key}\n`);
	const kept = readFileSync(key, "utf8");
	const { d, ...published } = JSON.parse(kept);
	assert.equal(kept, `${JSON.stringify(read(key), undefined, "\t")}\n`);
	assert.match(d, /^[\w-]{43}$/);
	if (process.platform !== "win32") assert.equal(statSync(key).mode & 0o077, 0);
	const again = await mint("--key", key);
	assert.deepEqual([again.stderr, again.jwks], ["", made.jwks]);
	assert.deepEqual(again.jwks.keys[0].x, published.x);
	assert.equal(readFileSync(key, "utf8"), kept);
	assert.ok(!JSON.stringify([made, again]).includes(d), "the private key is told");
});

test("--key: what stands there is not written over, nor through", { skip: process.platform === "win32" }, async () => {
	const [link, target] = [free("link.jwk"), free("target.jwk")];
	symlinkSync(target, link);
	await assertUsage(["mint", "--key", link], `--key: cannot write ${link}`);
	assert.ok(!existsSync(target));
});

test("--key: one that others have made", async () => {
	const { privateKey } = keyPair("ec", { namedCurve: "P-256" });
	const jwk = { ...privateKey.export({ format: "jwk" }), kid: "mine", alg: "ES256" };
	const { header, jwks } = await mint("--key", file("mine.jwk", JSON.stringify(jwk)));
	assert.deepEqual([header.kid, jwks.keys.length, jwks.keys[0].x], ["mine", 1, jwk.x]);
});

test("verify takes what mint has made", async () => {
	const set = free("verified.jwks");
	const { stdout } = await countersign(["mint", "--jwks", set, "--now", String(now)]);
	const flags = ["--issuer", issuer, "--audience", "https://api.example", "--now", String(now)];
	assert.equal((await countersign(["verify", ...flags, "--jwks", set], { input: stdout })).status, 0);
});
