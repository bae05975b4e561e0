// npx countersign from the packed tarball: verify, what people paste, mint, and the issuer for development.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as jose from "jose";
import { command, countersign, file, folder, scratch, start } from "./cli-kit.mjs";
import { countersign as package_, testing } from "./helpers.mjs";

const now = 1_800_000_000;
const kit = await testing.createTestIssuer({ now });
const jwks = file("kit.jwks", JSON.stringify(kit.jwks));
const policy = ["--issuer", kit.issuer, "--audience", kit.audience, "--now", String(now)];
const verify = (input, ...more) => countersign(["verify", ...policy, "--jwks", jwks, ...more], { input });
const good = await kit.mint({ scope: "orders:read", roles: ["buyer"] });

test("--version: the package's", async () => {
	const { version } = JSON.parse(readFileSync(join(folder, "node_modules", "countersign", "package.json"), "utf8"));
	for (const args of [["--version"], ["-v"], ["version"]]) {
		assert.deepEqual(await countersign(args), { status: 0, stdout: `${version}\n`, stderr: "" });
	}
});

test("verify: claims alone on standard output, times beside them; 1 and the reason otherwise", async () => {
	const valid = await verify(good, "--scope", "orders:read");
	assert.deepEqual([valid.status, JSON.parse(valid.stdout).sub], [0, "user-1"]);
	assert.match(valid.stderr, /^exp {7}1800000300 {2}2027-01-15 08:05:00 UTC, in 5 minutes$/m);
	const refused = await verify(await kit.mint({ exp: now - 7200 }));
	assert.deepEqual([refused.status, refused.stdout], [1, ""]);
	assert.match(refused.stderr, /^refused: token_expired\n.*1799992800 \(2027-01-15 06:00:00 UTC\)/);
	assert.match(refused.stderr, /npx countersign explain/);
	const told = await verify(good, "--json");
	assert.deepEqual(
		[told.status, JSON.parse(told.stdout).valid, JSON.parse(told.stdout).header.kid],
		[0, true, "key-1"],
	);
	const not = JSON.parse((await verify("junk", "--json")).stdout);
	assert.deepEqual([not.valid, not.code, not.claims], [false, "token_malformed", null]);
});

test("verify: rules, scopes, client, age, algorithms and provider", async () => {
	const code = async (...more) => /^refused: (\w+)/.exec((await verify(good, ...more)).stderr)?.[1] ?? "valid";
	const rows = [
		["valid", "--claim", "client_id=client-1", "--claims", '{"roles":{"includes":"buyer"}}'],
		["claim_refused", "--claim", "client_id=client-2"],
		["claim_refused", "--claims", '{"roles":{"includes":"admin"}}'],
		["claim_refused", "--claim", "iat=1"],
		["valid", "--any-scope", "orders:read", "--any-scope", "x"],
		["insufficient_scope", "--any-scope", "x"],
		["insufficient_scope", "--scope", "orders:read", "--scope", "x"],
		["token_too_old", "--max-age", "60", "--now", String(now + 61)],
		["alg_not_allowed", "--algorithms", "RS256"],
		["valid", "--profile", "access-token"],
		["valid", "--provider", "auth0"],
		["authorized_party_mismatch", "--provider", "auth0", "--authorized-party", "another"],
		["claim_missing", "--provider", "okta"],
	];
	for (const [expected, ...more] of rows) assert.equal(await code(...more), expected, more.join(" "));
});

test("a token as it is pasted", async () => {
	const lines = good.replaceAll(/.{60}/g, "$&\n");
	const pasted = [
		`Bearer ${good}`,
		`bearer ${good}\n`,
		`DPoP ${good}`,
		`Authorization: Bearer ${good}`,
		`"${good}"`,
		`'Bearer ${good}',`,
		`"Bearer ${good}";`,
		`“${good}”`,
		`\n\n  ${good} \r\n`,
		lines,
		`Bearer ${lines}`,
		JSON.stringify({ access_token: good, token_type: "Bearer" }),
	];
	for (const text of pasted) {
		assert.equal((await verify(text)).status, 0, text);
		const decoded = await countersign(["decode", "--json", text]);
		assert.equal(JSON.parse(decoded.stdout).claims.sub, "user-1", text);
	}
	assert.equal((await countersign(["verify", ...policy, "--jwks", jwks, file("pasted.txt", pasted[5])])).status, 0);
	// What is none stays none.
	for (const text of [`${good} x`, `{"access_token": 1}`, `${good}!`, `Bearer`, `"${good}`]) {
		assert.equal((await verify(text)).status, 1, text);
	}
});

