// npx countersign explain, from the packed tarball: the list of checks, what it says of keys, as JSON, and its colours.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createServer } from "node:http";
import { test } from "node:test";
import {
	claims,
	command,
	countersign,
	file,
	good,
	issuer,
	judged,
	jwk,
	jwks,
	now,
	part,
	pem,
	policy,
	token,
} from "./cli-kit.mjs";

const explain = (given, { more = [], keys = jwks, ...options } = {}) =>
	countersign(["explain", given, ...policy, "--jwks", keys, ...more], options);
const NOWHERE = "http://127.0.0.1:9/";

const WAYS = {
	"an argument": () => explain(good),
	"a file": () => explain(file("good.jwt", `${good}\n`)),
	"standard input, named": () => explain("-", { input: `${good}\r\n` }),
	"standard input, unnamed": () => countersign(["explain", ...judged], { input: good }),
	"an argument, its key in PEM": () => explain(good, { keys: pem }),
};
for (const [way, run] of Object.entries(WAYS)) {
	test(`a valid token, from ${way}`, async () => {
		const { status, stdout, stderr } = await run();
		assert.deepEqual([status, stderr], [0, ""]);
		assert.match(stdout, /\n\nvalid\n$/);
		assert.match(stdout, /^✓ .*RFC 7519 §4\.1\.4$/m);
		assert.doesNotMatch(stdout, /[✗\u001b]/);
	});
}

test("a line for each check: its name, what was found and expected, its rule; times with their dates", async () => {
	const { stdout } = await explain(token({ nbf: now - 1 }), { more: ["--max-age", "60"] });
	const lines = stdout.split("\n");
	for (const line of [
		"✓ header is strict JSON   found an object  RFC 7515 §5.2",
		"✓ trusted key             found k1  expected k1  RFC 7517 §4.5",
		"✓ expiration              found 1800000300 (2027-01-15 08:05:00 UTC)  expected later than 1800000000 (2027-01-15 08:00:00 UTC)  RFC 7519 §4.1.4",
		"✓ not before              found 1799999999 (2027-01-15 07:59:59 UTC)  expected at most 1800000000 (2027-01-15 08:00:00 UTC)  RFC 7519 §4.1.5",
		"✓ issued at and age       found 1800000000 (2027-01-15 08:00:00 UTC)  expected at least 1799999940 (2027-01-15 07:59:00 UTC)  RFC 7519 §4.1.6",
	]) {
		assert.ok(lines.includes(line), `${line}\nnot in\n${stdout}`);
	}
});

