// npx countersign verify, from the packed tarball: the verdict, what people paste, times in words, and missing keys.

import assert from "node:assert/strict";
import { test } from "node:test";
import { claims, countersign, file, good, judged, now, policy, token } from "./cli-kit.mjs";

const verify = (input, ...more) => countersign(["verify", ...judged, ...more], { input });
const EVERY_CHECK = "Every check: npx countersign explain, with the same flags.\n";

test("valid: claims alone on standard output, times beside them", async () => {
	assert.deepEqual(await verify(good), {
		status: 0,
		stdout: `${JSON.stringify(claims, null, 2)}\n`,
		stderr: `iat       1800000000  2027-01-15 08:00:00 UTC, now
exp       1800000300  2027-01-15 08:05:00 UTC, in 5 minutes
`,
	});
});

test("refused: nothing on standard output, 1, and the reason", async () => {
	const expected = `refused: token_expired
The token has expired (exp): found 1799992800 (2027-01-15 06:00:00 UTC), expected later than 1800000000 (2027-01-15 08:00:00 UTC). Get a fresh token. If it should be good still, compare both clocks; a verifier can allow for a difference. (RFC 7519 §4.1.4)
${EVERY_CHECK}`;
	assert.deepEqual(await verify(token({ exp: now - 7200 })), { status: 1, stdout: "", stderr: expected });
});

test("--json: verdict, header and claims", async () => {
	const told = await verify(good, "--json");
	const header = { alg: "ES256", kid: "k1" };
	assert.deepEqual([told.status, told.stderr], [0, ""]);
	assert.deepEqual(JSON.parse(told.stdout), { valid: true, code: null, error: null, header, claims });
	const not = await verify("junk", "--json");
	const { error, ...rest } = JSON.parse(not.stdout);
	assert.deepEqual([not.status, error.code], [1, "token_malformed"]);
	assert.deepEqual(rest, { valid: false, code: "token_malformed", header: null, claims: null });
	assert.equal(not.stderr, `refused: token_malformed\n${error.message}\n${EVERY_CHECK}`);
});

test("every time of a refusal has its date, and no other number", async () => {
	const at = (seconds, date) => `${seconds} (${date} UTC)`;
	const moment = at(1_800_000_000, "2027-01-15 08:00:00");
	const rows = [
		[{ nbf: now + 100 }, [], `found ${at(1_800_000_100, "2027-01-15 08:01:40")}, expected at most ${moment}`],
		[{ iat: 123456789 }, ["--max-age", "9"], `found ${at(123456789, "1973-11-29 21:33:09")}, expected at least`],
		[{ exp: now - 100.25 }, [], `found ${at(1799999899.75, "2027-01-15 07:58:19")}, expected later than ${moment}. G`],
		[{ exp: 0.123456789 }, [], `found 0.123456789, expected later than ${moment}`],
		[{ exp: -1_800_000_000 }, [], "found -1800000000, expected"],
		[{ exp: 12345678 }, [], `found 12345678, expected later than ${moment}`],
		[{ nbf: 253402300799 }, [], `found ${at(253402300799, "9999-12-31 23:59:59")}, expected`],
		[{ nbf: 253402300800 }, [], `found 253402300800, expected`],
		[{ nbf: 1234567890123 }, [], `found 1234567890123, expected`],
		[{ role: now }, ["--claim", "role=1800000001"], "found 1800000000, expected 1800000001."],
	];
	for (const [changes, more, message] of rows) {
		const { status, stderr } = await verify(token(changes), ...more);
		assert.equal(status, 1);
		assert.ok(stderr.includes(message), `${stderr}\nhas not\n${message}`);
	}
});

/** Times beside the claims, in order, each as it reads at `now`. */
const DISTANCES = {
	"in 1 second": { exp: now + 1 },
	"in 59 seconds": { exp: now + 59 },
	"in 1 minute": { exp: now + 60 },
	"in 59 minutes": { exp: now + 3599.5 },
	"in 1 hour": { exp: now + 3600 },
	"in 23 hours": { exp: now + 86399 },
	"in 1 day": { exp: now + 86400 },
	"in 2 days": { exp: now + 2 * 86400 },
	"now, in 5 minutes": {},
	"2 seconds ago, in 5 minutes": { iat: now - 2 },
	"1 minute ago, in 5 minutes": { nbf: now - 119 },
	"20833 days ago, 1 day ago, 2 days ago, in 5 minutes": { auth_time: 0, iat: now - 86400, nbf: now - 172800 },
};
for (const [words, changes] of Object.entries(DISTANCES)) {
	test(`times in words: ${words}`, async () => {
		const { stderr } = await verify(
			token("iat" in changes || words === "now, in 5 minutes" ? changes : { iat: undefined, ...changes }),
		);
		const lines = stderr.trimEnd().split("\n");
		assert.equal(lines.map((line) => line.split("UTC, ")[1]).join(", "), words);
	});
}

test("times in words: a moment within a second, and one that has no date", async () => {
	const { stderr } = await verify(token({ iat: 253402300800, exp: now + 60.75 }), "--now", `${now}.5`);
	assert.equal(stderr, "exp       1800000060.75  2027-01-15 08:01:00 UTC, in 1 minute\n");
});

