// npx countersign, from the packed tarball: what it prints, how it ends, and what it never prints.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash, sign } from "node:crypto";
import { createServer } from "node:http";
import { test } from "node:test";
import { keyPair } from "../keys.mjs";
import { command, countersign, file } from "./cli-kit.mjs";

const issuer = "https://auth.example.com";
const audience = "https://api.shop.example.com";
const now = 1_800_000_000;
const claims = { iss: issuer, aud: audience, sub: "user-1", iat: now, exp: now + 300 };
const pair = keyPair("ec", { namedCurve: "P-256" });
const jwk = { ...pair.publicKey.export({ format: "jwk" }), kid: "k1", alg: "ES256" };
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

function token(changes = {}, header = {}) {
	const input = `${part({ alg: "ES256", kid: "k1", ...header })}.${part({ ...claims, ...changes })}`;
	const signature = sign("sha256", Buffer.from(input), { key: pair.privateKey, dsaEncoding: "ieee-p1363" });
	return `${input}.${signature.toString("base64url")}`;
}

const jwks = file("jwks.json", JSON.stringify({ keys: [jwk] }));
const pem = file("key.pem", pair.publicKey.export({ format: "pem", type: "spki" }));
const good = token();

const policy = ["--issuer", issuer, "--audience", audience, "--now", String(now)];
const explain = (given, { more = [], keys = jwks, ...options } = {}) =>
	countersign(["explain", given, ...policy, "--jwks", keys, ...more], options);

test("explain: a valid token, from an argument, a file and standard input", async () => {
	const ways = {
		argument: await explain(good),
		file: await explain(file("good.jwt", `${good}\n`)),
		"standard input, named": await explain("-", { input: `${good}\r\n` }),
		"standard input, unnamed": await countersign(["explain", ...policy, "--jwks", jwks], { input: good }),
		"a key in PEM": await explain(good, { keys: pem }),
	};
	for (const [way, { status, stdout, stderr }] of Object.entries(ways)) {
		assert.deepEqual([status, stderr], [0, ""], way);
		assert.match(stdout, /\nvalid\n$/, way);
		assert.match(stdout, /^✓ .*RFC 7519 §4\.1\.4$/m, way);
		assert.doesNotMatch(stdout, /[✗\u001b]/, way);
	}
});

const REFUSALS = {
	token_malformed: "",
	token_encrypted: "a.b.c.d.e",
	base64url_invalid: `${good}=`,
	alg_none: `${part({ alg: "none" })}.${part(claims)}.`,
	key_not_found: token({}, { kid: "k2" }),
	signature_missing: good.replace(/[^.]+$/, ""),
	signature_invalid: good.replace(/\.[^.]+\./, `.${part({ ...claims, sub: "user-2" })}.`),
	token_expired: token({ exp: now }),
	token_not_yet_valid: token({ nbf: now + 1 }),
	issuer_mismatch: token({ iss: `${issuer}/` }),
	audience_mismatch: token({ aud: "https://other.example.com" }),
	claim_missing: token({ exp: undefined }),
	claim_invalid: token({ exp: "soon" }),
};
for (const [code, refused] of Object.entries(REFUSALS)) {
	test(`explain: ${code} ends with 1`, async () => {
		const { status, stdout, stderr } = await explain("-", { input: refused });
		assert.deepEqual([status, stderr], [1, ""]);
		assert.match(stdout, new RegExp(`^✗ .*\n(.*\n)*\nrefused: ${code}\n`, "m"));
		assert.match(stdout, new RegExp(`\nSee https://unpkg\\.com/countersign@\\S+/errors/${code}\\.md\n$`));
		if (refused.length > 20) assert.ok(!stdout.includes(refused));
	});
}

test("explain: profile, typ, subject, scope, nonce, algorithms, tolerance", async () => {
	const outcome = async (given, ...more) => {
		const { status, stdout } = await explain("-", { input: given, more });
		return status === 0 ? "valid" : /refused: (\w+)/.exec(stdout)?.[1];
	};
	assert.equal(await outcome(good, "--subject", "user-1", "--algorithms", "ES384,ES256"), "valid");
	assert.equal(await outcome(good, "--subject", "user-2"), "subject_mismatch");
	assert.equal(await outcome(good, "--algorithms", "ES384"), "alg_not_allowed");
	assert.equal(await outcome(good, "--typ", "at+jwt"), "typ_mismatch");
	assert.equal(await outcome(good, "--profile", "access-token"), "typ_mismatch");
	assert.equal(await outcome(token({ exp: now - 5 }), "--tolerance", "10"), "valid");
	assert.equal(await outcome(token({ scope: "a b" }), "--scope", "a", "--scope", "b"), "valid");
	assert.equal(await outcome(token({ scope: "a" }), "--scope", "a", "--scope", "b"), "insufficient_scope");
	const idToken = token({ aud: "shop", nonce: "n" });
	assert.equal(await outcome(idToken, "--audience", "shop", "--profile", "id-token", "--nonce", "n"), "valid");
	assert.equal(await outcome(idToken, "--audience", "shop", "--profile", "id-token", "--nonce", "m"), "nonce_mismatch");
});

