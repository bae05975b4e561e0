// RFC 7515 §7.1 and §5.2: three segments, nothing around them, a size that is bounded.
import { suite } from "./corpus.mjs";
import { base64url, CLAIMS, mint } from "./token.mjs";

const { accept, refuse } = suite("structure");
const good = mint({});
const [header, payload, signature] = good.split(".");
const JWS = "RFC 7515 §7.1";
const PARSE = "RFC 7515 §5.2";

accept("three-segments", JWS);

// Segment counts.
const malformed = (name, token, rfc = JWS) => refuse(name, "token_malformed", rfc, { token });
malformed("empty", "");
malformed("segments/one", header);
malformed("segments/two", `${header}.${payload}`);
malformed("segments/two-payload-signature", `${payload}.${signature}`);
malformed("segments/four", `${good}.${signature}`);
malformed("segments/four-empty-last", `${good}.`);
malformed("segments/four-empty-first", `.${good}`);
malformed("segments/four-empty-middle", `${header}..${payload}.${signature}`);
malformed("segments/six", `${good}.a.b.c`);
malformed("segments/seven", `${good}.${good}.a`);
malformed("segments/two-tokens", `${good}.${good}`);
malformed("segments/dot", ".");
malformed("segments/two-dots", "..");
malformed("segments/three-dots", "...");
refuse("segments/four-dots", "token_encrypted", "RFC 7516 §7.1", { token: "...." });
malformed("segments/five-dots", ".....");
malformed("segments/many-dots", ".".repeat(16_384));
malformed("segments/many-letters", "a".repeat(2000));
malformed("segments/trailing-dots", `${good}${".".repeat(1000)}`);
malformed("segments/empty-header", `.${payload}.${signature}`);
malformed("segments/empty-payload", mint({ segments: (head) => [head, ""] }), "RFC 7519 §7.2");
malformed("segments/only-payload", `.${payload}.`);
malformed("segments/only-header", `${header}..`);
malformed("segments/only-signature", `..${signature}`);
malformed("segments/detached", `${header}..${signature}`, "RFC 7515 Appendix F");

// A JWE has five.
const jwe = [
	base64url('{"alg":"dir","enc":"A128GCM"}'),
	"",
	base64url("twelve bytes"),
	base64url("secret"),
	base64url("sixteen byte tag"),
].join(".");
const jweKey = [
	base64url('{"alg":"RSA-OAEP","enc":"A256GCM"}'),
	base64url(Buffer.alloc(256, 7)),
	base64url("twelve bytes"),
	base64url("secret"),
	base64url("sixteen byte tag"),
].join(".");
refuse("jwe/direct", "token_encrypted", "RFC 7516 §7.1", { token: jwe });
refuse("jwe/rsa-oaep", "token_encrypted", "RFC 7516 §7.1", { token: jweKey, keys: "rsa2048" });
refuse("jwe/signed-token-with-two-more", "token_encrypted", "RFC 7516 §9", { token: `${good}.a.b` });
refuse("jwe/three-segments-enc-header", "alg_unsupported", "RFC 7516 §9", {
	header: { alg: "RSA-OAEP", enc: "A256GCM" },
	alg: "ES256",
});

// A nested token is a payload that is no JSON object.
refuse("nested/signed-token", "json_invalid", "RFC 7519 §7.2", { header: { cty: "JWT" }, payload: good });
refuse("nested/signed-token-without-cty", "json_invalid", "RFC 7519 §7.2", { payload: good });
refuse("nested/in-quotes", "claims_invalid", "RFC 7519 §7.2", {
	header: { cty: "JWT" },
	payload: JSON.stringify(good),
});
accept("nested/cty-with-plain-claims", "RFC 7519 §5.2", { header: { cty: "JWT" } });

