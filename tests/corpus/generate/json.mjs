// RFC 8259, RFC 7493: the JSON of header and payload, octet for octet. Every text is signed, so that
// only the reader of the JSON decides.
import { suite } from "./corpus.mjs";
import { claimsText } from "./token.mjs";

const { accept, refuse } = suite("json");
const HEADER = '{"alg":"ES256","kid":"es256"}';
const CLAIMS = claimsText({});
const octets = (...parts) =>
	Buffer.concat(
		parts.map((part) =>
			typeof part === "number" ? Buffer.of(part) : Array.isArray(part) ? Buffer.from(part) : Buffer.from(part),
		),
	);
/** The text with one more member at the end; `value` is text or octets. */
const withMember = (text, ...value) => octets(text.slice(0, -1), ',"x":', ...value, "}");

// Text or octets made of a valid object, for the header and for the payload.
const both = (name, outcome, rfc, make) => {
	for (const [where, text] of [
		["header", HEADER],
		["payload", CLAIMS],
	]) {
		const parts = { [where]: make(text) };
		if (Buffer.isBuffer(parts[where]) || typeof parts[where] === "string") {
			if (outcome === "accept") accept(`${where}/${name}`, rfc, parts);
			else refuse(`${where}/${name}`, outcome, rfc, parts);
		}
	}
};
const good = (name, rfc, make) => both(name, "accept", rfc, make);
const bad = (name, rfc, make) => both(name, "json_invalid", rfc, make);
const goodValue = (name, value, rfc = "RFC 8259 §3") => good(`value/${name}`, rfc, (text) => withMember(text, value));
const badValue = (name, value, rfc = "RFC 8259 §3") => bad(`value/${name}`, rfc, (text) => withMember(text, value));

// Around the object.
const WHITE = "RFC 8259 §2";
for (const [name, space] of Object.entries({
	space: " ",
	tab: "\t",
	newline: "\n",
	"carriage-return": "\r",
	"all-four": " \t\r\n \t\r\n",
})) {
	good(`white-space/${name}-before`, WHITE, (text) => space + text);
	good(`white-space/${name}-after`, WHITE, (text) => text + space);
	good(`white-space/${name}-inside`, WHITE, (text) =>
		text
			.replace("{", `{${space}`)
			.replace(":", `${space}:${space}`)
			.replace(",", `${space},${space}`)
			.replace("}", `${space}}`),
	);
}
for (const [name, space] of Object.entries({
	"no-break-space": "\u00a0",
	"form-feed": "\f",
	"vertical-tab": "\v",
	nul: "\0",
	bom: "\ufeff",
	"zero-width-space": "\u200b",
	"line-separator": "\u2028",
	"next-line": "\u0085",
	"ideographic-space": "\u3000",
	backspace: "\b",
})) {
	bad(`white-space/${name}-before`, name === "bom" ? "RFC 8259 §8.1" : WHITE, (text) => space + text);
	bad(`white-space/${name}-after`, WHITE, (text) => text + space);
	bad(`white-space/${name}-inside`, WHITE, (text) => text.replace(",", `,${space}`));
}
const GRAMMAR = "RFC 8259 §2";
bad("text/empty-but-white-space", GRAMMAR, () => " ");
bad("text/unclosed", GRAMMAR, (text) => text.slice(0, -1));
bad("text/unclosed-string", GRAMMAR, (text) => `${text.slice(0, -1)},"x`);
bad("text/cut-in-member", GRAMMAR, (text) => text.slice(0, 10));
bad("text/closed-twice", GRAMMAR, (text) => `${text}}`);
bad("text/two-objects", GRAMMAR, (text) => text + text);
bad("text/object-and-word", GRAMMAR, (text) => `${text}true`);
bad("text/object-and-comma", GRAMMAR, (text) => `${text},`);
bad("text/object-and-letter", GRAMMAR, (text) => `${text}x`);
bad("text/word-and-object", GRAMMAR, (text) => `true${text}`);
bad("text/not-opened", GRAMMAR, (text) => text.slice(1));
bad("text/brackets", GRAMMAR, (text) => `[${text.slice(1, -1)}]`);
bad("text/braces-crossed", GRAMMAR, (text) => `${text.slice(0, -1)}]`);
bad("text/parentheses", GRAMMAR, (text) => `(${text})`);
bad("text/assignment", GRAMMAR, (text) => `x=${text}`);
bad("text/xssi-prefix", GRAMMAR, (text) => `)]}'\n${text}`);
bad("text/comment-block", GRAMMAR, (text) => text.replace("{", "{/* */"));
bad("text/comment-line", GRAMMAR, (text) => text.replace("{", "{//\n"));
bad("text/comment-hash", GRAMMAR, (text) => text.replace("{", "{#\n"));
bad("text/comment-html", GRAMMAR, (text) => `${text}<!-- -->`);
bad("text/utf-16-le", "RFC 8259 §8.1", (text) => Buffer.from(text, "utf16le"));
both("text/utf-16-le-with-bom", "utf8_invalid", "RFC 8259 §8.1", (text) =>
	octets(0xff, 0xfe, Buffer.from(text, "utf16le")),
);
bad("text/utf-16-be", "RFC 8259 §8.1", (text) => Buffer.from(text, "utf16le").swap16());
bad("text/utf-32", "RFC 8259 §8.1", (text) =>
	Buffer.from([...text].flatMap((letter) => [0, 0, 0, letter.codePointAt(0)])),
);
bad("text/utf-7", "RFC 8259 §8.1", (text) => text.replace("{", "+AHs-"));
bad("text/utf-8-bom", "RFC 8259 §8.1", (text) => octets([0xef, 0xbb, 0xbf], text));