test("explain: any leaves a claim unchecked", async () => {
	const args = ["explain", token({ iss: "x", aud: "y" }), "--issuer", "any", "--now", String(now), "--jwks", jwks];
	assert.equal((await countersign(args)).status, 0);
});

test("explain: keys from a URL, and discovered from the issuer", async (t) => {
	const asked = [];
	const server = createServer((request, response) => {
		asked.push(request.url);
		const origin = `http://${request.headers.host}`;
		const answers = {
			"/jwks": { keys: [jwk] },
			"/.well-known/openid-configuration": { issuer: origin, jwks_uri: `${origin}/jwks` },
		};
		const answer = answers[request.url];
		response.writeHead(answer ? 200 : 404, { "content-type": "application/json" }).end(JSON.stringify(answer ?? {}));
	});
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	t.after(() => server.close());
	const origin = `http://localhost:${server.address().port}`;

	const named = await explain(good, { keys: `${origin}/jwks` });
	assert.deepEqual([named.status, named.stderr, asked], [0, "", ["/jwks"]]);
	const args = ["explain", token({ iss: origin }), "--issuer", origin, "--now", String(now)];
	const discovered = await countersign(args);
	assert.deepEqual([discovered.status, discovered.stderr], [0, ""]);
	const missing = await explain(good, { keys: `${origin}/nothing` });
	assert.equal(missing.status, 3);
	assert.match(missing.stdout, /\nundecided: keys_unavailable; not checked: trusted key, signature\n.*404/);
});

test("--json: the explanation, and the status all the same", async () => {
	const valid = await explain(good, { more: ["--json"] });
	assert.equal(valid.status, 0);
	const told = JSON.parse(valid.stdout);
	assert.deepEqual([told.valid, told.code, told.claims], [true, null, claims]);
	assert.ok(told.checks.every(({ name, spec, status }) => name && spec && status === "passed"));
	const refused = await explain(token({ exp: now }), { more: ["--json"] });
	assert.equal(refused.status, 1);
	const { code, error, checks } = JSON.parse(refused.stdout);
	assert.deepEqual([code, error.code, error.spec], ["token_expired", "token_expired", "RFC 7519 §4.1.4"]);
	assert.equal(checks.filter(({ status }) => status === "failed").length, 1);
});