// Characters around and between.
const strange = {
	space: " ",
	tab: "\t",
	newline: "\n",
	"carriage-return": "\r",
	crlf: "\r\n",
	"form-feed": "\f",
	"vertical-tab": "\v",
	nul: "\0",
	bom: "\ufeff",
	"zero-width-space": "\u200b",
	"zero-width-joiner": "\u200d",
	"word-joiner": "\u2060",
	"no-break-space": "\u00a0",
	"line-separator": "\u2028",
	"soft-hyphen": "\u00ad",
	quote: '"',
	apostrophe: "'",
	comma: ",",
	semicolon: ";",
	"next-line": "\u0085",
};
for (const [name, text] of Object.entries(strange)) {
	const invalid = (where, token) => refuse(`around/${name}/${where}`, "base64url_invalid", "RFC 7515 §2", { token });
	invalid("before", text + good);
	invalid("after", good + text);
	invalid("before-first-dot", good.replace(".", `${text}.`));
	invalid("after-first-dot", good.replace(".", `.${text}`));
	invalid("before-last-dot", `${header}.${payload}${text}.${signature}`);
	invalid("after-last-dot", `${header}.${payload}.${text}${signature}`);
}
refuse("around/bearer-scheme", "base64url_invalid", "RFC 6750 §2.1", { token: `Bearer ${good}` });
refuse("around/quotes", "base64url_invalid", "RFC 7515 §2", { token: `"${good}"` });
refuse("around/angle-brackets", "base64url_invalid", "RFC 7515 §2", { token: `<${good}>` });
refuse("around/fragment", "base64url_invalid", "RFC 7515 §2", { token: `#access_token=${good}` });
refuse("around/only-white-space", "token_malformed", JWS, { token: "   " });

// What looks like a dot is none.
const dots = {
	percent: "%2E",
	"percent-lower": "%2e",
	"html-entity": "&#46;",
	"backslash-u": "\\u002e",
	fullwidth: "\uff0e",
	ideographic: "\u3002",
	"one-dot-leader": "\u2024",
	"middle-dot": "\u00b7",
	"combining-dot": "\u0307",
};
for (const [name, dot] of Object.entries(dots)) {
	malformed(`dots/${name}/both`, [header, payload, signature].join(dot));
	malformed(`dots/${name}/first`, `${header}${dot}${payload}.${signature}`);
	malformed(`dots/${name}/last`, `${header}.${payload}${dot}${signature}`);
}
refuse("dots/percent/extra", "base64url_invalid", "RFC 7515 §2", { token: `${header}.${payload}%2E.${signature}` });

// JSON serializations, and polyglots of them and the compact form.
const flattened = { payload, protected: header, signature };
malformed("json/flattened", JSON.stringify(flattened), "RFC 7515 §7.2.2");
malformed(
	"json/general",
	JSON.stringify({ payload, signatures: [{ protected: header, signature }] }),
	"RFC 7515 §7.2.1",
);
refuse("json/polyglot-compact-inside", "base64url_invalid", "RFC 7515 §7.1", {
	token: JSON.stringify({ ...flattened, x: good }),
});
refuse("json/polyglot-dots-around", "base64url_invalid", "RFC 7515 §7.1", {
	token: `{"payload":"${payload}","x":".${payload}.","protected":"${header}","signature":"${signature}"}`,
});
refuse("json/polyglot-cve-2022-39227", "base64url_invalid", "RFC 7515 §7.1", {
	token: `{"  ${header}.${base64url(JSON.stringify({ ...CLAIMS, sub: "admin" }))}.":"","protected":"${header}","payload":"${payload}","signature":"${signature}"}`,
});