test("without keys: every other check is made, and the status says so", async () => {
	const nowhere = [
		"--issuer",
		kit.issuer,
		"--audience",
		kit.audience,
		"--jwks",
		"http://127.0.0.1:9/",
		"--now",
		String(now),
	];
	const undecided = await countersign(["verify", ...nowhere], { input: good });
	assert.deepEqual([undecided.status, undecided.stdout], [3, ""]);
	assert.match(undecided.stderr, /^undecided: keys_unavailable; not checked: trusted key, signature\n/);
	const listed = await countersign(["explain", ...nowhere], { input: good });
	assert.equal(listed.status, 3);
	assert.match(listed.stdout, /^✓ issued at and age .*1800000000 \(2027-01-15 08:00:00 UTC\)/m);
	assert.match(listed.stdout, /^· trusted key +not reached/m);
	assert.match(listed.stdout, /\nundecided: keys_unavailable; not checked: trusted key, signature\n/);
	const json = JSON.parse((await countersign(["explain", "--json", ...nowhere], { input: good })).stdout);
	assert.deepEqual([json.valid, json.code, json.claims], [false, "keys_unavailable", null]);
	for (const name of ["verify", "explain"]) {
		const wrong = await countersign([name, ...nowhere], { input: await kit.mint({ aud: "other" }) });
		assert.equal(wrong.status, 1);
		assert.match(wrong.stdout + wrong.stderr, /refused: audience_mismatch/);
		assert.match(wrong.stderr, /keys_unavailable; not checked: trusted key, signature/);
	}
});

test("decode: times as dates", async () => {
	const { stdout } = await countersign(["decode", await kit.mint({ nbf: now, exp: 1e300, auth_time: 0 })]);
	assert.match(
		stdout,
		/^ {2}auth_time 0 {2}1970-01-01 00:00:00 UTC, \d+ days ago\n {2}iat {7}1800000000 {2}2027-01-15 08:00:00 UTC/m,
	);
	assert.doesNotMatch(stdout, /^ {2}exp/m);
});