// Objects.
const OBJECT = "RFC 8259 §4";
bad("object/trailing-comma", OBJECT, (text) => `${text.slice(0, -1)},}`);
bad("object/leading-comma", OBJECT, (text) => text.replace("{", "{,"));
bad("object/double-comma", OBJECT, (text) => text.replace(",", ",,"));
bad("object/no-comma", OBJECT, (text) => text.replace(",", " "));
bad("object/no-colon", OBJECT, (text) => text.replace(":", " "));
bad("object/double-colon", OBJECT, (text) => text.replace(":", "::"));
bad("object/equals-sign", OBJECT, (text) => text.replace(":", "="));
bad("object/semicolon", OBJECT, (text) => text.replace(",", ";"));
bad("object/name-without-quotes", OBJECT, (text) => text.replace("{", "{x:1,"));
bad("object/name-in-apostrophes", OBJECT, (text) => text.replace("{", "{'x':1,"));
bad("object/name-is-number", OBJECT, (text) => text.replace("{", "{1:1,"));
bad("object/name-is-null", OBJECT, (text) => text.replace("{", "{null:1,"));
bad("object/name-is-object", OBJECT, (text) => text.replace("{", "{{}:1,"));
bad("object/name-without-value", OBJECT, (text) => text.replace("{", '{"x",'));
bad("object/value-missing", OBJECT, (text) => text.replace("{", '{"x":,'));
bad("object/value-missing-at-end", OBJECT, (text) => `${text.slice(0, -1)},"x":}`);
bad("object/only-value", OBJECT, (text) => text.replace("{", "{:1,"));
bad("object/spread", OBJECT, (text) => text.replace("{", "{...{},"));
good("object/empty-name", OBJECT, (text) => text.replace("{", '{"":1,'));
good("object/nested-empty", OBJECT, (text) => text.replace("{", '{"x":{},"y":[],'));

// Arrays.
const ARRAY = "RFC 8259 §5";
for (const [name, value] of Object.entries({
	"trailing-comma": "[1,]",
	"leading-comma": "[,1]",
	"double-comma": "[1,,2]",
	"only-comma": "[,]",
	"no-comma": "[1 2]",
	unclosed: "[1",
	colon: "[1:2]",
	"closed-by-brace": "[1}",
}))
	badValue(`array-${name}`, value, ARRAY);
for (const [name, value] of Object.entries({
	empty: "[]",
	mixed: '[1,"a",null,true,{},[]]',
	"white-space": "[ 1 ,\t2 ,\r\n3 ]",
}))
	goodValue(`array-${name}`, value, ARRAY);

