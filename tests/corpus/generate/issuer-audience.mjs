// RFC 7519 §4.1.1 and §4.1.3, RFC 8725 §3.8 and §3.9: iss and aud, compared letter by letter.
import { suite } from "./corpus.mjs";
import { AUDIENCE, claimsText, ISSUER } from "./token.mjs";

const { accept, refuse } = suite("issuer-audience");
const ISS = "RFC 7519 §4.1.1";
const AUD = "RFC 7519 §4.1.3";

// What is almost the wanted value.
const near = (value) => {
	const url = new URL(value);
	return {
		"trailing-slash": `${value}/`,
		prefix: value.slice(0, -1),
		"longer-by-a-letter": `${value}a`,
		"as-prefix-of-another-host": `${value}.evil.example`,
		"in-user-part": `${value}@evil.example`,
		"in-path": `https://evil.example/${value}`,
		"in-query": `https://evil.example/?${value}`,
		"with-path": `${value}/tenant`,
		"with-query": `${value}?`,
		"with-fragment": `${value}#`,
		"with-port": `${value}:443`,
		"with-dot-after-host": `${value}.`,
		"other-scheme": value.replace("https", "http"),
		"scheme-in-capitals": value.replace("https", "HTTPS"),
		"host-in-capitals": value.replace(url.host, url.host.toUpperCase()),
		"host-only": url.host,
		subdomain: value.replace("//", "//www."),
		"percent-encoded": value.replace("a", "%61"),
		"space-after": `${value} `,
		"space-before": ` ${value}`,
		"newline-after": `${value}\n`,
		"nul-after": `${value}\0`,
		"zero-width-space": value.replace(".", "\u200b."),
		"cyrillic-letter": value.replace("a", "\u0430"),
		"full-width-letter": value.replace("a", "ａ"),
		"soft-hyphen": value.replace(".", "\u00ad."),
		star: "*",
		regexp: ".*",
		"regexp-of-it": value.replaceAll(".", "-"),
		null: "null",
		undefined: "undefined",
		empty: "",
		twice: `${value} ${value}`,
		"comma-list": `${value},https://other.example`,
		"json-array": JSON.stringify([value]),
		"in-quotes": `"${value}"`,
		"in-angle-brackets": `<${value}>`,
		reversed: [...value].reverse().join(""),
	};
};
accept("iss/equal", ISS);
for (const [name, iss] of Object.entries(near(ISSUER)))
	refuse(`iss/${name}`, "issuer_mismatch", ISS, { payload: { iss } });
accept("aud/equal", AUD);
for (const [name, aud] of Object.entries(near(AUDIENCE))) {
	refuse(`aud/${name}`, "audience_mismatch", AUD, { payload: { aud } });
	refuse(`aud/${name}-in-array`, "audience_mismatch", AUD, { payload: { aud: [aud] } });
}

// The policy holds what the token lacks, and the other way round.
for (const [name, issuer] of Object.entries(near(ISSUER)))
	if (issuer) refuse(`iss/policy-${name}`, "issuer_mismatch", ISS, { policy: { issuer } });
for (const [name, audience] of Object.entries(near(AUDIENCE)))
	if (audience) refuse(`aud/policy-${name}`, "audience_mismatch", AUD, { policy: { audience } });

// Any string will do, if it is the same.
for (const [name, value] of Object.entries({
	word: "shop",
	star: "*",
	slash: `${ISSUER}/`,
	unicode: "https://b\u00fccher.example",
	uuid: "urn:uuid:6a9a2f1e-8a2c-4b6f-9f3c-1c2d3e4f5a6b",
	long: `https://example.com/${"a".repeat(500)}`,
	spaces: "the shop",
	"null-word": "null",
	"nul-inside": "a\0b",
	proto: "__proto__",
	constructor: "constructor",
})) {
	accept(`iss/same-${name}`, ISS, { payload: { iss: value }, policy: { issuer: value } });
	accept(`aud/same-${name}`, AUD, { payload: { aud: value }, policy: { audience: value } });
	accept(`aud/same-${name}-in-array`, AUD, { payload: { aud: ["other", value] }, policy: { audience: value } });
}
accept("iss/escaped", "RFC 8259 §8.3", { payload: claimsText({ iss: JSON.stringify(ISSUER).replaceAll("/", "\\/") }) });
accept("aud/escaped", "RFC 8259 §8.3", {
	payload: claimsText({ aud: JSON.stringify(AUDIENCE).replace("a", "\\u0061") }),
});
refuse("iss/normal-form-differs", "issuer_mismatch", "RFC 7519 §7.3", {
	payload: { iss: "bu\u0308cher" },
	policy: { issuer: "b\u00fccher" },
});
refuse("aud/normal-form-differs", "audience_mismatch", "RFC 7519 §7.3", {
	payload: { aud: "bu\u0308cher" },
	policy: { audience: "b\u00fccher" },
});
refuse("aud/other-case", "audience_mismatch", AUD, { payload: { aud: "Shop" }, policy: { audience: "shop" } });

