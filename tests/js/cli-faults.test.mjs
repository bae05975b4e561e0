// npx countersign, from the packed tarball: what is wrong with a command line, and what is never printed.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import {
	assertUsage,
	countersign,
	file,
	good,
	issuer,
	judged,
	jwks,
	now,
	part,
	policy,
	scratch,
	token,
} from "./cli-kit.mjs";

const isWindows = process.platform === "win32";
const explain = ["explain", good, ...judged];
const NO_KEYS = "needs --jwks FILE-OR-URL where --issuer is no URL to discover the keys from";
const NO_ISSUER = "needs --issuer URL, or --issuer any to leave the issuer unchecked";
const OBJECT = `expected an object in JSON, such as '{"role":"buyer"}', found`;
const NO_KEY = "name a file that is not there to make one";

const FAULTS = [
	[["explain", good], `explain ${NO_ISSUER}`],
	[["verify", good], `verify ${NO_ISSUER}`],
	[["explain", good, "--issuer", "any"], `explain ${NO_KEYS}`],
	[["verify", good, "--issuer", issuer, "--issuer", "no-url"], `verify ${NO_KEYS}`],
	[
		["explain", good, ...policy, "--jwks", "/does/not/exist"],
		"--jwks: cannot read /does/not/exist; give a file or an https URL",
	],
	[["explain", good, good, ...judged], "expected one token, found 2"],
	[["explain", "./nothing.jwt", ...judged], "cannot read the file ./nothing.jwt"],
	[["decode", "nowhere\\token"], "cannot read the file nowhere\\token"],
	[["decode", "nothing.txt"], "cannot read the file nothing.txt"],
	[[...explain, "--now", "later"], "--now: expected a number of seconds, found later"],
	[[...explain, "--now", "Infinity"], "--now: expected a number of seconds, found Infinity"],
	[[...explain, "--tolerance", ""], "--tolerance: expected a number of seconds, found "],
	[["verify", good, ...judged, "--max-age", " "], "--max-age: expected a number of seconds, found  "],
	[[...explain, "--audiance", "x"], "--audiance: unknown option; did you mean --audience?"],
	[[...explain, "--scopes=x"], "--scopes: unknown option; did you mean --scope?"],
	[
		["decode", good, "-x"],
		"-x: unknown option; known here: --json; what begins with - and is no option stands behind --",
	],
	[["decode", good, "--constructor"], "--constructor: unknown option; known here: --json"],
	[["decode", `--${good}`], "what looks like a token: unknown option; known here: --json"],
	[[...explain, "--claim", "role"], "--claim: expected NAME=VALUE, found role"],
	[[...explain, "--claim", "=role"], "--claim: expected NAME=VALUE, found =role"],
	[[...explain, "--claims", "[]"], `--claims: ${OBJECT} []`],
	[[...explain, "--claims", "null"], `--claims: ${OBJECT} null`],
	[[...explain, "--claims", "3"], `--claims: ${OBJECT} 3`],
	[["mint", "--claims", "{"], `--claims: ${OBJECT} {`],
	[["mint", "--header", "typ"], "--header: expected NAME=VALUE, found typ"],
	[["mint", "--claim", "typ"], "--claim: expected NAME=VALUE, found typ"],
	[["mint", "token"], "mint takes flags only: --claim NAME=VALUE sets a claim"],
	[["mint", "--algo", "x"], "--algo: unknown option; did you mean --alg?"],
	[["mint", "--now", "x"], "--now: expected a number of seconds, found x"],
	[["mint", "--lifetime", "long"], "--lifetime: expected a number of seconds, found long"],
	[["mint", "--key", scratch], `--key: cannot read ${scratch}`],
	[
		["mint", "--key", file("no.json", "text")],
		`--key: expected a private JWK in ${join(scratch, "no.json")}; ${NO_KEY}`,
	],
	[["mint", "--key", "/nowhere/key.jwk"], "--key: cannot write /nowhere/key.jwk"],
	[["mint", "--jwks", "/nowhere/keys.jwks"], "--jwks: cannot write /nowhere/keys.jwks"],
	[["issuer", "now"], "issuer takes flags only"],
	[["issuer", "--prot", "1"], "--prot: unknown option; did you mean --port?"],
];
for (const [args, message] of FAULTS) {
	test(`usage: ${message}`, () => assertUsage(args, message));
}

const PORTS = ["99999", "65536", "-1", "1.5", "x", " "];
test("usage: ports that are none", async () => {
	for (const port of PORTS) {
		const message = `--port: expected a number from 0 (any that is free) to 65535, found ${port}`;
		await assertUsage(["issuer", `--port=${port}`], message);
	}
});

/** What the core, the test kit or Node.js says, whose texts are theirs. */
const OPTIONS = [
	[["--jwks", "http://keys.example.com/"], /jwksUri: expected an https URL/],
	[["--profile", "x"], /profile: expected jwt/],
	[["--algorithms", "ES257"], /algorithms: unknown algorithm ES257/],
	[["--algorithms", "ES256,none"], /algorithms: unknown algorithm none/],
	[["--tolerance=-1"], /clockTolerance: expected a number/],
	[["--nonce", "n"], /nonce: .*profile: "id-token"/],
	[["--provider", "auth9"], /provider: expected one of auth0/],
	[["--issuer"], /--issuer/],
];
for (const [args, message] of OPTIONS) {
	test(`usage: ${args.join(" ")}`, async () => {
		const { status, stdout, stderr } = await countersign([...explain, ...args]);
		assert.deepEqual([status, stdout], [2, ""], stderr);
		assert.match(stderr, /^countersign: [^\n]+\nTry: npx countersign explain --help\n$/);
		assert.match(stderr, message);
		assert.ok(!stderr.includes(good), "the token is told");
	});
}