// Literals.
for (const value of [
	"True",
	"TRUE",
	"False",
	"Null",
	"NULL",
	"nil",
	"None",
	"undefined",
	"tru",
	"truee",
	"nul",
	"yes",
	"NaN",
	"Infinity",
	"-Infinity",
	"nan",
	"inf",
])
	badValue(`literal-${value}`, value);
for (const value of ["true", "false", "null"]) goodValue(`literal-${value}`, value);

// Numbers.
const NUMBER = "RFC 8259 §6";
for (const value of [
	"01",
	"-01",
	"00",
	"-",
	"+1",
	".5",
	"-.5",
	"1.",
	"1.e1",
	"1e",
	"1e+",
	"1e-",
	"1E",
	"0x10",
	"0b1",
	"0o7",
	"1_000",
	"1,5",
	"1e1.5",
	"1.2.3",
	"--1",
	"- 1",
	"1 .5",
	"1e 5",
	"١",
	"1n",
	"1d",
	"0.0.0",
	"½",
	"1f",
])
	badValue(`number-${value}`, value, NUMBER);
for (const value of [
	"0",
	"-0",
	"0.0",
	"-0.0",
	"1",
	"-1",
	"1.5",
	"1e5",
	"1E5",
	"1e+5",
	"1e-5",
	"1.5e300",
	"0e0",
	"0E+1",
	"1e400",
	"-1e400",
	"1e-400",
	"123456789012345678901234567890",
	"0.1234567890123456789012345678901234567890",
	"1e99999999999999999999",
])
	goodValue(`number-${value}`, value, NUMBER);

// Strings.
const STRING = "RFC 8259 §7";
for (let code = 0; code < 0x20; code += 1)
	badValue(`string-control-${code.toString(16).padStart(2, "0")}`, octets('"', code, '"'), STRING);
goodValue("string-delete", octets('"', 0x7f, '"'), STRING);
for (const [name, value] of Object.entries({
	"escape-x": '"\\x41"',
	"escape-v": '"\\v"',
	"escape-0": '"\\0"',
	"escape-a": '"\\a"',
	"escape-apostrophe": '"\\\'"',
	"escape-capital-u": '"\\U0041"',
	"escape-brace": '"\\u{41}"',
	"escape-newline": '"\\\n"',
	"escape-u-short": '"\\u004"',
	"escape-u-none": '"\\u"',
	"escape-u-not-hex": '"\\u00g1"',
	"escape-u-sign": '"\\u+041"',
	"escape-u-minus": '"\\u-041"',
	"escape-u-space": '"\\u 041"',
	"escape-u-full-width": '"\\u００４１"',
	"escape-at-end": '"\\',
	apostrophes: "'x'",
	backticks: "`x`",
	"no-quotes": "x",
	"typographic-quotes": "“x”",
	concatenated: '"a" "b"',
	added: '"a"+"b"',
}))
	badValue(`string-${name}`, value, STRING);
for (const [name, value] of Object.entries({
	empty: '""',
	"all-escapes": '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041"',
	"escape-u-lower": '"\\u00e9\\u00ff"',
	"escape-u-upper": '"\\u00E9\\u00FF"',
	"escaped-nul": '"\\u0000"',
	"escaped-controls": '"\\u0001\\u001f\\u007f"',
	"line-separators": '"\u2028\u2029"',
	"non-characters": '"\uffff\ufffe\ufdd0"',
	"escaped-non-characters": '"\\uffff\\ufffe\\ufdd0"',
	bom: '"\ufeff"',
	"replacement-character": '"\ufffd"',
	astral: '"\u{1f600}\u{10ffff}"',
	combining: '"e\u0301"',
	"right-to-left": '"\u202e"',
}))
	goodValue(`string-${name}`, value, STRING);