// Arrays of audiences.
const array = (aud, more) => ({ payload: { aud }, ...more });
accept("aud/array-of-one", AUD, array([AUDIENCE]));
accept("aud/array-first", AUD, array([AUDIENCE, "other"]));
accept("aud/array-last", AUD, array(["other", AUDIENCE]));
accept("aud/array-twice", AUD, array([AUDIENCE, AUDIENCE]));
accept("aud/array-with-empty-string", AUD, array(["", AUDIENCE]));
accept("aud/array-of-100", AUD, array([...Array.from({ length: 99 }, (_, i) => `https://a${i}.example`), AUDIENCE]));
refuse("aud/array-without-it", "audience_mismatch", AUD, array(["a", "b"]));
refuse("aud/array-of-its-parts", "audience_mismatch", AUD, array([AUDIENCE.slice(0, 10), AUDIENCE.slice(10)]));
refuse("aud/array-of-letters", "audience_mismatch", AUD, array([...AUDIENCE]));
refuse("aud/array-empty", "audience_mismatch", AUD, array([]));
refuse("aud/array-of-empty-string", "audience_mismatch", AUD, array([""]));
accept("aud/array-empty-not-checked", AUD, array([], { policy: { audience: null } }));
for (const [name, odd] of Object.entries({
	null: null,
	true: true,
	number: 1,
	object: { aud: AUDIENCE },
	array: [AUDIENCE],
	"empty-array": [],
})) {
	refuse(`aud/array-with-${name}-first`, "claim_invalid", AUD, array([odd, AUDIENCE]));
	refuse(`aud/array-with-${name}-last`, "claim_invalid", AUD, array([AUDIENCE, odd]));
	refuse(
		`aud/array-with-${name}-not-checked`,
		"claim_invalid",
		AUD,
		array([AUDIENCE, odd], { policy: { audience: null } }),
	);
}
refuse("aud/object-with-it-as-name", "claim_invalid", AUD, array({ [AUDIENCE]: true }));
refuse("aud/object-like-an-array", "claim_invalid", AUD, array({ 0: AUDIENCE, length: 1 }));
refuse("aud/nested", "claim_invalid", AUD, array([[AUDIENCE]]));
for (const [name, iss] of Object.entries({
	array: [ISSUER],
	"array-two": [ISSUER, "https://evil.example"],
	object: { iss: ISSUER },
	"object-like-a-string": { 0: "h", length: 1 },
	number: 1,
	null: null,
})) {
	refuse(`iss/is-${name}`, "claim_invalid", ISS, { payload: { iss } });
	refuse(`iss/is-${name}-not-checked`, "claim_invalid", ISS, { payload: { iss }, policy: { issuer: null } });
}

// Lists in the policy: one of them, not all.
const ISSUERS = ["https://one.example.com", ISSUER, "https://three.example.com"];
const AUDIENCES = ["https://one.example.com", AUDIENCE, "shop"];
for (const issuer of ISSUERS)
	accept(`iss/list-has-${ISSUERS.indexOf(issuer)}`, "RFC 8725 §3.8", {
		payload: { iss: issuer },
		policy: { issuer: ISSUERS },
	});
for (const audience of AUDIENCES) {
	accept(
		`aud/list-has-${AUDIENCES.indexOf(audience)}`,
		"RFC 8725 §3.9",
		array(audience, { policy: { audience: AUDIENCES } }),
	);
	accept(
		`aud/list-has-${AUDIENCES.indexOf(audience)}-in-array`,
		"RFC 8725 §3.9",
		array(["x", audience], { policy: { audience: AUDIENCES } }),
	);
}
accept("aud/list-has-two", "RFC 8725 §3.9", array(AUDIENCES, { policy: { audience: AUDIENCES } }));
refuse("iss/list-has-none", "issuer_mismatch", "RFC 8725 §3.8", {
	payload: { iss: "https://four.example.com" },
	policy: { issuer: ISSUERS },
});
refuse("iss/list-joined", "issuer_mismatch", "RFC 8725 §3.8", {
	payload: { iss: ISSUERS.join(",") },
	policy: { issuer: ISSUERS },
});
refuse(
	"aud/list-has-none",
	"audience_mismatch",
	"RFC 8725 §3.9",
	array(["y", "z"], { policy: { audience: AUDIENCES } }),
);
refuse(
	"aud/list-joined",
	"audience_mismatch",
	"RFC 8725 §3.9",
	array(AUDIENCES.join(" "), { policy: { audience: AUDIENCES } }),
);
refuse("iss/list-missing", "claim_missing", "RFC 8725 §3.8", {
	payload: { iss: undefined },
	policy: { issuer: [ISSUER] },
});
accept("iss/list-of-one", "RFC 8725 §3.8", { policy: { issuer: [ISSUER] } });
accept("aud/list-of-one", "RFC 8725 §3.9", { policy: { audience: [AUDIENCE] } });

// Not checked means anything well-formed.
accept("iss/not-checked-other", ISS, { payload: { iss: "https://evil.example" }, policy: { issuer: null } });
accept("aud/not-checked-other", AUD, { payload: { aud: "other" }, policy: { audience: null } });
accept("aud/not-checked-array", AUD, array(["a", "b"], { policy: { audience: null } }));
refuse("iss/not-checked-aud-still-is", "audience_mismatch", AUD, {
	payload: { iss: "x", aud: "y" },
	policy: { issuer: null },
});
refuse("aud/not-checked-iss-still-is", "issuer_mismatch", ISS, {
	payload: { iss: "x", aud: "y" },
	policy: { audience: null },
});

// They are not taken for each other.
refuse("swapped", "issuer_mismatch", ISS, { payload: { iss: AUDIENCE, aud: ISSUER } });
refuse("iss-also-as-aud", "audience_mismatch", AUD, { payload: { aud: ISSUER } });
refuse("azp-is-no-aud", "audience_mismatch", AUD, { payload: { aud: "other", azp: AUDIENCE } });
refuse("client_id-is-no-aud", "audience_mismatch", AUD, { payload: { aud: "other", client_id: AUDIENCE } });
