// RFC 7519 §2 and §4.1.4 to §4.1.6: NumericDate as it is written, compared exactly.
import { suite } from "./corpus.mjs";
import { claimsText, NOW } from "./token.mjs";

const { accept, refuse } = suite("numeric-date");
const EXP = "RFC 7519 §4.1.4";
const NBF = "RFC 7519 §4.1.5";
const IAT = "RFC 7519 §4.1.6";
const DATE = "RFC 7519 §2";

const put = (claim, text, more) => ({ payload: claimsText({ [claim]: text }), ...more });
const judge = (name, expect, rfc, parts) =>
	expect === "accept" ? accept(name, rfc, parts) : refuse(name, expect, rfc, parts);

// Around now: exp is refused on the second itself, nbf is accepted on it.
const around = { "second-before": -1, now: 0, "second-after": 1, "hour-before": -3600, "hour-after": 3600 };
for (const [name, offset] of Object.entries(around)) {
	judge(`exp/${name}`, offset > 0 ? "accept" : "token_expired", EXP, put("exp", String(NOW + offset)));
	judge(`nbf/${name}`, offset <= 0 ? "accept" : "token_not_yet_valid", NBF, put("nbf", String(NOW + offset)));
	judge(`iat/${name}`, "accept", IAT, put("iat", String(NOW + offset)));
}

// Tolerance moves both ends, and counts exactly.
for (const tolerance of [1, 30, 0.5])
	for (const [name, offset] of [
		["within", 0.25],
		["at-edge", 0],
		["beyond", -0.25],
	]) {
		const exp = NOW - tolerance + offset;
		const nbf = NOW + tolerance - offset;
		const policy = { clockTolerance: tolerance };
		judge(
			`exp/tolerance-${tolerance}-${name}`,
			offset > 0 ? "accept" : "token_expired",
			EXP,
			put("exp", String(exp), { policy }),
		);
		judge(
			`nbf/tolerance-${tolerance}-${name}`,
			offset >= 0 ? "accept" : "token_not_yet_valid",
			NBF,
			put("nbf", String(nbf), { policy }),
		);
	}
judge("exp/tolerance-zero", "token_expired", EXP, put("exp", String(NOW), { policy: { clockTolerance: 0 } }));
judge("exp/tolerance-larger-than-now", "accept", EXP, put("exp", "5", { policy: { clockTolerance: 20 }, now: 10 }));
judge(
	"exp/zero-with-tolerance-larger-than-now",
	"accept",
	EXP,
	put("exp", "0", { policy: { clockTolerance: 20 }, now: 10 }),
);
judge("nbf/tolerance-and-exp-in-the-past", "token_expired", EXP, {
	payload: { nbf: NOW + 10, exp: NOW - 40 },
	policy: { clockTolerance: 30 },
});

// Spellings of one number.
const spelled = {
	"with-fraction-zero": (n) => `${n}.0`,
	"with-long-fraction-zero": (n) => `${n}.${"0".repeat(60)}`,
	"exponent-0": (n) => `${n}e0`,
	"exponent-plus-0": (n) => `${n}E+0`,
	"exponent-minus-0": (n) => `${n}e-0`,
	"exponent-9": (n) => `${String(n)[0]}.${String(n).slice(1)}e9`,
	"exponent-capital": (n) => `${String(n)[0]}.${String(n).slice(1)}E+9`,
	"exponent-with-zeros": (n) => `${String(n)[0]}.${String(n).slice(1)}e0009`,
	"exponent-negative": (n) => `${n}000e-3`,
	"exponent-very-negative": (n) => `${n}${"0".repeat(300)}e-300`,
	"below-one": (n) => `0.${n}e10`,
	"far-below-one": (n) => `0.${"0".repeat(100)}${n}e110`,
};
for (const [name, spell] of Object.entries(spelled)) {
	judge(`spelling/exp-${name}-now`, "token_expired", DATE, put("exp", spell(NOW)));
	judge(`spelling/exp-${name}-next-second`, "accept", DATE, put("exp", spell(NOW + 1)));
	judge(`spelling/nbf-${name}-now`, "accept", DATE, put("nbf", spell(NOW)));
	judge(`spelling/nbf-${name}-next-second`, "token_not_yet_valid", DATE, put("nbf", spell(NOW + 1)));
}
judge("spelling/exp-1.9e9", "accept", DATE, put("exp", "1.9e9"));
judge("spelling/exp-1.7e9", "token_expired", DATE, put("exp", "1.7e9"));
judge("spelling/exp-18E8", "token_expired", DATE, put("exp", "18E8"));
judge("spelling/nbf-18e8", "accept", DATE, put("nbf", "18e8"));