test("usage: a provider's tokens have an audience; an issuer and a key have their kind", async () => {
	for (const [args, message] of [
		[["verify", good, "--issuer", issuer, "--jwks", jwks, "--provider", "auth0"], /audience: required/],
		[["mint", "--alg", "ES257"], /alg: expected one of ES256/],
		[["mint", "--key", jwks], /signingKey: expected a private JWK/],
		[["issuer", "--port", "0", "--alg", "ES257"], /alg: expected one of ES256/],
	]) {
		const { status, stdout, stderr } = await countersign(args);
		assert.deepEqual([status, stdout], [2, ""], stderr);
		assert.match(stderr, message);
	}
	assert.ok(!existsSync("/nowhere"));
});

test("--jwks: a file may be named like an address", { skip: isWindows }, async () => {
	mkdirSync(join(scratch, "http:"), { recursive: true });
	writeFileSync(join(scratch, "http:", "keys"), JSON.stringify({ keys: [] }));
	const { stdout } = await countersign(["explain", good, ...policy, "--jwks", `${scratch}/http://keys`]);
	assert.match(stdout, /^refused: key_not_found$/m);
});

test("what is no token and no path is judged as a token", async () => {
	for (const text of ["a.json.b", good.replace(".", "/"), "junk", "{"]) {
		const { status, stderr } = await countersign(["decode", text]);
		assert.equal(status, 1, text);
		assert.match(stderr, /^(token_malformed|base64url_invalid): /, text);
	}
});

test("what was typed is shown: not what may be a token, and no more than 80 characters", async () => {
	const hidden = ["eyJhbGciOi", "aa.b.c", "a.bb.c", "a.b.cc", ".."];
	for (const word of hidden) await assertUsage([word], "there is no command what looks like a token", "");
	const long = "=".repeat(80);
	const rows = { "=eyJ": "=eyJ", "a b.c.d": "a b.c.d", "a.b.c d": "a.b.c d", [long]: long, [`${long}=`]: `${long}…` };
	for (const [word, shown] of Object.entries(rows)) await assertUsage([word], `there is no command ${shown}`, "");
});

test("a token never appears in what is told of an error", async () => {
	const secret = good.split(".")[2];
	const wrong = [
		["explain", `${good}=`, ...judged],
		["explain", good.replace(".", "/"), ...judged],
		["explain", good, ...policy, "--jwks", good],
		[...explain, "--now", good],
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

const EVIL = "\u001b]0;title\u0007\u001b[2J\u009b31m\u0000\r\u202egnp\u2066\u2028\u2029\u200b\u{e0001}\u00ad";
const bare = EVIL.replaceAll("\0", "");
const signedBy = (header) => token({ iss: EVIL, aud: EVIL }, header);
const HOSTILE = {
	decode: () => countersign(["decode", token({ [`x${EVIL}`]: [EVIL] }, { typ: EVIL, kid: EVIL })]),
	"another key": () => countersign(["explain", token({}, { kid: EVIL }), ...judged]),
	"another issuer": () => countersign(["explain", signedBy({}), ...judged]),
	"another issuer, verify": () => countersign(["verify", signedBy({}), ...judged]),
	"another type": () => countersign(["explain", signedBy({ typ: EVIL }), ...judged, "--typ", "JWT"]),
	"as JSON": () => countersign(["explain", signedBy({}), ...judged, "--json"]),
	algorithm: () => countersign(["explain", `${part({ alg: EVIL })}.e30.AA`, ...judged]),
	"no JSON": () =>
		countersign(["explain", `${Buffer.from('{"alg":"\u001b[2J').toString("base64url")}.e30.AA`, ...judged]),
	key: () => countersign(["thumbprint", JSON.stringify({ kty: EVIL })]),
	command: () => countersign([bare]),
	file: () => countersign(["explain", good, ...policy, "--jwks", `/${bare}`]),
	"keys that cannot be had": () => countersign(["explain", good, ...policy, "--jwks", `http://127.0.0.1:9/${bare}`]),
};
for (const [name, run] of Object.entries(HOSTILE)) {
	test(`nothing hostile has power over the terminal: ${name}`, async () => {
		const { stdout, stderr } = await run();
		assert.notEqual(stdout + stderr, "");
		assert.doesNotMatch(stdout + stderr, /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u, JSON.stringify(stdout + stderr));
	});
}

test("what a polluted prototype has is no claim, and no token", async () => {
	const pollution = `Object.assign(Object.prototype, { nbf: ${now}, access_token: "${good}" });`;
	const first = `--import=${pathToFileURL(file("pollution.mjs", pollution))}`;
	const env = { NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ""} ${first}` };
	const { status, stderr } = await countersign(["verify", good, ...judged], { env });
	assert.deepEqual([status, stderr.match(/^\w+/gm)], [0, ["iat", "exp"]]);
	const none = await countersign(["decode", "-"], { env, input: "{}" });
	assert.deepEqual([none.status, none.stdout], [1, ""]);
	assert.match(none.stderr, /^token_malformed: /);
});

test("as JSON nothing of it is lost, and each character that steers stands escaped", async () => {
	const { stdout } = await countersign(["decode", "--json", token({ sub: EVIL, iat: now })]);
	assert.doesNotMatch(stdout, /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
	assert.equal(JSON.parse(stdout).claims.sub, EVIL);
	assert.ok(stdout.includes("\\u009b31m") && stdout.includes("\\udb40\\udc01\\u00ad"), stdout);
});