// Surrogates (RFC 7493 §2.1, RFC 8259 §8.2).
const SURROGATE = "RFC 7493 §2.1";
for (const [name, value] of Object.entries({
	"high-alone": "\\ud800",
	"low-alone": "\\udc00",
	"high-last": "a\\udbff",
	"low-last": "a\\udfff",
	"high-then-letter": "\\ud800a",
	"high-then-escaped-letter": "\\ud800\\u0061",
	"high-then-high": "\\ud800\\ud800",
	"high-then-newline": "\\ud83d\\n",
	reversed: "\\ude00\\ud83d",
	"high-pair-high": "\\ud800\\ud83d\\ude00",
	"pair-then-low": "\\ud83d\\ude00\\udc00",
	"high-then-half-escape": "\\ud83d\\u",
	"high-then-escaped-backslash": "\\ud83d\\\\ude00",
	capitals: "\\uD800",
})) {
	badValue(`surrogate-${name}`, `"${value}"`, SURROGATE);
	if (["high-alone", "low-alone", "reversed"].includes(name)) {
		bad(`name/surrogate-${name}`, SURROGATE, (text) => text.replace("{", `{"${value}":1,`));
		bad(`nested/surrogate-${name}`, SURROGATE, (text) => withMember(text, `[{"a":["${value}"]}]`));
	}
}
for (const [name, value] of Object.entries({
	pair: "\\ud83d\\ude00",
	"pair-capitals": "\\uD83D\\uDE00",
	"two-pairs": "\\ud83d\\ude00\\ud83d\\ude00",
	lowest: "\\ud800\\udc00",
	highest: "\\udbff\\udfff",
	"just-below": "\\ud7ff",
	"just-above": "\\ue000",
	"escaped-backslash-is-none": "\\\\ud800",
}))
	goodValue(`surrogate-${name}`, `"${value}"`, "RFC 8259 §7");

// UTF-8, checked in every octet, read or not (RFC 3629 §3, §4).
const UTF8 = "RFC 3629 §3";
const sequences = {
	"continuation-alone": [0x80],
	"continuation-last-alone": [0xbf],
	"two-continuations": [0x80, 0xbf],
	"lead-2-alone": [0xc3],
	"lead-2-then-letter": [0xc3, 0x28],
	"lead-2-then-lead-2": [0xc3, 0xc3, 0xa9],
	"lead-3-alone": [0xe2],
	"lead-3-cut": [0xe2, 0x82],
	"lead-3-cut-then-letter": [0xe2, 0x82, 0x41],
	"lead-3-bad-second": [0xe2, 0x28, 0xa1],
	"lead-4-alone": [0xf0],
	"lead-4-cut": [0xf0, 0x9f, 0x98],
	"lead-4-bad-third": [0xf0, 0x9f, 0x28, 0x80],
	"lead-5": [0xf8, 0x88, 0x80, 0x80, 0x80],
	"lead-6": [0xfc, 0x84, 0x80, 0x80, 0x80, 0x80],
	"octet-c0": [0xc0],
	"octet-c1": [0xc1],
	"octet-f5": [0xf5],
	"octet-fe": [0xfe],
	"octet-ff": [0xff],
	"overlong-2-slash": [0xc0, 0xaf],
	"overlong-2-nul": [0xc0, 0x80],
	"overlong-2-last": [0xc1, 0xbf],
	"overlong-3-slash": [0xe0, 0x80, 0xaf],
	"overlong-3-last": [0xe0, 0x9f, 0xbf],
	"overlong-4-slash": [0xf0, 0x80, 0x80, 0xaf],
	"overlong-4-last": [0xf0, 0x8f, 0xbf, 0xbf],
	"surrogate-high": [0xed, 0xa0, 0x80],
	"surrogate-high-last": [0xed, 0xaf, 0xbf],
	"surrogate-low": [0xed, 0xb0, 0x80],
	"surrogate-low-last": [0xed, 0xbf, 0xbf],
	"surrogate-pair-cesu-8": [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80],
	"beyond-unicode": [0xf4, 0x90, 0x80, 0x80],
	"beyond-unicode-f7": [0xf7, 0xbf, 0xbf, 0xbf],
	"latin-1": [0xe9],
	"latin-1-word": [0x63, 0x61, 0x66, 0xe9],
	"windows-quotes": [0x93, 0x94],
};
for (const [name, sequence] of Object.entries(sequences))
	both(`utf8/${name}`, "utf8_invalid", UTF8, (text) => withMember(text, '"', sequence, '"'));
