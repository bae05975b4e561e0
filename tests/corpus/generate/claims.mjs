// RFC 7519 §4.1 and §7.2: the claims set and its registered claims, each with every JSON type.
import { suite } from "./corpus.mjs";
import { AUDIENCE, base64url, CLAIMS, claimsText, ISSUER, NOW } from "./token.mjs";

const { accept, refuse } = suite("claims");
const SET = "RFC 7519 §7.2";
const raw = (texts, more) => ({ payload: claimsText(texts), ...more });

// The payload is an object.
accept("set/usual", SET);
accept("set/only-exp", "RFC 7519 §4.1", { payload: `{"exp":${NOW + 300}}`, policy: "@unchecked" });
accept("set/empty-when-nothing-is-required", "RFC 7519 §4.1", {
	payload: "{}",
	policy: { issuer: null, audience: null, requiredClaims: [] },
});
for (const [name, text] of Object.entries({
	null: "null",
	true: "true",
	false: "false",
	number: "1",
	zero: "0",
	string: '"claims"',
	"empty-string": '""',
	array: "[]",
	"array-of-claims": `[${claimsText({})}]`,
})) {
	refuse(`set/is-${name}`, "claims_invalid", SET, { payload: text });
	refuse(`set/is-${name}-nothing-required`, "claims_invalid", SET, {
		payload: text,
		policy: { issuer: null, audience: null, requiredClaims: [] },
	});
}

// Every JSON type in every registered claim, whether the policy looks at it or not.
const TYPES = {
	null: "null",
	true: "true",
	false: "false",
	number: "1",
	zero: "0",
	string: '"text"',
	"empty-string": '""',
	"numeric-string": `"${NOW + 300}"`,
	object: "{}",
	"object-with-members": '{"a":1}',
	"empty-array": "[]",
	"array-of-string": '["text"]',
	"array-of-number": "[1]",
	"array-of-null": "[null]",
	"array-of-array": '[["text"]]',
	"array-of-object": "[{}]",
	"array-mixed": '["text",1]',
};
const strings = ["string", "empty-string", "numeric-string"];
const RULES = {
	iss: { legal: strings, rfc: "RFC 7519 §4.1.1" },
	sub: { legal: strings, rfc: "RFC 7519 §4.1.2" },
	aud: { legal: [...strings, "empty-array", "array-of-string"], rfc: "RFC 7519 §4.1.3" },
	exp: { legal: ["number", "zero"], rfc: "RFC 7519 §4.1.4", outcome: "token_expired" },
	nbf: { legal: ["number", "zero"], rfc: "RFC 7519 §4.1.5" },
	iat: { legal: ["number", "zero"], rfc: "RFC 7519 §4.1.6" },
	jti: { legal: strings, rfc: "RFC 7519 §4.1.7" },
};
for (const [claim, { legal, rfc, outcome = "accept" }] of Object.entries(RULES))
	for (const [type, text] of Object.entries(TYPES)) {
		const parts = raw({ [claim]: text }, { policy: "@unchecked" });
		const name = `${claim}/is-${type}`;
		if (!legal.includes(type)) refuse(name, "claim_invalid", rfc, parts);
		else if (outcome === "accept") accept(name, rfc, parts);
		else refuse(name, outcome, rfc, parts);
	}
// Types decide before values: each of the above under a policy that looks at the claim.
const LOOKING = {
	iss: [{ issuer: ISSUER }, "issuer_mismatch"],
	sub: [{ subject: "user-1" }, "subject_mismatch"],
	aud: [{ audience: AUDIENCE }, "audience_mismatch"],
	iat: [{ maxTokenAge: 600 }, "token_too_old"],
};
for (const [claim, [policy, mismatch]] of Object.entries(LOOKING))
	for (const [type, text] of Object.entries(TYPES)) {
		const { legal, rfc } = RULES[claim];
		refuse(
			`${claim}/checked-is-${type}`,
			legal.includes(type) ? mismatch : "claim_invalid",
			rfc,
			raw({ [claim]: text }, { policy }),
		);
	}

