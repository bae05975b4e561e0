// RFC 7515 §5.2 by itself: verifySignature(compact, keys, { algorithms, crit }). What the payload says,
// and whether it says anything, is not looked at.
import { entries } from "./corpus.mjs";
import { jwk, set, withPrivate } from "./keys.mjs";
import { base64url, bytes, CLAIMS, mint } from "./token.mjs";

/** A file of signature cases: `{ name, token, keys, options, expect, payload?, rfc }`, payload in base64url. */
export const signatureSuite = (file) => {
	const cases = entries(file, "signature");
	const add = (name, expect, rfc, { token, keys, options, ...parts }) => {
		const given = token ?? mint(parts);
		cases.push({
			name: `${file}/${name}`,
			token: given,
			keys: keys ?? jwk(parts.key ?? "es256"),
			options: options ?? { algorithms: [parts.alg ?? "ES256"] },
			expect,
			payload: expect === "accept" ? given.split(".")[1] : undefined,
			rfc,
		});
	};
	return {
		accept: (name, rfc, parts) => add(name, "accept", rfc, parts),
		refuse: (name, code, rfc, parts) => add(name, code, rfc, parts),
	};
};

const { accept, refuse } = signatureSuite("verify-signature");
const RFC = "RFC 7515 §5.2";

// Payloads of every sort.
const payloads = {
	claims: CLAIMS,
	expired: { exp: 1 },
	text: "plain text",
	empty: "",
	nul: "\0",
	"not-utf8": Buffer.from([0xff, 0xfe, 0x80]),
	"all-octets": Buffer.from(Array.from({ length: 256 }, (_, i) => i)),
	json: "[1,2,3]",
	"broken-json": '{"a":',
	duplicates: '{"a":1,"a":2}',
	bom: "\ufeff{}",
	number: "1e400",
	"deep-json": "[".repeat(1000),
	large: "a".repeat(2000),
	"a-token": mint({}),
};
for (const [name, payload] of Object.entries(payloads)) {
	const parts = { segments: (header) => [header, base64url(bytes(payload))] };
	accept(`payload/${name}`, RFC, parts);
	refuse(`payload/${name}-changed`, "signature_invalid", RFC, {
		...parts,
		after: (token) => token.replace(/\.[^.]*\./, `.${base64url(`${name} changed`)}.`),
	});
}
for (const [alg, key] of [
	["HS256", "hs256"],
	["HS384", "hs384"],
	["HS512", "hs512"],
	["RS256", "rsa2048"],
	["RS384", "rsa2048"],
	["RS512", "rsa2048"],
	["PS256", "rsa2048"],
	["PS384", "rsa2048"],
	["PS512", "rsa2048"],
	["ES256", "es256"],
	["ES384", "es384"],
	["ES512", "es512"],
	["ES256K", "es256k"],
	["EdDSA", "ed25519"],
	["Ed25519", "ed25519"],
]) {
	accept(`algorithm/${alg}`, RFC, { alg, key });
	refuse(`algorithm/${alg}-not-allowed`, "alg_not_allowed", "RFC 8725 §3.1", {
		alg,
		key,
		options: { algorithms: [alg === "ES512" ? "ES384" : "ES512"] },
	});
	refuse(`algorithm/${alg}-changed`, "signature_invalid", RFC, {
		alg,
		key,
		signature: (made) => Buffer.from(made.map((octet, i) => (i === 5 ? octet ^ 4 : octet))),
	});
	refuse(`algorithm/${alg}-empty`, "signature_missing", RFC, { alg, key, signature: "" });
}
// The header's rules hold.
const header = (name, code, rfc, text, options) => refuse(`header/${name}`, code, rfc, { header: text, options });
header("alg-none", "alg_none", "RFC 8725 §3.2", { alg: "none" });
header("alg-missing", "alg_missing", "RFC 7515 §4.1.1", "{}");
header("alg-unknown", "alg_unsupported", RFC, { alg: "ES257" });
header("alg-number", "header_invalid", "RFC 7515 §4.1.1", { alg: 256 });
header("not-an-object", "header_invalid", "RFC 7515 §4", "[]");
header("duplicate", "json_duplicate_member", "RFC 7515 §4", '{"alg":"ES256","alg":"ES256"}');
header("not-json", "json_invalid", "RFC 7515 §4", "{");
header("not-utf8", "utf8_invalid", "RFC 7515 §4", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]));
header("too-deep", "json_too_deep", "RFC 8259 §9", `{"alg":"ES256","x":${"[".repeat(70)}${"]".repeat(70)}}`);
header("crit-empty", "crit_invalid", "RFC 7515 §4.1.11", { crit: [] });
header("crit-unknown", "crit_unsupported", "RFC 7515 §4.1.11", { crit: ["x"], x: 1 });
accept("header/crit-understood", "RFC 7515 §4.1.11", {
	header: { crit: ["x"], x: 1 },
	options: { algorithms: ["ES256"], crit: ["x"] },
});
header(
	"b64-false",
	"b64_unsupported",
	"RFC 7797 §3",
	{ b64: false, crit: ["b64"] },
	{ algorithms: ["ES256"], crit: ["b64"] },
);
for (const typ of ["JWT", "at+jwt", "JOSE", "anything"])
	accept(`header/typ-${typ}-is-not-looked-at`, "RFC 7515 §4.1.9", { header: { typ } });