// The signature segment.
refuse("signature/empty", "signature_missing", PARSE, { token: `${header}.${payload}.` });
for (const [name, cut] of Object.entries({ "one-byte-short": -1, half: 32, "one-byte": 1 })) {
	refuse(`signature/truncated-${name}`, "signature_invalid", PARSE, { signature: (made) => made.subarray(0, cut) });
	refuse(`signature/mac-truncated-${name}`, "signature_invalid", "RFC 7518 §3.2", {
		key: "hs256",
		policy: "@hs256",
		signature: (made) => made.subarray(0, name === "half" ? 16 : cut),
	});
}
refuse("signature/mac-empty", "signature_missing", "RFC 7518 §3.2", { key: "hs256", policy: "@hs256", signature: "" });
refuse("signature/mac-one-byte-long", "signature_invalid", "RFC 7518 §3.2", {
	key: "hs256",
	policy: "@hs256",
	signature: (made) => Buffer.concat([made, Buffer.of(0)]),
});
refuse("signature/of-another-token", "signature_invalid", PARSE, {
	key: "ed25519",
	signature: () => mint({ key: "ed25519", payload: { sub: "user-2" } }).split(".")[2],
});
refuse("signature/payload-swapped", "signature_invalid", PARSE, {
	token: `${header}.${base64url(JSON.stringify({ ...CLAIMS, sub: "admin" }))}.${signature}`,
});
refuse("signature/header-swapped", "signature_invalid", PARSE, {
	token: `${base64url('{"alg":"ES256","kid":"es256"}')}.${payload}.${signature}`,
});
refuse("signature/payload-reordered", "signature_invalid", PARSE, {
	token: `${header}.${base64url(JSON.stringify(Object.fromEntries(Object.entries(CLAIMS).reverse())))}.${signature}`,
});
refuse("signature/over-payload-only", "signature_invalid", PARSE, {
	key: "ed25519",
	signature: () => mint({ key: "ed25519", segments: (_, body) => ["", body] }).split(".")[2],
});

// Not even text: the octets of a token as they would arrive in a header.
for (const [name, octet] of Object.entries({ "0xff": 0xff, "0x80": 0x80, "0xc0": 0xc0 })) {
	const bytes = Buffer.from(good);
	refuse(`octets/${name}-after`, "base64url_invalid", "RFC 7515 §2", {
		token: Buffer.concat([bytes, Buffer.of(octet)]),
	});
	refuse(`octets/${name}-in-header`, "base64url_invalid", "RFC 7515 §2", {
		token: Buffer.concat([bytes.subarray(0, 5), Buffer.of(octet), bytes.subarray(6)]),
	});
}

// Size: 16,384 octets by default. An ES256 signature takes 86 of them; filler makes up the rest.
const ofLength = (length) => {
	for (let filler = length - 100; filler > 0; filler -= 1) {
		const shortfall = length - mint({ payload: { filler: "a".repeat(Math.floor((filler * 3) / 4)) } }).length;
		if (shortfall === 0) return mint({ payload: { filler: "a".repeat(Math.floor((filler * 3) / 4)) } });
		if (shortfall > 400) filler += Math.floor(shortfall / 2);
		else if (shortfall > 0) {
			// One more header member moves the length in the steps that base64url leaves out.
			for (let pad = 0; pad < 600; pad += 1) {
				const token = mint({
					header: { x: "b".repeat(pad) },
					payload: { filler: "a".repeat(Math.floor((filler * 3) / 4)) },
				});
				if (token.length === length) return token;
			}
		}
	}
	throw new Error(`no token of ${length} octets`);
};
accept("size/16384", "RFC 8725 §3.11", { token: ofLength(16_384) });
refuse("size/16385", "token_too_large", "RFC 8725 §3.11", { token: ofLength(16_385) });
refuse("size/16385-dots", "token_too_large", "RFC 8725 §3.11", { token: ".".repeat(16_385) });
accept("size/set-to-16385", "RFC 8725 §3.11", { token: ofLength(16_385), policy: { maxTokenSize: 16_385 } });
accept("size/set-to-its-length", "RFC 8725 §3.11", { token: good, policy: { maxTokenSize: good.length } });
refuse("size/set-to-one-less", "token_too_large", "RFC 8725 §3.11", {
	token: good,
	policy: { maxTokenSize: good.length - 1 },
});
refuse("size/set-smaller", "token_too_large", "RFC 8725 §3.11", { token: good, policy: { maxTokenSize: 64 } });
refuse("size/octets-not-characters", "token_too_large", "RFC 8725 §3.11", {
	token: `${good}${"\u00e9".repeat(10)}`,
	policy: { maxTokenSize: good.length + 15 },
});
refuse("size/counted-before-anything-else", "token_too_large", "RFC 8725 §3.11", {
	token: `${".".repeat(100)}`,
	policy: { maxTokenSize: 99 },
});
