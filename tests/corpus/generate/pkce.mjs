// RFC 7636 §4: verifiers, challenges and their comparison.
import { createHash } from "node:crypto";
import { entries } from "./corpus.mjs";

const cases = entries("pkce", "pkce");
const s256 = (text) => createHash("sha256").update(text).digest("base64url");
const VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
/** pkceChallenge(verifier): the challenge, or a code. */
const challenge = (name, verifier, expect, rfc) =>
	cases.push({ name: `pkce/challenge/${name}`, call: "challenge", verifier, expect, rfc });
/** verifyPkce(verifier, challenge, method): true, false, or a code. */
const verify = (name, verifier, given, method, expect, rfc) =>
	cases.push({ name: `pkce/verify/${name}`, call: "verify", verifier, challenge: given, method, expect, rfc });

const SYNTAX = "RFC 7636 §4.1";
const S256 = "RFC 7636 §4.2";
const CHECK = "RFC 7636 §4.6";
const METHOD = "RFC 7636 §4.3";
const unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

challenge("appendix-b", VERIFIER, CHALLENGE, "RFC 7636 §B");
verify("appendix-b", VERIFIER, CHALLENGE, "S256", true, "RFC 7636 §B");
for (const length of [43, 44, 64, 100, 127, 128]) {
	const text = unreserved.repeat(2).slice(0, length);
	challenge(`length-${length}`, text, s256(text), SYNTAX);
	verify(`length-${length}`, text, s256(text), "S256", true, CHECK);
}
for (const length of [0, 1, 16, 32, 42, 129, 130, 200, 4096]) {
	const text = unreserved.repeat(70).slice(0, length);
	challenge(`length-${length}`, text, "pkce_verifier_invalid", SYNTAX);
	verify(`length-${length}`, text, s256(text), "S256", "pkce_verifier_invalid", SYNTAX);
}
challenge("every-unreserved-letter", unreserved, s256(unreserved), SYNTAX);
for (const [name, text] of Object.entries({
	dots: ".".repeat(43),
	tildes: "~".repeat(43),
	hyphens: "-".repeat(43),
	underscores: "_".repeat(43),
	digits: "0".repeat(43),
})) {
	challenge(`only-${name}`, text, s256(text), SYNTAX);
	verify(`only-${name}`, text, s256(text), "S256", true, CHECK);
}
for (const [name, letter] of Object.entries({
	plus: "+",
	slash: "/",
	equals: "=",
	space: " ",
	newline: "\n",
	tab: "\t",
	nul: "\0",
	percent: "%",
	star: "*",
	"exclamation-mark": "!",
	comma: ",",
	quote: '"',
	at: "@",
	colon: ":",
	caret: "^",
	accent: "\u00e9",
	"zero-width-space": "\u200b",
	"full-width": "\uff21",
	"soft-hyphen": "\u00ad",
	emoji: "\u{1f600}",
	bom: "\ufeff",
})) {
	for (const [where, text] of [
		["first", letter + "a".repeat(43)],
		["middle", `${"a".repeat(21)}${letter}${"a".repeat(22)}`],
		["last", "a".repeat(43) + letter],
	]) {
		challenge(`${name}-${where}`, text, "pkce_verifier_invalid", SYNTAX);
		if (where === "last") verify(`${name}-${where}`, text, s256(text), "S256", "pkce_verifier_invalid", SYNTAX);
	}
}
verify("padded-verifier", `${VERIFIER}=`, s256(`${VERIFIER}=`), "S256", "pkce_verifier_invalid", SYNTAX);

// Another verifier, another challenge.
const no = (name, verifier, given) => verify(name, verifier, given, "S256", false, CHECK);
no("another-verifier", VERIFIER.replace("d", "e"), CHALLENGE);
no("verifier-longer-by-a-letter", `${VERIFIER}a`, CHALLENGE);
no("verifier-in-other-case", VERIFIER.toLowerCase(), CHALLENGE);
no("challenge-is-the-verifier", VERIFIER, VERIFIER);
no("challenge-first-letter", VERIFIER, `F${CHALLENGE.slice(1)}`);
no("challenge-first-letter-in-other-case", VERIFIER, `e${CHALLENGE.slice(1)}`);
no("challenge-of-another", VERIFIER, s256(`${VERIFIER}a`));
no("challenge-as-verifier-and-back", CHALLENGE, VERIFIER);
no("hashed-twice", VERIFIER, s256(CHALLENGE));
no("sha512-cut", VERIFIER, `${createHash("sha512").update(VERIFIER).digest("base64url").slice(0, 42)}A`);
no("all-a", VERIFIER, "A".repeat(43));

const badChallenge = (name, given) => verify(name, VERIFIER, given, "S256", "pkce_challenge_invalid", S256);
badChallenge("challenge-empty", "");
badChallenge("challenge-short", CHALLENGE.slice(0, 42));
badChallenge("challenge-one-letter", "E");
badChallenge("challenge-too-long", "A".repeat(129));
badChallenge("challenge-padded", `${CHALLENGE}=`);
badChallenge(
	"challenge-standard-alphabet",
	createHash("sha256").update(VERIFIER).digest("base64").slice(0, 43).replace(/^./, "+"),
);
badChallenge("challenge-with-space", `${CHALLENGE.slice(0, 42)} `);
badChallenge("challenge-with-newline", `${CHALLENGE}\n`);
badChallenge("challenge-not-ascii", `${CHALLENGE.slice(0, 42)}\u00e9`);
badChallenge("challenge-with-nul", `${CHALLENGE}\0`);

for (const method of [
	"PLAIN",
	"Plain",
	"plain ",
	"s256",
	"S256 ",
	" S256",
	"S512",
	"SHA256",
	"S-256",
	"",
	"none",
	"S256,plain",
	"S256\0",
])
	verify(
		`method-${JSON.stringify(method).slice(1, -1) || "empty"}`,
		VERIFIER,
		method.toLowerCase().trim() === "plain" ? VERIFIER : CHALLENGE,
		method,
		"pkce_method_unsupported",
		METHOD,
	);

// Without a method it is S256, never plain: RFC 7636 §4.3 would have it plain, and RFC 9700 §2.1.1 and
// §4.8.2 forbid the downgrade that this opens. plain has to be asked for by name.
const DOWNGRADE = "RFC 9700 §2.1.1";
verify("method-absent", VERIFIER, CHALLENGE, undefined, true, DOWNGRADE);
verify("method-absent-and-plain", VERIFIER, VERIFIER, undefined, false, DOWNGRADE);
verify("method-S256-and-plain", VERIFIER, VERIFIER, "S256", false, DOWNGRADE);
verify("method-plain", VERIFIER, VERIFIER, "plain", true, "RFC 7636 §4.6");
verify("method-plain-and-S256", VERIFIER, CHALLENGE, "plain", false, "RFC 7636 §4.6");
verify("method-plain-and-another", VERIFIER, VERIFIER.replace("d", "e"), "plain", false, "RFC 7636 §4.6");
verify("method-plain-verifier-short", VERIFIER.slice(1), VERIFIER.slice(1), "plain", "pkce_verifier_invalid", SYNTAX);
verify("method-plain-challenge-short", VERIFIER, VERIFIER.slice(1), "plain", "pkce_challenge_invalid", S256);
verify("method-plain-letters", unreserved, unreserved, "plain", true, "RFC 7636 §4.6");