test("a refused token: what is behind the fault is not reached; then the reason, and where to read more", async () => {
	const { stdout } = await explain(token({ exp: now - 3600 }));
	const [, end] = stdout.split("\n✗ ");
	assert.equal(
		end.replace(/@[^/]+\//, "@VERSION/"),
		`expiration              found 1799996400 (2027-01-15 07:00:00 UTC)  expected later than 1800000000 (2027-01-15 08:00:00 UTC)  RFC 7519 §4.1.4
· not before              not reached  RFC 7519 §4.1.5
· issued at and age       not reached  RFC 7519 §4.1.6

refused: token_expired
The token has expired (exp): found 1799996400 (2027-01-15 07:00:00 UTC), expected later than 1800000000 (2027-01-15 08:00:00 UTC). Get a fresh token. If it should be good still, compare both clocks; a verifier can allow for a difference. (RFC 7519 §4.1.4)
See https://unpkg.com/countersign@VERSION/errors/token_expired.md
`,
	);
});

test("a number that is no time has no date; the time of a login has one; a nonce is not told", async () => {
	const role = await explain(token({ role: now }), { more: ["--claim", "role=1800000001"] });
	assert.match(role.stdout, /^✗ claim role +found 1800000000 {2}expected 1800000001 {2}RFC 7519 §4\.3$/m);
	assert.match(role.stdout, /\(role\): found 1800000000, expected 1800000001\./);
	const more = ["--profile", "id-token", "--nonce", "n", "--audience", "shop"];
	const login = await explain(token({ aud: "shop", nonce: "n", auth_time: now - 60 }), { more });
	assert.match(
		login.stdout,
		/^✓ authentication time +found 1799999940 \(2027-01-15 07:59:00 UTC\) {2}expected any age/m,
	);
	assert.match(login.stdout, /^✓ nonce {2,}OpenID Connect Core §[^\n]+$/m);
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
	test(`${code} ends with 1`, async () => {
		const { status, stdout, stderr } = await explain("-", { input: refused });
		assert.deepEqual([status, stderr], [1, ""]);
		assert.match(stdout, new RegExp(`^✗ .*\n(.*\n)*\nrefused: ${code}\n`, "m"));
		assert.match(stdout, new RegExp(`\nSee https://unpkg\\.com/countersign@\\S+/errors/${code}\\.md\n$`));
		if (refused.length > 20) assert.ok(!stdout.includes(refused));
	});
}

test("any leaves a claim unchecked, also beside others", async () => {
	const rest = ["--now", String(now), "--jwks", jwks];
	const args = ["explain", token({ iss: "x", aud: "y" }), ...rest];
	assert.equal((await countersign([...args, "--issuer", "any"])).status, 0);
	assert.equal((await countersign([...args, "--issuer", "z", "--issuer", "any", "--audience", "any"])).status, 0);
	assert.equal((await countersign([...args, "--issuer", "any", "--audience", "z"])).status, 1);
});

test("keys from a URL, discovered from the issuer, and by metadata of another one", async (t) => {
	const asked = [];
	let named = issuer;
	const server = createServer((request, response) => {
		asked.push(request.url);
		const origin = `http://${request.headers.host}`;
		const answers = {
			"/jwks": { keys: [jwk] },
			"/.well-known/openid-configuration": { issuer: named, jwks_uri: `${origin}/jwks` },
		};
		const answer = answers[request.url];
		response.writeHead(answer ? 200 : 404, { "content-type": "application/json" }).end(JSON.stringify(answer ?? {}));
	});
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	t.after(() => server.close());
	const origin = `http://localhost:${server.address().port}`;

	const direct = await explain(good, { keys: `${origin}/jwks` });
	assert.deepEqual([direct.status, direct.stderr, asked], [0, "", ["/jwks"]]);
	named = origin;
	const own = await countersign(["explain", token({ iss: origin }), "--issuer", origin, "--now", String(now)]);
	assert.deepEqual([own.status, own.stderr], [0, ""]);
	const other = await countersign(["explain", good, ...policy, "--metadata-issuer", origin]);
	assert.deepEqual([other.status, other.stderr], [0, ""]);
	const missing = await explain(good, { keys: `${origin}/nothing` });
	assert.equal(missing.status, 3);
	assert.match(missing.stdout, /\nundecided: keys_unavailable; not checked: trusted key, signature\n.*404/);
});

test("a key that is none ends with 1, and nothing is said of the token", async () => {
	const { status, stdout, stderr } = await explain(good, { keys: file("no-key.json", '{"keys":[{"kty":"RSA"}]}') });
	assert.deepEqual([status, stdout], [1, ""]);
	assert.match(stderr, /^key_invalid: [^\n]+\n$/);
});

test("--json: the explanation, and the status all the same", async () => {
	const valid = await explain(good, { more: ["--json"] });
	assert.deepEqual([valid.status, valid.stderr], [0, ""]);
	const told = JSON.parse(valid.stdout);
	assert.deepEqual([told.valid, told.code, told.claims], [true, null, claims]);
	assert.ok(told.checks.every(({ name, spec, status }) => name && spec && status === "passed"));
	const refused = await explain(token({ exp: now }), { more: ["--json"] });
	assert.deepEqual([refused.status, refused.stderr], [1, ""]);
	const { code, error, checks } = JSON.parse(refused.stdout);
	assert.deepEqual([code, error.code, error.spec], ["token_expired", "token_expired", "RFC 7519 §4.1.4"]);
	assert.equal(checks.filter(({ status }) => status === "failed").length, 1);
});

test("--json without keys: the reason as data, and in words on standard error", async () => {
	const { status, stdout, stderr } = await explain(good, { keys: NOWHERE, more: ["--json"] });
	assert.equal(status, 3);
	assert.match(stderr, /^undecided: keys_unavailable; not checked: trusted key, signature\n/);
	const { valid, code, error } = JSON.parse(stdout);
	assert.deepEqual([valid, code, error.code, error.status], [false, "keys_unavailable", "keys_unavailable", 503]);
	assert.equal(error.spec, "RFC 7517 §5");
	assert.equal(error.message, stderr.split("\n")[1]);
});

const SGR = { passed: "\u001b[32m✓\u001b[0m", failed: "\u001b[31m✗\u001b[0m", open: "\u001b[90m·\u001b[0m" };

test("colours: none in a pipe, and as FORCE_COLOR says", async () => {
	const forced = (FORCE_COLOR) => explain(token({ exp: now }), { env: { FORCE_COLOR, NO_COLOR: "1" } });
	const { stdout } = await forced("1");
	for (const mark of Object.values(SGR)) assert.ok(stdout.includes(`\n${mark} `) || stdout.startsWith(`${mark} `));
	assert.match(stdout, / {2}\u001b\[90mRFC 7519 §4\.1\.4\u001b\[0m\n/);
	assert.match(stdout, /\n\n\u001b\[31mrefused: token_expired\u001b\[0m\nThe token has expired/);
	for (const value of ["0", "false"]) assert.doesNotMatch((await forced(value)).stdout, /\u001b/);
	const valid = await explain(good, { env: { FORCE_COLOR: "1" } });
	assert.match(valid.stdout, /\n\n\u001b\[32mvalid\u001b\[0m\n$/);
});

const noTerminal = spawnSync("script", ["--version"]).status !== 0 && "no script(1)";

test("on a terminal: colours, but for NO_COLOR and where there are none; and what to paste", {
	skip: noTerminal,
}, () => {
	const { FORCE_COLOR: _, NO_COLOR: __, CI: ___, ...clean } = process.env;
	const terminal = (args, env = {}, input = undefined) => {
		const line = [command, ...args].map((word) => `'${word}'`).join(" ");
		return spawnSync("script", ["--quiet", "--return", "--command", line, "/dev/null"], {
			encoding: "utf8",
			input,
			stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
			env: { ...clean, TERM: "xterm-256color", ...env },
		});
	};
	const args = ["explain", good, ...judged];
	const { status, stdout } = terminal(args);
	assert.equal(status, 0);
	assert.ok(stdout.includes(SGR.passed));
	for (const env of [{ NO_COLOR: "1" }, { TERM: "dumb" }]) assert.doesNotMatch(terminal(args, env).stdout, /\u001b\[3/);
	assert.match(terminal(["decode"], {}, `${good}\n\u0004`).stdout, /Paste the token, then end with Ctrl-D:\r\n/);
});
