// npx countersign, from the packed tarball: help, version, and the commands that judge nothing.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assertUsage, claims, command, countersign, file, folder, good, scratch, start, token } from "./cli-kit.mjs";

const COMMANDS = ["verify", "explain", "decode", "mint", "issuer", "thumbprint", "pkce"];
const isWindows = process.platform === "win32";
const answer = (...lines) => ({ status: 0, stdout: `${lines.join("\n")}\n`, stderr: "" });

test("--help, and without a word: all commands", async () => {
	const told = await countersign([]);
	assert.deepEqual([told.status, told.stderr], [0, ""]);
	assert.match(told.stdout, /^countersign checks tokens and says why\.\n\n {2}npx countersign verify TOKEN /);
	assert.match(told.stdout, /\nExit status: [^\n]+\n$/);
	for (const name of COMMANDS) assert.match(told.stdout, new RegExp(`^ {2}npx countersign ${name}\\b`, "m"));
	for (const args of [["--help"], ["-h"], ["help"], ["help", "nothing"]]) {
		assert.deepEqual(await countersign(args), told, args.join(" "));
	}
});

/** How many paragraphs each command's help has: its usage, what it does, what a token is, its flags. */
const PARAGRAPHS = { verify: 4, explain: 4, decode: 3, mint: 3, issuer: 3, thumbprint: 2, pkce: 2 };

for (const name of COMMANDS) {
	test(`${name} --help: its usage and its flags, all of them`, async () => {
		const told = await countersign([name, "--help"]);
		assert.deepEqual([told.status, told.stderr], [0, ""]);
		assert.match(told.stdout, new RegExp(`^npx countersign ${name}\\b.*\\n\\n[A-Z].*`));
		assert.match(told.stdout, /[^\n]\n$/);
		assert.ok(told.stdout.split("\n").every((line) => line.length <= 120));
		assert.equal(told.stdout.split("\n\n").length, PARAGRAPHS[name]);
		assert.doesNotMatch(told.stdout, /\n\n\n/);
		for (const args of [
			["help", name],
			[name, "x", "-h"],
		])
			assert.deepEqual(await countersign(args), told);
		const { stderr } = await countersign([name, "--quite-unlike-all"]);
		const [, known] = /unknown option; known here: (.*)\n/.exec(stderr);
		const named = new Set(told.stdout.match(/--[a-z-]+/g));
		// What a flag's text refers to is a flag too.
		assert.deepEqual([...named].sort(), known.split(", ").sort());
	});
}

test("--version: the package's", async () => {
	const { version } = JSON.parse(readFileSync(join(folder, "node_modules", "countersign", "package.json"), "utf8"));
	for (const word of ["--version", "-v", "version"]) assert.deepEqual(await countersign([word]), answer(version));
});

test("what is no command", async () => {
	const rows = {
		nonsense: "there is no command nonsense",
		explian: "there is no command explian; did you mean explain?",
		"--verison": "there is no command --verison; did you mean --version?",
		"--halp": "there is no command --halp; did you mean --help?",
		constructor: "there is no command constructor",
		__proto__x: "there is no command __proto__x",
	};
	for (const [word, message] of Object.entries(rows)) await assertUsage([word], message, "");
	await assertUsage(["__proto__", good], "there is no command __proto__", "");
	await assertUsage(["toString", "--help"], "there is no command toString", "");
});

test("decode: header and claims, unverified", async () => {
	const text = token({ exp: undefined, auth_time: "1800000000" });
	const [header, body] = text.split(".").map((one) => Buffer.from(one, "base64url").toString());
	const shown = (json) => JSON.stringify(JSON.parse(json), null, 2);
	const { status, stdout, stderr } = await countersign(["decode", text]);
	assert.deepEqual([status, stderr], [0, ""]);
	const start = `header (unverified) ${shown(header)}\nclaims (unverified) ${shown(body)}\n`;
	assert.equal(stdout.slice(0, start.length), start);
	assert.match(
		stdout.slice(start.length),
		/^times \(unverified\)\n {2}iat {7}1800000000 {2}2027-01-15 08:00:00 UTC, [^\n]+\n$/,
	);
	const timeless = await countersign(["decode", token({ iat: undefined, exp: undefined, auth_time: -1 })]);
	assert.match(timeless.stdout, /\n\}\n$/);
});

test("decode --json: nothing else, and of no token nothing", async () => {
	const { status, stdout } = await countersign(["decode", "--json"], { input: `${good.replace(/[^.]+$/, "AA")}\n` });
	assert.deepEqual([status, JSON.parse(stdout)], [0, { header: { alg: "ES256", kid: "k1" }, claims }]);
	const wrong = await countersign(["decode", "junk"]);
	assert.deepEqual([wrong.status, wrong.stdout], [1, ""]);
	assert.match(wrong.stderr, /^token_malformed: [^\n]+\n$/);
});