// Fractions, those that a double holds and those that it does not.
const fractions = [
	"0.5",
	"0.25",
	"0.001",
	"0.1",
	"0.9",
	"0.000001",
	"0.0000000001",
	"0.00000000000000000001",
	`0.${"0".repeat(80)}1`,
];
for (const fraction of fractions) {
	const digits = fraction.slice(2);
	const label = digits.length > 20 ? `1e-${digits.length}` : fraction;
	judge(`fraction/exp-now-plus-${label}`, "accept", DATE, put("exp", `${NOW}.${digits}`));
	judge(`fraction/nbf-now-plus-${label}`, "token_not_yet_valid", DATE, put("nbf", `${NOW}.${digits}`));
}
for (const nines of [1, 3, 6, 10, 20, 80]) {
	judge(`fraction/exp-now-minus-1e-${nines}`, "token_expired", DATE, put("exp", `${NOW - 1}.${"9".repeat(nines)}`));
	judge(`fraction/nbf-now-minus-1e-${nines}`, "accept", DATE, put("nbf", `${NOW - 1}.${"9".repeat(nines)}`));
}
// A clock with a fraction.
for (const [now, exp, expect] of [
	[0.5, "0.5", "token_expired"],
	[0.5, "0.25", "token_expired"],
	[0.5, "0.75", "accept"],
	[0.5, "0.50000000000000000001", "accept"],
	[0.5, "0.49999999999999999999", "token_expired"],
	[0.25, "0.25", "token_expired"],
	[0.25, "0.2500", "token_expired"],
	[0.75, "0", "token_expired"],
	[0.75, "1", "accept"],
	[0.125, "0.125000000000000000000000000000000001", "accept"],
]) {
	const text = exp === "1" ? String(NOW + 1) : exp === "0" ? String(NOW) : `${NOW}${exp.slice(1)}`;
	judge(
		`fraction/clock-${now}-exp-${exp.length > 12 ? `${exp.slice(0, 6)}...${exp.length}` : exp}`,
		expect,
		DATE,
		put("exp", text, { now: NOW + now }),
	);
}
for (const [now, nbf, expect] of [
	[0.5, ".5", "accept"],
	[0.5, ".75", "token_not_yet_valid"],
	[0.5, ".50000000000000000001", "token_not_yet_valid"],
	[0.5, ".49999999999999999999", "accept"],
	[0.5, "", "accept"],
])
	judge(`fraction/clock-${now}-nbf-${nbf || "whole"}`, expect, DATE, put("nbf", `${NOW}${nbf}`, { now: NOW + now }));

// Far ends. No number wraps, none is infinite, none is before 1970.
const huge = {
	"2^31-1": ["2147483647"],
	"2^31": ["2147483648"],
	"2^32": ["4294967296"],
	"2^53": ["9007199254740992"],
	"2^53+1": ["9007199254740993"],
	"2^63-1": ["9223372036854775807"],
	"2^63": ["9223372036854775808"],
	"2^64-1": ["18446744073709551615"],
	"2^64": ["18446744073709551616"],
	"2^64+now": [String(2n ** 64n + BigInt(NOW))],
	"2^64+now-10": [String(2n ** 64n + BigInt(NOW - 10))],
	"2^128": [String(2n ** 128n)],
	"year-9999": ["253402300799"],
	"year-10000": ["253402300800"],
	milliseconds: [String(NOW * 1000)],
	"1e15": ["1e15"],
	"1e100": ["1e100"],
	"1e308": ["1e308"],
	"largest-double": ["1.7976931348623157e308"],
	"300-digits": ["9".repeat(300)],
};
for (const [name, [text]] of Object.entries(huge)) {
	judge(`huge/exp-${name}`, "accept", DATE, put("exp", text));
	judge(`huge/nbf-${name}`, "token_not_yet_valid", DATE, put("nbf", text));
	judge(`huge/iat-${name}`, "accept", DATE, put("iat", text));
}
const infinite = {
	"1e309": "1e309",
	"1e400": "1e400",
	"1E400": "1E400",
	"1e+400": "1e+400",
	"1e4000000000": "1e4000000000",
	"1e99999999999999999999": "1e99999999999999999999",
	"1.8e308": "1.8e308",
	"400-digits": "9".repeat(400),
	"0.1e310": "0.1e310",
	"10e308": "10e308",
};
for (const claim of ["exp", "nbf", "iat"]) {
	for (const [name, text] of Object.entries(infinite))
		refuse(`infinite/${claim}-${name}`, "claim_invalid", DATE, put(claim, text));
	for (const text of ["-1", "-1800000000", "-0.5", "-1e9", "-1e400", "-1e-3", `-${2 ** 53}`, "-9223372036854775809"])
		refuse(`negative/${claim}-${text}`, "claim_invalid", DATE, put(claim, text));
}
// Zero and what is almost zero.
for (const [name, text] of Object.entries({
	zero: "0",
	"minus-zero": "-0",
	"zero-fraction": "0.0",
	"minus-zero-fraction": "-0.0",
	"zero-exponent": "0e400",
	"minus-zero-exponent": "-0E5",
	"zero-negative-exponent": "0e-400",
	small: "1",
	tiny: "1e-9",
	denormal: "5e-324",
	"below-denormal": "1e-400",
	"one-half": "0.5",
})) {
	judge(`zero/exp-${name}`, "token_expired", EXP, put("exp", text));
	judge(`zero/nbf-${name}`, "accept", NBF, put("nbf", text));
	judge(`zero/iat-${name}`, "accept", IAT, put("iat", text));
}
judge("zero/clock-at-zero-exp-zero", "token_expired", EXP, put("exp", "0", { now: 0 }));
judge("zero/clock-at-zero-exp-one", "accept", EXP, put("exp", "1", { now: 0 }));
judge("zero/clock-at-zero-exp-tiny", "accept", DATE, put("exp", "1e-9", { now: 0 }));
judge("zero/clock-at-zero-nbf-zero", "accept", NBF, put("nbf", "0", { now: 0 }));
judge("zero/clock-at-zero-nbf-tiny", "token_not_yet_valid", DATE, put("nbf", "1e-9", { now: 0 }));
judge("zero/clock-at-2^32", "token_expired", EXP, put("exp", String(NOW), { now: 2 ** 32 }));
judge("zero/clock-at-2^32-exp-after", "accept", EXP, put("exp", String(2 ** 32 + 1), { now: 2 ** 32 }));