test("times in words: by the machine's clock if no other is given", async () => {
	const [day, today] = [86400, Math.floor(Date.now() / 1000)];
	// Half a day, so that nothing depends on how long this takes.
	const given = token({ iat: today - 9.5 * day, exp: today + 100.5 * day });
	const flags = [...policy.slice(0, 4), ...judged.slice(-2)];
	const checked = await countersign(["verify", ...flags], { input: given });
	assert.match(checked.stderr, /^iat .*, 9 days ago\nexp .*, in 100 days\n$/);
	assert.match((await countersign(["decode", given])).stdout, /\n {2}iat .*, 9 days ago\n {2}exp .*, in 100 days\n$/);
});

const lines = good.replaceAll(/.{60}/g, "$&\n");
const PASTED = {
	"with its scheme": `Bearer ${good}`,
	"with its scheme, in small letters": `bearer  ${good}\n`,
	"with the scheme of DPoP": `DPoP ${good}`,
	"with its header": `Authorization: Bearer ${good}`,
	"with its header, without spaces": `authorization:${good}`,
	"with its header, with spaces": `Authorization  :  Bearer ${good}`,
	"in quotes": `"${good}"`,
	"in quotes, with a comma": `'Bearer ${good}',`,
	"in quotes, with a semicolon": `"Bearer ${good}";`,
	"in backquotes": `\`${good}\``,
	"in typographic quotes": `“${good}”`,
	"in quotes with spaces": `" ${good} "`,
	"in white space": `\n\n  ${good} \r\n`,
	"in lines": lines,
	"in lines, in quotes": `"${lines}"`,
	"in lines, with its scheme": `Bearer ${lines}`,
	"as a token endpoint answers": JSON.stringify({ access_token: good, token_type: "Bearer" }),
	"as a token endpoint answers, indented": `\u00a0${JSON.stringify({ access_token: good }, null, 2)}\n`,
};
for (const [how, text] of Object.entries(PASTED)) {
	test(`a token as it is pasted: ${how}`, async () => {
		assert.equal((await verify(text)).status, 0);
		assert.equal(JSON.parse((await countersign(["decode", "--json", text])).stdout).claims.sub, "user-1");
	});
}

test("a token as it is pasted: in a file", async () => {
	assert.equal((await countersign(["verify", ...judged, file("pasted.txt", PASTED["in lines"])])).status, 0);
});

const half = good.slice(0, 20);
const rest = good.slice(20);
const NONE = [
	`${good} x`,
	`${good}!`,
	"Bearer",
	`"${good}`,
	`${good}"`,
	`x"${good}"`,
	`"${good}" x`,
	`${half}Bearer ${rest}`,
];
test("what is no token stays none", async () => {
	for (const text of [...NONE, `${half}authorization:${rest}`, `{"token":"${good}"}`, "null", "{}", ""]) {
		const { status, stderr } = await verify(text);
		assert.equal(status, 1, text);
		assert.match(stderr, /^refused: (token_malformed|base64url_invalid|header_invalid)\n/, text);
	}
	assert.match((await verify('{"access_token": 1}')).stderr, /^refused: token_malformed\n/);
	// White space is left out of tokens alone: what else is broken is told as it was given.
	for (const text of [`${half}\n${rest}!x`, `abcd ${good}`]) {
		assert.match((await verify(text)).stderr, /^refused: base64url_invalid\n.*\(header\)/, text);
	}
});

const NOWHERE = [...policy, "--jwks", "http://127.0.0.1:9/"];

test("without keys: every other check is made, and the status says so", async () => {
	const { status, stdout, stderr } = await countersign(["verify", ...NOWHERE], { input: good });
	assert.deepEqual([status, stdout], [3, ""]);
	const [first, reason, ...more] = stderr.split("\n");
	assert.equal(first, "undecided: keys_unavailable; not checked: trusted key, signature");
	assert.match(reason, /^The issuer's keys are not available now: .*\(RFC 7517 §5\)$/);
	assert.equal(more.join("\n"), `Give the keys with --jwks FILE, or try again.\n${EVERY_CHECK}`);
	const listed = await countersign(["explain", ...NOWHERE], { input: good });
	assert.deepEqual([listed.status, listed.stderr], [3, ""]);
	assert.match(listed.stdout, /^✓ issued at and age .*1800000000 \(2027-01-15 08:00:00 UTC\)/m);
	assert.match(listed.stdout, /^· trusted key +not reached/m);
	assert.ok(listed.stdout.endsWith(`\n\n${first}\n${reason}\n${more[0]}\n`), listed.stdout);
});

test("without keys: a token that fails another check is refused, and the missing keys are told beside it", async () => {
	const wrong = token({ aud: "other" });
	const told = "keys_unavailable; not checked: trusted key, signature, expiration, not before, issued at and age\n";
	const verdict = await countersign(["verify", ...NOWHERE], { input: wrong });
	assert.deepEqual([verdict.status, verdict.stdout], [1, ""]);
	assert.match(verdict.stderr, /^refused: audience_mismatch\n/);
	assert.ok(verdict.stderr.includes(`\n${told}`), verdict.stderr);
	const listed = await countersign(["explain", ...NOWHERE], { input: wrong });
	assert.equal(listed.status, 1);
	assert.match(listed.stdout, /\n\nrefused: audience_mismatch\n/);
	assert.ok(listed.stderr.startsWith(told), listed.stderr);
});