for (const name of ["continuation-alone", "overlong-2-slash", "surrogate-high", "octet-ff"]) {
	const sequence = sequences[name];
	both(`utf8/in-name-${name}`, "utf8_invalid", UTF8, (text) => octets(text.slice(0, -1), ',"', sequence, '":1}'));
	both(`utf8/nested-${name}`, "utf8_invalid", UTF8, (text) => withMember(text, '[{"a":{"b":["', sequence, '"]}}]'));
	both(`utf8/outside-strings-${name}`, "utf8_invalid", UTF8, (text) =>
		octets(text.replace(",", ", ").slice(0, -1), sequence, "}"),
	);
	both(`utf8/after-the-object-${name}`, "utf8_invalid", UTF8, (text) => octets(text, sequence));
	both(`utf8/before-the-object-${name}`, "utf8_invalid", UTF8, (text) => octets(sequence, text));
}
for (const [name, sequence] of Object.entries({
	"two-octets-first": [0xc2, 0x80],
	"two-octets-last": [0xdf, 0xbf],
	"three-octets-first": [0xe0, 0xa0, 0x80],
	"before-surrogates": [0xed, 0x9f, 0xbf],
	"after-surrogates": [0xee, 0x80, 0x80],
	"three-octets-last": [0xef, 0xbf, 0xbf],
	"four-octets-first": [0xf0, 0x90, 0x80, 0x80],
	"four-octets-last": [0xf4, 0x8f, 0xbf, 0xbf],
}))
	good(`utf8/valid-${name}`, UTF8, (text) => withMember(text, '"', sequence, '"'));

// Duplicates in the payload, at any depth, after unescaping (RFC 7519 §4).
const DUPLICATE = "RFC 7519 §4";
const duplicate = (name, payload, more) =>
	refuse(`payload/duplicates/${name}`, "json_duplicate_member", DUPLICATE, { payload, ...more });
for (const claim of ["iss", "sub", "aud", "exp", "iat"]) {
	const again = CLAIMS.match(new RegExp(`"${claim}":(?:"[^"]*"|\\d+)`))[0];
	duplicate(`${claim}-same-value`, `${CLAIMS.slice(0, -1)},${again}}`);
	duplicate(
		`${claim}-escaped-name`,
		`${CLAIMS.slice(0, -1)},${again.replace(`"${claim[0]}`, `"\\u00${claim.charCodeAt(0).toString(16)}`)}}`,
	);
}
duplicate("exp-expired-first", CLAIMS.replace("{", '{"exp":1,'));
duplicate("exp-expired-last", `${CLAIMS.slice(0, -1)},"exp":1}`);
duplicate("sub-admin-last", `${CLAIMS.slice(0, -1)},"sub":"admin"}`);
duplicate("unread", `${CLAIMS.slice(0, -1)},"x":1,"x":1}`);
duplicate("unread-null", `${CLAIMS.slice(0, -1)},"x":null,"x":null}`);
duplicate("empty-name", `${CLAIMS.slice(0, -1)},"":1,"":1}`);
duplicate("nested", `${CLAIMS.slice(0, -1)},"x":{"y":1,"y":2}}`);
duplicate("nested-escaped", `${CLAIMS.slice(0, -1)},"x":{"y":1,"\\u0079":2}}`);
duplicate("deep", `${CLAIMS.slice(0, -1)},"x":[[[{"a":{"b":[{"y":1,"y":2}]}}]]]}`);
duplicate("in-second-element", `${CLAIMS.slice(0, -1)},"x":[{"y":1},{"y":1,"z":1,"z":2}]}`);
duplicate("escaped-both", `${CLAIMS.slice(0, -1)},"\\u0078":1,"\\u0078":2}`);
duplicate("escaped-differently", `${CLAIMS.slice(0, -1)},"k\\u006b":1,"\\u006bk":2}`);
duplicate("escaped-in-other-case", `${CLAIMS.slice(0, -1)},"\\u00e9":1,"\\u00E9":2}`);
duplicate("escaped-slash", `${CLAIMS.slice(0, -1)},"/":1,"\\/":2}`);
duplicate("escaped-quote", `${CLAIMS.slice(0, -1)},"\\"":1,"\\u0022":2}`);
duplicate("escaped-backslash", `${CLAIMS.slice(0, -1)},"\\\\":1,"\\u005c":2}`);
duplicate("escaped-pair", `${CLAIMS.slice(0, -1)},"\u{1f600}":1,"\\ud83d\\ude00":2}`);
duplicate("escaped-newline", `${CLAIMS.slice(0, -1)},"\\n":1,"\\u000a":2}`);
duplicate("nul-in-name", `${CLAIMS.slice(0, -1)},"a\\u0000b":1,"a\\u0000b":2}`);
duplicate(
	"forty-members-first-and-last",
	`${CLAIMS.slice(0, -1)},${Array.from({ length: 40 }, (_, i) => `"m${i}":${i}`).join(",")},"m0":1}`,
);
duplicate(
	"after-400-members",
	`${CLAIMS.slice(0, -1)},${Array.from({ length: 400 }, (_, i) => `"m${i}":${i}`).join(",")},"m399":1}`,
);
duplicate("three-times", `${CLAIMS.slice(0, -1)},"x":1,"x":2,"x":3}`);
duplicate("in-unread-object-of-aud-checked-token", `${CLAIMS.slice(0, -1)},"cnf":{"jkt":"a","jkt":"b"}}`);
const distinct = (name, members) =>
	accept(`payload/duplicates/none-${name}`, DUPLICATE, { payload: `${CLAIMS.slice(0, -1)},${members}}` });