test("colours: none in a pipe, with FORCE_COLOR, on a terminal; NO_COLOR wins there", async (t) => {
	assert.doesNotMatch((await explain(good)).stdout, /\u001b/);
	const forced = await explain(token({ exp: now }), { env: { FORCE_COLOR: "1" } });
	assert.match(forced.stdout, /\u001b\[32m✓\u001b\[0m/);
	assert.match(forced.stdout, /\u001b\[31m✗\u001b\[0m/);
	assert.doesNotMatch((await explain(good, { env: { FORCE_COLOR: "0" } })).stdout, /\u001b/);
	await t.test("on a terminal", { skip: spawnSync("script", ["--version"]).status !== 0 && "no script(1)" }, () => {
		const { FORCE_COLOR: _, NO_COLOR: __, CI: ___, ...clean } = process.env;
		const line = [command, "explain", good, ...policy, "--jwks", jwks].map((word) => `'${word}'`).join(" ");
		const terminal = (env) => {
			const args = ["--quiet", "--return", "--command", line, "/dev/null"];
			const options = {
				encoding: "utf8",
				stdio: ["ignore", "pipe", "pipe"],
				env: { ...clean, TERM: "xterm-256color", ...env },
			};
			return spawnSync("script", args, options);
		};
		const { status, stdout } = terminal({});
		assert.equal(status, 0);
		assert.match(stdout, /\u001b\[32m✓/);
		assert.doesNotMatch(terminal({ NO_COLOR: "1" }).stdout, /\u001b\[3/);
	});
});

const FAULTS = [
	[["nonsense"], /no command nonsense\n/],
	[["explian"], /no command explian; did you mean explain\?/],
	[["constructor"], /no command constructor\n/],
	[["__proto__", good], /no command __proto__\n/],
	[["toString", "--help"], /no command toString\n/],
	[["explain", good], /needs --issuer/],
	[["explain", good, "--issuer", "any"], /needs --jwks/],
	[["explain", good, "--issuer", "no-url"], /needs --jwks/],
	[["explain", good, ...policy, "--jwks", "/does/not/exist"], /--jwks: cannot read \/does\/not\/exist/],
	[["explain", good, ...policy, "--jwks", "http://keys.example.com/"], /jwksUri: expected an https URL/],
	[["explain", good, good, ...policy, "--jwks", jwks], /expected one token, found 2/],
	[["explain", "./nothing.jwt", ...policy, "--jwks", jwks], /cannot read the file \.\/nothing\.jwt/],
	[["explain", good, ...policy, "--jwks", jwks, "--profile", "x"], /profile: expected jwt/],
	[["explain", good, ...policy, "--jwks", jwks, "--algorithms", "ES257"], /algorithms: unknown algorithm ES257/],
	[["explain", good, ...policy, "--jwks", jwks, "--algorithms", "none"], /algorithms: unknown algorithm none/],
	[["explain", good, ...policy, "--jwks", jwks, "--now", "later"], /--now: expected a number of seconds, found later/],
	[["explain", good, ...policy, "--jwks", jwks, "--tolerance", ""], /--tolerance: expected a number/],
	[["explain", good, ...policy, "--jwks", jwks, "--tolerance=-1"], /clockTolerance: expected a number/],
	[["explain", good, ...policy, "--jwks", jwks, "--loud"], /--loud: unknown option; known here: --issuer, /],
	[["explain", good, ...policy, "--jwks", jwks, "--audiance", "x"], /--audiance: .*did you mean --audience\?/],
	[["explain", good, ...policy, "--jwks", jwks, "--scopes=x"], /--scopes: .*did you mean --scope\?/],
	[["explain", good, ...policy, "--jwks", jwks, "--constructor"], /--constructor: unknown option/],
	[["explain", good, ...policy, "--jwks", jwks, `--${good}`], /what looks like a token: unknown option/],
	[["explain", good, ...policy, "--jwks", jwks, "-x"], /-x: unknown option/],
	[["explain", good, ...policy, "--jwks", jwks, "--nonce", "n"], /nonce: .*profile: "id-token"/],
	[["pkce", "--jsn"], /--jsn: .*did you mean --json\?/],
	[["pkce", "a", "b"], /expected one VERIFIER, found 2/],
	[["explain", good, "--issuer"], /--issuer/],
	[["decode", good, "--nothing"], /--nothing/],
	[[good], /no command what looks like a token/],
];
test("faults of usage end with 2 and a line that says which", async () => {
	await Promise.all(
		FAULTS.map(async ([args, message]) => {
			const { status, stdout, stderr } = await countersign(args);
			assert.deepEqual([status, stdout], [2, ""], `${args}: ${stderr}`);
			assert.match(stderr, /^countersign: [^\n]+\n(Try: npx countersign ([a-z]+ )?--help\n)?$/);
			assert.match(stderr, message);
			assert.ok(!stderr.includes(good), "the token is told");
		}),
	);
});

test("a token never appears in what is told of an error", async () => {
	const secret = good.split(".")[2];
	const wrong = [
		["explain", `${good}=`, ...policy, "--jwks", jwks],
		["explain", good.replace(".", "/"), ...policy, "--jwks", jwks],
		["explain", good, ...policy, "--jwks", good],
		["explain", good, ...policy, "--jwks", jwks, "--now", good],
		["decode", `${good}=`],
		["decode", `${good}.${good}`],
		["thumbprint", good],
		["pkce", good],
		[good, "explain"],
	];
	for (const args of wrong) {
		const { status, stdout, stderr } = await countersign(args);
		assert.notEqual(status, 0, args[0]);
		for (const text of [stdout, stderr])
			assert.ok(!text.includes(secret) && !text.includes(good), `${args[0]}: ${text}`);
		assert.doesNotMatch(stderr, /\n\s+at /, "a stack");
	}
});

test("a hostile token has no power over the terminal", async () => {
	const evil = "\u001b]0;title\u0007\u001b[2J\u009b31m\u0000\r\u202egnp\u2066\u2028\u2029\u200b";
	const given = token({ iss: evil, sub: evil, [`x${evil}`]: [evil] }, { typ: evil, kid: evil });
	const signedBy = (header) => token({ iss: evil, aud: evil }, header);
	const runs = [
		await countersign(["decode", given]),
		await countersign(["decode", "--json", given]),
		await explain(given),
		await explain(signedBy({})),
		await explain(signedBy({ typ: evil }), { more: ["--typ", "JWT"] }),
		await explain(signedBy({}), { more: ["--json"] }),
		await explain(`${part({ alg: evil })}.e30.AA`),
		await explain(`${Buffer.from('{"alg":"\u001b[2J').toString("base64url")}.e30.AA`),
		await countersign(["thumbprint", JSON.stringify({ kty: evil })]),
		await countersign([evil.replaceAll("\0", "")]),
		await countersign(["explain", good, ...policy, "--jwks", `/${evil.replaceAll("\0", "")}`]),
	];
	for (const { stdout, stderr } of runs) {
		assert.doesNotMatch(stdout + stderr, /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u, JSON.stringify(stdout + stderr));
	}
	assert.equal(JSON.parse(runs[1].stdout).claims.sub, evil, "and as JSON nothing of it is lost");
});

test("decode: header and claims, unverified", async () => {
	const { status, stdout } = await countersign(["decode", "--json"], { input: `${good.replace(/[^.]+$/, "AA")}\n` });
	assert.deepEqual([status, JSON.parse(stdout).claims], [0, claims]);
	const shown = await countersign(["decode", good]);
	assert.match(shown.stdout, /^header \(unverified\) \{\n[\s\S]*\nclaims \(unverified\) \{\n[\s\S]*"sub": "user-1"/);
	const wrong = await countersign(["decode", "junk"]);
	assert.deepEqual([wrong.status, wrong.stdout], [1, ""]);
	assert.match(wrong.stderr, /^token_malformed: /);
});

test("thumbprint: RFC 7638", async () => {
	const { kty, crv, x, y } = jwk;
	const expected = createHash("sha256").update(JSON.stringify({ crv, kty, x, y })).digest("base64url");
	for (const given of [JSON.stringify(jwk), file("key.json", JSON.stringify(jwk))]) {
		assert.deepEqual(await countersign(["thumbprint", given]), { status: 0, stdout: `${expected}\n`, stderr: "" });
	}
	assert.equal((await countersign(["thumbprint"], { input: JSON.stringify(jwk) })).stdout, `${expected}\n`);
	const uri = await countersign(["thumbprint", "--uri", JSON.stringify(jwk)]);
	assert.equal(uri.stdout, `urn:ietf:params:oauth:jwk-thumbprint:sha-256:${expected}\n`);
	const wrong = await countersign(["thumbprint", "{}"]);
	assert.equal(wrong.status, 1);
	assert.match(wrong.stderr, /^key_invalid: /);
});

test("pkce: RFC 7636", async () => {
	const made = JSON.parse((await countersign(["pkce", "--json"])).stdout);
	assert.equal(made.challenge, createHash("sha256").update(made.verifier).digest("base64url"));
	const given = await countersign(["pkce", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"]);
	assert.match(given.stdout, /^challenge {2}E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM$/m);
	const wrong = await countersign(["pkce", "short"]);
	assert.equal(wrong.status, 1);
	assert.match(wrong.stderr, /^pkce_verifier_invalid: /);
});

test("--help, and without a word: all commands; of a command: its own flags", async () => {
	const commands = ["verify", "explain", "decode", "mint", "issuer", "thumbprint", "pkce"];
	const fits = (text) => assert.ok(text.split("\n").every((line) => line.length <= 120));
	for (const args of [[], ["--help"], ["-h"], ["help"]]) {
		const { status, stdout, stderr } = await countersign(args);
		assert.deepEqual([status, stderr], [0, ""]);
		for (const name of commands) assert.match(stdout, new RegExp(`npx countersign ${name}`));
		fits(stdout);
	}
	for (const name of commands) {
		const told = await countersign([name, "--help"]);
		assert.deepEqual([told.status, told.stderr], [0, ""]);
		assert.match(told.stdout, new RegExp(`^npx countersign ${name}`));
		assert.deepEqual(await countersign(["help", name]), told);
		assert.deepEqual(await countersign([name, "x", "-h"]), told);
		fits(told.stdout);
	}
	assert.match((await countersign(["explain", "--help"])).stdout, /^ {2}--tolerance N /m);
});

test("whoever stops reading gets no stack", { skip: process.platform === "win32" }, () => {
	const line = `'${command}' --help | head -1`;
	const { stdout, stderr } = spawnSync("sh", ["-c", line], { encoding: "utf8" });
	assert.deepEqual([stdout, stderr], ["countersign checks tokens and says why.\n", ""]);
});