// RFC 7638 §3.1
const KEY = {
	kty: "RSA",
	n: [
		"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3",
		"oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdA",
		"ZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-",
		"kEgU8awapJzKnqDKgw",
	].join(""),
	e: "AQAB",
	alg: "RS256",
	kid: "2011-04-29",
};
const THUMBPRINT = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";

test("thumbprint: RFC 7638's example, from an argument, a file and standard input", async () => {
	const text = JSON.stringify(KEY);
	// Of what editors and pages put around a text, nothing counts.
	const path = file("key.json", `\ufeff${text}\n`);
	assert.deepEqual(await countersign(["thumbprint", text]), answer(THUMBPRINT));
	assert.deepEqual(await countersign(["thumbprint", JSON.stringify({ ...KEY, kid: "a/b" })]), answer(THUMBPRINT));
	assert.deepEqual(await countersign(["thumbprint", path]), answer(THUMBPRINT));
	assert.deepEqual(await countersign(["thumbprint"], { input: `\u00a0${text}\u00a0\n` }), answer(THUMBPRINT));
	const uri = await countersign(["thumbprint", "--uri", "-"], { input: text });
	assert.deepEqual(uri, answer(`urn:ietf:params:oauth:jwk-thumbprint:sha-256:${THUMBPRINT}`));
});

test("thumbprint: what is no key, and no file", async () => {
	const wrong = await countersign(["thumbprint", "{}"]);
	assert.deepEqual([wrong.status, wrong.stdout], [1, ""]);
	assert.match(wrong.stderr, /^key_invalid: [^\n]+\n$/);
	await assertUsage(["thumbprint", "nothing.jwk"], "cannot read the file nothing.jwk");
	await assertUsage(["thumbprint", "one", "two"], "expected one JWK, found 2");
});

// RFC 7636 appendix B
const VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

test("pkce: RFC 7636's example", async () => {
	const lines = answer(`verifier   ${VERIFIER}`, `challenge  ${CHALLENGE}`, "method     S256");
	assert.deepEqual(await countersign(["pkce", VERIFIER]), lines);
	const json = JSON.stringify({ verifier: VERIFIER, challenge: CHALLENGE, method: "S256" });
	assert.deepEqual(await countersign(["pkce", "--json", VERIFIER]), answer(json));
});

test("pkce: a fresh pair, another one each time", async () => {
	const made = JSON.parse((await countersign(["pkce", "--json"])).stdout);
	assert.deepEqual(JSON.parse((await countersign(["pkce", "--json", "--", made.verifier])).stdout), made);
	const other = await countersign(["pkce"]);
	assert.match(other.stdout, /^verifier {3}[\w-]{43,128}\nchallenge {2}[\w-]{43}\nmethod {5}S256\n$/);
	assert.ok(!other.stdout.includes(made.verifier));
});

test("pkce: a verifier that begins with -, which RFC 7636 §4.1 allows, stands behind --", async () => {
	const verifier = "-".padEnd(43, "a");
	const challenge = createHash("sha256").update(verifier).digest("base64url");
	const { stdout } = await countersign(["pkce", "--json", "--", verifier]);
	assert.deepEqual(JSON.parse(stdout), { verifier, challenge, method: "S256" });
	const message = "-a: unknown option; known here: --json; what begins with - and is no option stands behind --";
	await assertUsage(["pkce", verifier], message);
});

test("pkce: what is no verifier", async () => {
	const wrong = await countersign(["pkce", "short"]);
	assert.deepEqual([wrong.status, wrong.stdout], [1, ""]);
	assert.match(wrong.stderr, /^pkce_verifier_invalid: [^\n]+\n$/);
	await assertUsage(["pkce", "a", "b"], "expected one VERIFIER, found 2");
	await assertUsage(["pkce", "--jsn"], "--jsn: unknown option; did you mean --json?");
});

test("whoever stops reading gets no stack", { skip: isWindows }, async () => {
	const line = `'${command}' --help | head -1`;
	const { stdout, stderr } = spawnSync("sh", ["-c", line], { encoding: "utf8" });
	assert.deepEqual([stdout, stderr], ["countersign checks tokens and says why.\n", ""]);
	// Here nobody reads when it begins to write.
	const { child, end } = start(["decode"], { input: good });
	child.stdout.destroy();
	assert.deepEqual(await end, { status: 0, stdout: "", stderr: "" });
});

test("what is wrong with the machine is told, without advice on usage", { skip: isWindows }, () => {
	const input = openSync(join(scratch, "write-only"), "w");
	const { status, stdout, stderr } = spawnSync(command, ["decode"], { encoding: "utf8", stdio: [input] });
	closeSync(input);
	assert.deepEqual([status, stdout], [1, ""]);
	assert.match(stderr, /^countersign: EBADF: [a-z ]+, read\n$/);
});