distinct("other-case", '"EXP":1,"Exp":2');
distinct("other-depth", '"x":{"exp":1,"iss":"x"}');
distinct("siblings", '"x":[{"y":1},{"y":2}]');
distinct("normal-forms", '"\u00e9":1,"e\u0301":2');
distinct("nul-after", '"x":1,"x\\u0000":2');
distinct("escaped-backslash-u", '"x":1,"\\\\u0078":2');
distinct("same-values", '"x":1,"y":1');
distinct("values-look-like-names", '"x":"y","y":"x"');
distinct("forty-members", Array.from({ length: 40 }, (_, i) => `"m${i}":${i}`).join(","));
distinct("full-width", '"x":1,"ｘ":2');

// Depth: 64 levels, the object itself being the first.
const nest = (open, close, depth, inner = "") => open.repeat(depth) + inner + close.repeat(depth);
const DEPTH = "RFC 8259 §9";
for (const [name, make] of Object.entries({
	arrays: (n) => nest("[", "]", n),
	objects: (n) => nest('{"a":', "}", n - 1, "{}"),
})) {
	good(`depth/${name}-10`, DEPTH, (text) => withMember(text, make(9)));
	good(`depth/${name}-63`, DEPTH, (text) => withMember(text, make(62)));
	good(`depth/${name}-64`, DEPTH, (text) => withMember(text, make(63)));
	for (const depth of [65, 66, 100])
		both(`depth/${name}-${depth}`, "json_too_deep", DEPTH, (text) => withMember(text, make(depth - 1)));
}
good("depth/many-siblings-64", DEPTH, (text) =>
	withMember(text, `[${Array.from({ length: 3 }, () => nest("[", "]", 62)).join(",")}]`),
);
good("depth/brackets-in-strings", DEPTH, (text) => withMember(text, `"${"[{".repeat(200)}"`));
good("depth/wide", DEPTH, (text) => withMember(text, `[${Array.from({ length: 500 }, () => "[]").join(",")}]`));
both("depth/2000-never-closed", "json_too_deep", DEPTH, () => "[".repeat(2000));
both("depth/2000-objects-never-closed", "json_too_deep", DEPTH, () => '{"a":'.repeat(2000));
bad("depth/60-never-closed", DEPTH, () => "[".repeat(60));