// Claims nobody registered may be anything.
for (const [type, text] of Object.entries({
	...TYPES,
	"huge-number": "1e400",
	"huge-negative": "-1e999",
	"long-number": "1".repeat(400),
	"deep-number": '{"a":[{"b":1e400}]}',
}))
	accept(`unread/is-${type}`, "RFC 7519 §4", raw({ "https://example.com/claim": text }));
accept("unread/empty-name", "RFC 7519 §4", raw({ "": '"x"' }));
accept("unread/unicode-name", "RFC 7519 §4", raw({ "naïve-名前": '"x"' }));

// Required claims. Absent means missing, whatever asked for it.
for (const claim of ["exp", "iss", "aud"])
	refuse(`missing/${claim}`, "claim_missing", RULES[claim].rfc, { payload: { [claim]: undefined } });
for (const claim of ["sub", "nbf", "iat", "jti"])
	accept(`missing/${claim}-is-optional`, RULES[claim].rfc, { payload: { [claim]: undefined } });
accept("missing/exp-requirement-lifted", "RFC 7519 §4.1.4", {
	payload: { exp: undefined },
	policy: { requiredClaims: [] },
});
accept("missing/iss-not-checked", "RFC 7519 §4.1.1", { payload: { iss: undefined }, policy: { issuer: null } });
accept("missing/aud-not-checked", "RFC 7519 §4.1.3", { payload: { aud: undefined }, policy: { audience: null } });
refuse("missing/sub-asked-for", "claim_missing", "RFC 7519 §4.1.2", {
	payload: { sub: undefined },
	policy: { subject: "user-1" },
});
refuse("missing/iat-for-maxTokenAge", "claim_missing", "RFC 7519 §4.1.6", {
	payload: { iat: undefined },
	policy: { maxTokenAge: 600 },
});
const FINE = new Map(
	Object.entries({
		exp: `${NOW + 300}`,
		nbf: "1",
		iat: "1",
		aud: JSON.stringify(AUDIENCE),
		iss: JSON.stringify(ISSUER),
	}),
);
for (const claim of [
	"exp",
	"nbf",
	"iat",
	"sub",
	"jti",
	"iss",
	"aud",
	"scope",
	"client_id",
	"constructor",
	"__proto__",
	"toString",
	"hasOwnProperty",
	"valueOf",
	"length",
	"",
]) {
	const policy = { requiredClaims: [claim] };
	const written = claim === "" ? "empty-name" : claim;
	const fine = FINE.get(claim) ?? '"x"';
	refuse(
		`required/${written}-missing`,
		"claim_missing",
		"RFC 7519 §4",
		raw({ [claim]: undefined }, { policy, payload: claimsText({}, without(claim)) }),
	);
	accept(`required/${written}-present`, "RFC 7519 §4", {
		policy,
		payload: claimsText({}, without(claim)).replace("{", `{${JSON.stringify(claim)}:${fine},`),
	});
}
refuse("required/second-missing", "claim_missing", "RFC 7519 §4", { policy: { requiredClaims: ["exp", "scope"] } });
accept("required/both-present", "RFC 7519 §4", {
	payload: { scope: "read" },
	policy: { requiredClaims: ["exp", "scope"] },
});
accept("required/replaces-exp", "RFC 7519 §4", { payload: { exp: undefined }, policy: { requiredClaims: ["sub"] } });
refuse("required/lifted-exp-still-holds", "token_expired", "RFC 7519 §4.1.4", {
	payload: { exp: NOW - 1 },
	policy: { requiredClaims: [] },
});
refuse("required/name-in-other-case", "claim_missing", "RFC 7519 §4", {
	payload: { Scope: "read" },
	policy: { requiredClaims: ["scope"] },
});
refuse("required/name-nested", "claim_missing", "RFC 7519 §4", {
	payload: { nested: { scope: "read" } },
	policy: { requiredClaims: ["scope"] },
});
function without(claim) {
	return Object.fromEntries(Object.entries(CLAIMS).filter(([name]) => name !== claim));
}