test("mint: a token alone on standard output, that verify takes by the key set beside it", async () => {
	const [key, set] = [join(scratch, "new.jwk"), join(scratch, "new.jwks")];
	const flags = [
		"--key",
		key,
		"--jwks",
		set,
		"--claim",
		"scope=orders:read",
		"--claim",
		"level=3",
		"--now",
		String(now),
	];
	const made = await countersign(["mint", ...flags]);
	assert.equal(made.status, 0);
	assert.match(made.stdout, /^[\w-]+\.[\w-]+\.[\w-]+\n$/);
	assert.match(
		made.stderr,
		/^made a private key: .*\nissuer {4}https:\/\/issuer\.example\naudience {2}https:\/\/api\.example\nits key {3}\{/,
	);
	assert.ok(!made.stderr.includes(JSON.parse(readFileSync(key, "utf8")).d), "the private key is told");
	if (process.platform !== "win32") assert.equal(statSync(key).mode & 0o077, 0);
	const published = JSON.parse(readFileSync(set, "utf8"));
	const { payload } = await jose.jwtVerify(made.stdout.trim(), jose.createLocalJWKSet(published), {
		currentDate: new Date(now * 1000),
	});
	assert.deepEqual([payload.scope, payload.level], ["orders:read", 3]);
	const again = await countersign([
		"mint",
		...flags,
		"--without",
		"jti",
		"--claims",
		'{"sub":"ada"}',
		"--header",
		"typ=JWT",
	]);
	assert.doesNotMatch(again.stderr, /made a private key/);
	const checked = await countersign(["verify", ...policy, "--jwks", set], { input: again.stdout });
	const claims = JSON.parse(checked.stdout);
	assert.deepEqual([checked.status, claims.sub, "jti" in claims], [0, "ada", false]);
});

test("mint: kinds, providers, algorithms, as JSON", async () => {
	const mint = async (...flags) => JSON.parse((await countersign(["mint", "--json", ...flags])).stdout);
	const id = await mint(
		"--id-token",
		"--claim",
		"nonce=n",
		"--client-id",
		"shop",
		"--issuer",
		"https://id.example",
		"--alg",
		"RS256",
	);
	const decoded = package_.decodeUnverified(id.token);
	assert.deepEqual(
		[decoded.header.alg, decoded.claims.aud, decoded.claims.nonce, id.issuer],
		["RS256", "shop", "n", "https://id.example"],
	);
	const auth0 = await mint("--provider", "auth0", "--audience", "a", "--audience", "b", "--lifetime", "60");
	const { claims } = package_.decodeUnverified(auth0.token);
	assert.deepEqual(
		[auth0.audience, claims.aud, claims.exp - claims.iat],
		[["a", "b"], ["a", "b", `${auth0.issuer}userinfo`], 60],
	);
});

test("issuer: what it prints can be pasted", { skip: process.platform === "win32" }, async (t) => {
	const own = ["--client-id", "it's mine", "--audience", "a b", "--audience", "c"];
	for (const [provider, ...more] of [[undefined, ...own], ["clerk"], ["firebase"], ["github-actions"]]) {
		const given = [...(provider ? ["--provider", provider] : []), ...more];
		const { child, end } = start(["issuer", "--port", "0", "--claim", "role=buyer", ...given]);
		t.after(() => child.kill());
		let lines = "";
		await new Promise((resolve) => {
			child.stdout.on("data", (text) => {
				lines += text;
				if (lines.includes("Ctrl-C")) resolve();
			});
			child.once("close", resolve);
		});
		const address = /^issuer {4}(http:\/\/127\.0\.0\.1:\d+)$/m.exec(lines)[1];
		for (const place of [/^metadata {2}(\S+)$/m, /^keys {6}(\S+)$/m]) {
			const response = await fetch(place.exec(lines)[1]);
			assert.deepEqual([response.status, response.headers.get("access-control-allow-origin")], [200, "*"]);
		}
		const [, line] = /One, checked:\n([\s\S]*?)\nIn code/.exec(lines);
		const pasted = line.replaceAll("npx countersign", command);
		const out = await new Promise((resolve) =>
			execFile("sh", ["-c", pasted], (_, stdout, stderr) => resolve({ stdout, stderr })),
		);
		assert.equal(JSON.parse(out.stdout || "{}").role, "buyer", out.stderr);
		const [, options] = /createVerifier\((\{[\s\S]*?\})\);/.exec(lines);
		const verifier = package_.createVerifier(new Function(`return ${options}`)());
		const answer = await fetch(`${address}/token`, {
			method: "POST",
			body: new URLSearchParams({ grant_type: "client_credentials" }),
		});
		assert.equal((await verifier.verify((await answer.json()).access_token)).claims.role, "buyer");
		assert.equal((await fetch(`${address}/nothing`)).status, 404);
		assert.equal((await fetch(`${address}//evil.example`)).status, 404);
		assert.equal((await fetch(`${address}/token`, { method: "OPTIONS" })).status, 204);
		const taken = await countersign(["issuer", "--port", new URL(address).port]);
		assert.equal(taken.status, 2);
		assert.match(taken.stderr, /cannot listen on port \d+: something else listens there; give another --port/);
		child.kill("SIGTERM");
		assert.equal((await end).status, 0);
	}
});

const FAULTS = [
	[["--verison"], /did you mean --version\?/],
	[["verify"], /verify needs --issuer/],
	[["verify", "--issuer", "any"], /verify needs --jwks/],
	[["verify", ...policy, "--jwks", jwks, "--claim", "role"], /--claim: expected NAME=VALUE, found role/],
	[["verify", ...policy, "--jwks", jwks, "--claims", "[]"], /--claims: expected an object in JSON/],
	[["verify", ...policy, "--jwks", jwks, "--max-age", "x"], /--max-age: expected a number of seconds/],
	[["verify", ...policy, "--jwks", jwks, "--provider", "auth9"], /provider: expected one of auth0/],
	[["verify", "--issuer", kit.issuer, "--jwks", jwks, "--provider", "auth0"], /audience: required/],
	[["mint", "token"], /mint takes flags only/],
	[["mint", "--algo", "x"], /--algo: unknown option; did you mean --alg\?/],
	[["mint", "--alg", "ES257"], /alg: expected one of ES256/],
	[["mint", "--key", "/"], /--key: cannot read \//],
	[["mint", "--key", jwks], /signingKey: expected a private JWK/],
	[["mint", "--key", file("no.json", "text")], /--key: expected a private JWK in/],
	[["mint", "--key", "/nowhere/key.jwk"], /--key: cannot write \/nowhere\/key\.jwk/],
	[["mint", "--lifetime", "long"], /--lifetime: expected a number of seconds/],
	[["issuer", "--port", "99999"], /--port: expected a number from 0/],
	[["issuer", "--prot", "1"], /--prot: .*did you mean --port\?/],
];
test("faults of usage end with 2 and one line that says which", async () => {
	for (const [args, message] of FAULTS) {
		const { status, stdout, stderr } = await countersign(args, { input: good });
		assert.deepEqual([status, stdout], [2, ""], `${args}: ${stderr}`);
		assert.match(stderr, /^countersign: [^\n]+\n(Try: npx countersign ([a-z]+ )?--help\n)?$/);
		assert.match(stderr, message);
		assert.ok(!stderr.includes(good), "the token is told");
	}
	assert.ok(!existsSync("/nowhere"));
});