// Texts that look like dates.
for (const claim of ["exp", "nbf", "iat"])
	for (const [name, value] of Object.entries({
		iso: "2027-01-15T08:00:00Z",
		decimal: String(NOW + 300),
		exponent: "1.9e9",
		hexadecimal: "0x7fffffff",
		infinity: "Infinity",
		never: "never",
		nan: "NaN",
		"with-space": ` ${NOW + 300}`,
		date: "Fri, 15 Jan 2027 08:00:00 GMT",
	}))
		refuse(`text/${claim}-${name}`, "claim_invalid", DATE, put(claim, JSON.stringify(value)));

// maxTokenAge: iat is needed, not too long ago, not ahead.
const age = (iat, maxTokenAge, more = {}) => ({ payload: { iat }, policy: { maxTokenAge, ...more } });
accept("age/within", IAT, age(NOW - 599, 600));
accept("age/at-edge", IAT, age(NOW - 600, 600));
refuse("age/second-beyond", "token_too_old", IAT, age(NOW - 601, 600));
refuse("age/fraction-beyond", "token_too_old", IAT, age(NOW - 600.25, 600));
accept("age/fraction-within", IAT, age(NOW - 599.75, 600));
accept("age/now", IAT, age(NOW, 600));
accept("age/zero-and-now", IAT, age(NOW, 0));
refuse("age/zero-and-second-ago", "token_too_old", IAT, age(NOW - 1, 0));
refuse("age/ahead", "token_issued_in_future", IAT, age(NOW + 1, 600));
refuse("age/fraction-ahead", "token_issued_in_future", IAT, age(NOW + 0.25, 600));
refuse("age/far-ahead", "token_issued_in_future", IAT, age(2 ** 40, 600));
accept("age/ahead-not-asked", IAT, { payload: { iat: NOW + 3600 } });
accept("age/old-not-asked", IAT, { payload: { iat: 1 } });
accept("age/within-tolerance", IAT, age(NOW - 630, 600, { clockTolerance: 30 }));
refuse("age/beyond-tolerance", "token_too_old", IAT, age(NOW - 631, 600, { clockTolerance: 30 }));
accept("age/ahead-within-tolerance", IAT, age(NOW + 30, 600, { clockTolerance: 30 }));
refuse("age/ahead-beyond-tolerance", "token_issued_in_future", IAT, age(NOW + 31, 600, { clockTolerance: 30 }));
accept("age/fractional-limit", IAT, age(NOW - 0.5, 0.5));
refuse("age/fractional-limit-beyond", "token_too_old", IAT, age(NOW - 0.75, 0.5));
refuse("age/zero-iat", "token_too_old", IAT, age(0, 600));
accept("age/limit-larger-than-now", IAT, age(0, 2 ** 40));
refuse(
	"age/huge-iat-does-not-wrap",
	"token_issued_in_future",
	DATE,
	put("iat", String(2n ** 64n + BigInt(NOW - 1)), { policy: { maxTokenAge: 600 } }),
);

// Which comes first.
refuse("order/expired-and-not-yet-valid", "token_expired", EXP, { payload: { exp: NOW - 1, nbf: NOW + 1 } });
refuse("order/not-yet-valid-and-too-old", "token_not_yet_valid", NBF, {
	payload: { nbf: NOW + 1, iat: 1 },
	policy: { maxTokenAge: 600 },
});
refuse("order/exp-before-nbf", "token_not_yet_valid", NBF, { payload: { exp: NOW + 5, nbf: NOW + 10 } });
accept("order/exp-before-iat", IAT, { payload: { exp: NOW + 5, iat: NOW + 10 } });