accept("header/jwk-is-not-used", "RFC 8725 §3.10", { header: { jwk: jwk("es256-b") } });
refuse("header/jwk-of-the-attacker", "signature_invalid", "RFC 8725 §3.10", {
	key: "es256-b",
	header: { kid: "es256", jwk: jwk("es256-b") },
	keys: jwk("es256"),
});
// So does the form.
refuse("form/two-segments", "token_malformed", "RFC 7515 §7.1", {
	after: (token) => token.split(".").slice(0, 2).join("."),
});
refuse("form/five-segments", "token_encrypted", "RFC 7516 §7.1", { after: (token) => `${token}.a.b` });
refuse("form/empty", "token_malformed", "RFC 7515 §7.1", { token: "" });
refuse("form/empty-header", "token_malformed", "RFC 7515 §7.1", { segments: (_, payload) => ["", payload] });
refuse("form/padding", "base64url_invalid", "RFC 7515 §2", { after: (token) => `${token}==` });
refuse("form/newline", "base64url_invalid", "RFC 7515 §2", { after: (token) => `${token}\n` });
refuse("form/trailing-bits-in-payload", "base64url_invalid", "RFC 4648 §3.5", { segments: (head) => [head, "YR"] });
accept("form/no-trailing-bits-in-payload", "RFC 4648 §3.5", { segments: (head) => [head, "YQ"] });
// And the keys.
accept("keys/set", "RFC 7517 §4.5", { keys: set("rsa2048", "es256-b", "es256") });
refuse("keys/unknown-kid", "key_not_found", "RFC 7517 §4.5", { header: { kid: "x" }, keys: set("es256-b", "es256") });
refuse("keys/unsuitable", "key_unsuitable", "RFC 8725 §3.1", { header: { kid: "rsa2048" }, keys: jwk("rsa2048") });
refuse("keys/weak", "key_weak", "RFC 7518 §3.3", { key: "rsa1024", options: { algorithms: ["RS256"] } });
refuse("keys/invalid", "key_invalid", "RFC 7517 §4", { keys: { kty: "EC" } });
refuse("keys/private", "key_private", "RFC 7517 §9.2", { keys: withPrivate("es256") });
refuse("keys/HS256-with-a-public-key", "key_unsuitable", "RFC 8725 §2.1", {
	key: "hs256",
	header: { kid: "es256" },
	keys: jwk("es256"),
	options: { algorithms: ["HS256", "ES256"] },
});