// Names that JavaScript gives a meaning are ordinary names.
const polluted = (inner) => `{"__proto__":${inner},"sub":"user-1"}`;
refuse("prototype/exp-only-there", "claim_missing", "RFC 7519 §4", { payload: polluted(claimsText({})) });
refuse("prototype/exp-only-there-nothing-checked", "claim_missing", "RFC 7519 §4", {
	payload: polluted(claimsText({})),
	policy: "@unchecked",
});
refuse("prototype/iss-only-there", "claim_missing", "RFC 7519 §4.1.1", {
	payload: claimsText({ iss: undefined, __proto: "1" })
		.replace("__proto", "__proto__")
		.replace('"__proto__":1', `"__proto__":{"iss":"${ISSUER}"}`),
});
refuse("prototype/aud-only-in-constructor", "claim_missing", "RFC 7519 §4.1.3", {
	payload: claimsText({ aud: undefined, constructor: `{"prototype":{"aud":"${AUDIENCE}"}}` }),
});
accept("prototype/present-as-claim", "RFC 7519 §4", {
	payload: claimsText({}).replace("{", '{"__proto__":{"isAdmin":true},'),
});
accept("prototype/is-null", "RFC 7519 §4", { payload: claimsText({}).replace("{", '{"__proto__":null,') });
accept("prototype/constructor-present", "RFC 7519 §4", raw({ constructor: '{"prototype":{"isAdmin":true}}' }));
refuse("prototype/escaped-exp-only-there", "claim_missing", "RFC 7519 §4", {
	payload: `{"\\u005f_proto__":${claimsText({})},"sub":"user-1"}`,
	policy: "@unchecked",
});
refuse("prototype/twice", "json_duplicate_member", "RFC 7519 §4", {
	payload: claimsText({}).replace("{", '{"__proto__":1,"\\u005f\\u005fproto__":2,'),
});

// Header members do not become claims (RFC 7519 §5.3 is for encrypted tokens).
refuse("header/exp-only-there", "claim_missing", "RFC 7519 §5.3", {
	header: { exp: NOW + 300 },
	payload: { exp: undefined },
});
refuse("header/iss-only-there", "claim_missing", "RFC 7519 §5.3", {
	header: { iss: ISSUER },
	payload: { iss: undefined },
});
refuse("header/aud-only-there", "claim_missing", "RFC 7519 §5.3", {
	header: { aud: AUDIENCE },
	payload: { aud: undefined },
});
accept("header/iss-differs-and-is-not-read", "RFC 7519 §5.3", { header: { iss: "https://evil.example.com", exp: 1 } });

// Claims in another case are other claims.
refuse("names/EXP", "claim_missing", "RFC 7519 §4", { payload: { exp: undefined, EXP: NOW + 300 } });
refuse("names/Iss", "claim_missing", "RFC 7519 §4", { payload: { iss: undefined, Iss: ISSUER } });
refuse("names/exp-with-space", "claim_missing", "RFC 7519 §4", { payload: { exp: undefined, "exp ": NOW + 300 } });
refuse("names/exp-with-nul", "claim_missing", "RFC 7519 §4", { payload: { exp: undefined, "exp\0": NOW + 300 } });
accept("names/exp-escaped", "RFC 8259 §8.3", { payload: claimsText({}).replace('"exp"', '"\\u0065xp"') });
accept("names/EXP-beside-exp", "RFC 7519 §4", { payload: { EXP: 1 } });

// subject
accept("sub/asked-for", "RFC 7519 §4.1.2", { policy: { subject: "user-1" } });
for (const [name, sub] of Object.entries({
	prefix: "user-",
	longer: "user-10",
	"other-case": "User-1",
	"space-after": "user-1 ",
	empty: "",
}))
	refuse(`sub/${name}`, "subject_mismatch", "RFC 7519 §4.1.2", { payload: { sub }, policy: { subject: "user-1" } });

// Signatures are checked before claims are read.
for (const [name, payload] of Object.entries({
	"not-json": "claims",
	"not-utf8": Buffer.of(0xff),
	"not-an-object": "[]",
	expired: { exp: 1 },
	duplicates: '{"a":1,"a":2}',
	"too-deep": "[".repeat(100),
}))
	refuse(`unsigned/${name}`, "signature_invalid", "RFC 7515 §5.2", { payload, signature: Buffer.alloc(64, 1) });
refuse("unsigned/claims-of-another", "signature_invalid", "RFC 7515 §5.2", {
	after: (token) =>
		token.replace(/\.[^.]+\./, `.${base64url(JSON.stringify({ ...CLAIMS, iss: "https://evil.example.com" }))}.`),
});
