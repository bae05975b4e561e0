// npx countersign verify, from the packed tarball: what each flag of a policy has checked.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertUsage, countersign, good, issuer, judged, jwks, now, token } from "./cli-kit.mjs";

async function verdict(given, more, flags = judged) {
	const { status, stderr } = await countersign(["verify", ...flags, ...more], { input: given });
	return status === 0 ? "valid" : (/^refused: (\w+)/.exec(stderr)?.[1] ?? stderr);
}

const TOKENS = {
	plain: good,
	scoped: token({ scope: "orders:read orders:write", roles: ["buyer"], client_id: "client-1", n: 1, t: "a=b" }),
	access: token({ client_id: "client-1", jti: "1" }, { typ: "at+jwt" }),
	id: token({ aud: "shop", nonce: "n" }),
	late: token({ exp: now - 5 }),
	auth0: token({ azp: "client-1" }, { typ: "JWT" }),
};
const ROLES = (role) => JSON.stringify({ roles: { includes: role } });

const ROWS = [
	["plain", "valid", "--subject", "user-1"],
	["plain", "subject_mismatch", "--subject", "user-2"],
	["plain", "valid", "--algorithms", "ES384,ES256"],
	["plain", "alg_not_allowed", "--algorithms", "ES384"],
	["plain", "typ_mismatch", "--typ", "at+jwt"],
	["plain", "typ_mismatch", "--profile", "access-token"],
	["plain", "valid", "--audience", "another"],
	["plain", "valid", "--issuer", "https://another.example.com"],
	["late", "token_expired"],
	["late", "valid", "--tolerance", "10"],
	["plain", "token_too_old", "--max-age", "60", "--now", String(now + 61)],
	["plain", "valid", "--max-age", "60", "--now", String(now + 60)],
	["scoped", "valid", "--scope", "orders:read", "--scope", "orders:write"],
	["scoped", "insufficient_scope", "--scope", "orders:read", "--scope", "x"],
	["scoped", "valid", "--any-scope", "orders:read", "--any-scope", "x"],
	["scoped", "insufficient_scope", "--any-scope", "x"],
	["scoped", "valid", "--claim", "client_id=client-1", "--claim", "n=1", "--claim", "t=a=b"],
	["scoped", "claim_refused", "--claim", "client_id=client-2"],
	["scoped", "claim_refused", "--claim", 'n="1"'],
	["scoped", "valid", "--claims", ROLES("buyer")],
	["scoped", "claim_refused", "--claims", ROLES("admin")],
	["scoped", "claim_refused", "--claims", ROLES("buyer"), "--claim", "n=2"],
	["access", "valid", "--profile", "access-token"],
	["id", "valid", "--audience", "shop", "--profile", "id-token", "--nonce", "n"],
	["id", "nonce_mismatch", "--audience", "shop", "--profile", "id-token", "--nonce", "m"],
	["auth0", "valid", "--provider", "auth0"],
	["auth0", "authorized_party_mismatch", "--provider", "auth0", "--authorized-party", "another"],
	["auth0", "valid", "--provider", "auth0", "--authorized-party", "another", "--authorized-party", "client-1"],
	["plain", "claim_missing", "--provider", "okta"],
];
for (const [name, expected, ...more] of ROWS) {
	test(`${more.join(" ")}: ${name} is ${expected}`, async () => {
		assert.equal(await verdict(TOKENS[name], more), expected);
	});
}

test("--any-tenant: an issuer with the token's own tenant in it, as it is asked for", async () => {
	const tenants = "https://login.example/{tid}";
	const flags = ["--issuer", tenants, "--jwks", jwks, "--now", String(now)];
	const given = token({ iss: "https://login.example/t1", tid: "t1" });
	assert.equal(await verdict(given, ["--any-tenant"], flags), "valid");
	const other = token({ iss: "https://login.example/t1", tid: "t2" });
	assert.equal(await verdict(other, ["--any-tenant"], flags), "issuer_mismatch");
	assert.match(await verdict(given, [], flags), /^countersign: .*anyTenant/);
});

test("--allow-http: keys by plain http from another machine", async () => {
	// No machine is asked: fetch refuses the port.
	const flags = ["--issuer", issuer, "--now", String(now), "--jwks", "http://keys.example.com:9/"];
	assert.match(await verdict(good, ["--allow-http"], flags), /^undecided: keys_unavailable;/);
	assert.match(await verdict(good, [], flags), /^countersign: jwksUri: expected an https URL/);
	const secure = await verdict(good, [], [...flags.slice(0, 4), "--jwks", "https://keys.example.com:9/"]);
	assert.match(secure, /^undecided: keys_unavailable;/);
});

test("-- ends the flags", async () => {
	assert.equal((await countersign(["decode", "--json", "--", good])).status, 0);
	await assertUsage(["decode", "--", "--json", good], "expected one token, found 2");
});
