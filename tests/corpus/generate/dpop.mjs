// RFC 9449 §4.2 and §4.3: proofs of possession, each rule on both sides.
import { createHash } from "node:crypto";
import { calculateJwkThumbprint } from "jose";
import { entries } from "./corpus.mjs";
import { jwk, member, pem, privateJwk, withPrivate } from "./keys.mjs";
import { hmac, sign } from "./sign.mjs";
import { base64url, mint, NOW } from "./token.mjs";

const cases = entries("dpop", "dpop");
const RFC = "RFC 9449 §4.3";
const URL_ = "https://api.shop.example.com/purchases";
const TOKEN = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
const OPTIONS = { method: "GET", url: URL_, maxAge: 60, now: NOW };
const ath = (token) => createHash("sha256").update(token).digest("base64url");
const bare = (name) => jwk(name, { kid: undefined, alg: undefined });

/** verifyDpopProof(proof, options): "accept" or a code. `options.seen` true means that its jti was used before. */
const add = (name, expect, rfc, { key = "es256", header, payload, options, proof, ...more } = {}) => {
	const claims = { jti: "e1j3V_bKic8-LAEB", htm: "GET", htu: URL_, iat: NOW };
	const isText = typeof header === "string";
	const token =
		proof ??
		mint({
			key,
			claims,
			payload,
			header: isText ? header : { typ: "dpop+jwt", kid: undefined, jwk: bare(key), ...header },
			...more,
		});
	cases.push({ name: `dpop/${name}`, proof: token, options: { ...OPTIONS, ...options }, expect, rfc });
};
const accept = (name, rfc, parts) => add(name, "accept", rfc, parts);
const refuse = (name, code, rfc, parts) => add(name, code, rfc, parts);

accept("usual", RFC);
accept("rfc-9449-token-request", "RFC 9449 §4.1", {
	proof:
		"eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg",
	options: { method: "POST", url: "https://server.example.com/token", now: 1_562_262_616 },
});
accept("rfc-9449-resource-request", "RFC 9449 §7.1", {
	proof:
		"eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA",
	options: {
		method: "GET",
		url: "https://resource.example.org/protectedresource",
		accessToken: TOKEN,
		now: 1_562_262_618,
		thumbprint: "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I",
	},
});
for (const [alg, key] of [
	["ES256", "es256"],
	["ES384", "es384"],
	["ES512", "es512"],
	["ES256K", "es256k"],
	["RS256", "rsa2048"],
	["PS256", "rsa2048"],
	["PS512", "rsa2048"],
	["EdDSA", "ed25519"],
	["Ed25519", "ed25519"],
]) {
	accept(`algorithm/${alg}`, RFC, { key, alg });
	refuse(`algorithm/${alg}-signature-changed`, "signature_invalid", RFC, {
		key,
		alg,
		signature: (made) => Buffer.from(made.map((octet, i) => (i === 7 ? octet ^ 1 : octet))),
	});
	accept(`algorithm/${alg}-allowed-by-name`, RFC, { key, alg, options: { algorithms: [alg] } });
	refuse(`algorithm/${alg}-not-allowed`, "alg_not_allowed", RFC, {
		key,
		alg,
		options: { algorithms: [alg === "ES384" ? "ES256" : "ES384"] },
	});
}
// Symmetric algorithms and none have no place here, whatever is allowed.
for (const alg of ["none", "None", "NONE"]) {
	refuse(`algorithm/${alg}-empty-signature`, "alg_none", RFC, { header: { alg }, signature: "" });
	refuse(`algorithm/${alg}-with-signature`, "alg_none", RFC, { header: { alg } });
}
for (const options of [{}, { algorithms: ["HS256", "ES256"] }]) {
	const label = options.algorithms ? "-though-allowed" : "";
	refuse(`algorithm/HS256-oct-jwk${label}`, "alg_not_allowed", RFC, {
		key: "hs256",
		header: { jwk: { kty: "oct", k: privateJwk("hs256").k } },
		options,
	});
	refuse(`algorithm/HS256-by-the-pem${label}`, "alg_not_allowed", RFC, {
		key: "hs256",
		header: { jwk: bare("es256") },
		signAs: (input) => hmac("sha256", pem("es256"), input),
		options,
	});
}
refuse("algorithm/unknown", "alg_unsupported", RFC, { header: { alg: "ES257" } });
refuse("algorithm/missing", "alg_missing", RFC, { header: { alg: undefined } });

// The header.
for (const [name, typ] of Object.entries({
	absent: undefined,
	JWT: "JWT",
	"at+jwt": "at+jwt",
	dpop: "dpop",
	"dpop+jws": "dpop+jws",
	empty: "",
	"space-after": "dpop+jwt ",
}))
	refuse(`typ/${name}`, "typ_mismatch", "RFC 9449 §4.2", { header: { typ } });
for (const [name, typ] of Object.entries({ null: null, number: 1 }))
	refuse(`typ/is-${name}`, "header_invalid", "RFC 7515 §4.1.9", { header: { typ } });
const JWK = "RFC 9449 §4.2";
refuse("jwk/absent", "dpop_invalid", JWK, { header: { jwk: undefined } });
refuse("jwk/absent-with-kid", "dpop_invalid", JWK, { header: { jwk: undefined, kid: "es256" } });
for (const [name, value] of Object.entries({
	null: null,
	string: "es256",
	number: 1,
	array: [bare("es256")],
	text: JSON.stringify(bare("es256")),
}))
	refuse(`jwk/is-${name}`, "dpop_invalid", JWK, { header: { jwk: value } });
for (const [name, value] of Object.entries({ "empty-object": {}, set: { keys: [bare("es256")] } }))
	refuse(`jwk/is-${name}`, "key_invalid", JWK, { header: { jwk: value } });
refuse("jwk/is-a-secret", "dpop_invalid", JWK, { header: { jwk: { kty: "oct", k: privateJwk("hs256").k } } });
for (const key of ["es256", "rsa2048", "ed25519"])
	refuse(`jwk/private-${key}`, "key_private", JWK, { key, header: { jwk: withPrivate(key, { kid: undefined }) } });
refuse("jwk/private-member-only-named", "key_private", JWK, { header: { jwk: { ...bare("es256"), d: "" } } });
refuse("jwk/of-another", "signature_invalid", RFC, { header: { jwk: bare("es256-b") } });
refuse("jwk/off-curve", "key_invalid", RFC, { header: { jwk: { ...bare("es256"), x: bare("es256-b").x } } });
refuse("jwk/coordinate-short", "key_invalid", RFC, {
	header: { jwk: { ...bare("es256"), x: base64url(member("es256", "x").subarray(1)) } },
});
refuse("jwk/of-another-curve", "key_unsuitable", RFC, { header: { jwk: bare("es384") } });
refuse("jwk/rsa-1024", "key_weak", RFC, { key: "rsa1024" });
refuse("jwk/use-enc", "key_unsuitable", RFC, { header: { jwk: { ...bare("es256"), use: "enc" } } });
refuse("jwk/alg-differs", "key_unsuitable", RFC, {
	key: "rsa2048",
	header: { jwk: { ...bare("rsa2048"), alg: "PS256" } },
});
accept("jwk/with-alg-and-use", RFC, { header: { jwk: { ...bare("es256"), alg: "ES256", use: "sig" } } });
accept("jwk/with-kid", RFC, { header: { jwk: { ...bare("es256"), kid: "any" } } });
refuse("crit/unknown", "crit_unsupported", "RFC 7515 §4.1.11", { header: { crit: ["x"], x: 1 } });
refuse("crit/empty", "crit_invalid", "RFC 7515 §4.1.11", { header: { crit: [] } });
refuse("b64/false", "b64_unsupported", "RFC 7797 §7", { header: { b64: false, crit: ["b64"] } });
refuse("header/duplicate-jwk", "json_duplicate_member", "RFC 7515 §4", {
	header: JSON.stringify({ typ: "dpop+jwt", alg: "ES256", jwk: bare("es256") }).replace(
		"{",
		`{"jwk":${JSON.stringify(bare("es256-b"))},`,
	),
});
refuse("header/duplicate-inside-jwk", "json_duplicate_member", "RFC 7517 §4", {
	header: JSON.stringify({ typ: "dpop+jwt", alg: "ES256", jwk: bare("es256") }).replace(
		'"jwk":{',
		`"jwk":{"x":"${bare("es256-b").x}",`,
	),
});
refuse("header/not-json", "json_invalid", "RFC 7515 §4", { header: "{" });

// The form.
const FORMS = {
	"two-segments": ["token_malformed", (t) => t.split(".").slice(0, 2).join(".")],
	"four-segments": ["token_malformed", (t) => `${t}.a`],
	empty: ["token_malformed", () => ""],
	words: ["token_malformed", () => "proof"],
	padding: ["base64url_invalid", (t) => `${t}==`],
	"newline-after": ["base64url_invalid", (t) => `${t}\n`],
	"signature-empty": ["signature_missing", (t) => t.replace(/[^.]+$/, "")],
	// Two proofs in one header have five segments.
	"two-proofs-comma": ["token_encrypted", (t) => `${t}, ${t}`],
	"two-proofs-space": ["token_encrypted", (t) => `${t} ${t}`],
};
for (const [name, [code, change]] of Object.entries(FORMS)) refuse(`form/${name}`, code, RFC, { after: change });
refuse("form/payload-array", "claims_invalid", RFC, { payload: "[]" });
refuse("form/payload-not-json", "json_invalid", RFC, { payload: "x" });
refuse("form/payload-duplicate-htm", "json_duplicate_member", "RFC 7519 §4", {
	payload: `{"jti":"a","htm":"POST","htm":"GET","htu":"${URL_}","iat":${NOW}}`,
});
refuse("form/payload-changed", "signature_invalid", RFC, {
	after: (t) => t.replace(/\.[^.]+\./, `.${base64url(JSON.stringify({ jti: "z", htm: "GET", htu: URL_, iat: NOW }))}.`),
});

// Claims.
for (const claim of ["jti", "htm", "htu", "iat"]) {
	refuse(`claims/${claim}-missing`, "claim_missing", "RFC 9449 §4.2", { payload: { [claim]: undefined } });
	for (const [name, value] of Object.entries({
		null: null,
		true: true,
		array: ["GET"],
		object: {},
		...(claim === "iat" ? { string: String(NOW) } : { number: 1 }),
	}))
		refuse(`claims/${claim}-is-${name}`, "claim_invalid", "RFC 9449 §4.2", { payload: { [claim]: value } });
}
refuse("claims/iat-negative", "claim_invalid", "RFC 7519 §2", { payload: { iat: -1 } });
accept("claims/more-claims", RFC, { payload: { nonce: "n", ath: ath("x"), exp: NOW + 5, extra: { a: 1 } } });

// htm
accept("htm/POST", RFC, { payload: { htm: "POST" }, options: { method: "POST" } });
for (const [htm, method] of [
	["POST", "GET"],
	["GET", "POST"],
	["get", "GET"],
	["GET", "get"],
	["GET ", "GET"],
	["GETS", "GET"],
	["HEAD", "GET"],
])
	refuse(`htm/${htm}-for-${method}`, "dpop_method_mismatch", RFC, { payload: { htm }, options: { method } });

// htu: without query and fragment, normalised by syntax and scheme (RFC 3986 §6.2.2, §6.2.3).
const same = (name, htu, url = URL_, rfc = RFC) => accept(`htu/${name}`, rfc, { payload: { htu }, options: { url } });
const other = (name, htu, url = URL_) =>
	refuse(`htu/${name}`, "dpop_url_mismatch", RFC, { payload: { htu }, options: { url } });
same("query-in-request", URL_, `${URL_}?page=2&limit=10`);
same("fragment-in-request", URL_, `${URL_}#top`);
same("query-and-fragment-in-request", URL_, `${URL_}?a=b#c`);
same("query-in-proof", `${URL_}?page=2`);
same("fragment-in-proof", `${URL_}#top`);
same("query-differs", `${URL_}?a=1`, `${URL_}?b=2`);
same("host-in-capitals", URL_.replace("api.shop", "API.Shop"), URL_, "RFC 3986 §6.2.2.1");
same("scheme-in-capitals", URL_.replace("https", "HTTPS"), URL_, "RFC 3986 §6.2.2.1");
same("default-port", URL_.replace(".com", ".com:443"), URL_, "RFC 3986 §6.2.3");
same("default-port-in-request", URL_, URL_.replace(".com", ".com:443"), "RFC 3986 §6.2.3");
same("path-empty-is-slash", "https://api.shop.example.com", "https://api.shop.example.com/", "RFC 3986 §6.2.3");
same("other-port", URL_.replace(".com", ".com:8443"), URL_.replace(".com", ".com:8443"));
same("localhost", "http://localhost:3000/a", "http://localhost:3000/a?b=c");
other("other-path", `${URL_}/1`);
other("path-prefix", URL_.slice(0, -1));
other("trailing-slash", `${URL_}/`);
other("path-in-other-case", URL_.replace("purchases", "Purchases"));
other("other-host", URL_.replace("api.", "evil."));
other("host-as-prefix", URL_.replace(".com/", ".com.evil.example/"));
other("host-in-user-part", "https://api.shop.example.com@evil.example/purchases");
other("other-scheme", URL_.replace("https", "http"));
other("other-port-than-request", URL_.replace(".com", ".com:8443"));
other("path-only", "/purchases");
other("host-only", "api.shop.example.com/purchases");
other("not-a-url", "purchases");
other("in-query", `https://evil.example/?${URL_}`);
other("encoded-slash", URL_.replace("/purchases", "%2Fpurchases"));

// iat, within a window.
const at = (iat, more) => ({ payload: { iat }, options: more });
accept("iat/now", RFC, at(NOW));
accept("iat/thirty-seconds-ago", RFC, at(NOW - 30));
accept("iat/fraction", RFC, at(NOW - 0.5));
refuse("iat/two-minutes-ago", "dpop_expired", RFC, at(NOW - 120));
refuse("iat/zero", "dpop_expired", RFC, at(0));
refuse("iat/an-hour-ahead", "dpop_expired", RFC, at(NOW + 3600));
refuse("iat/far-ahead", "dpop_expired", RFC, at(2 ** 40));
accept("iat/two-minutes-ago-when-allowed", RFC, at(NOW - 120, { maxAge: 300 }));
refuse("iat/six-minutes-ago-when-five-are-allowed", "dpop_expired", RFC, at(NOW - 360, { maxAge: 300 }));
refuse("iat/infinite", "claim_invalid", "RFC 7519 §2", {
	payload: `{"jti":"a","htm":"GET","htu":"${URL_}","iat":1e400}`,
});

// ath
const bound = { accessToken: TOKEN };
accept("ath/equal", RFC, { payload: { ath: ath(TOKEN) }, options: bound });
refuse("ath/missing", "claim_missing", RFC, { options: bound });
for (const [name, value] of Object.entries({
	"of-another": ath(`${TOKEN}x`),
	hexadecimal: createHash("sha256").update(TOKEN).digest("hex"),
	padded: `${ath(TOKEN)}=`,
	"left-half": createHash("sha256").update(TOKEN).digest().subarray(0, 16).toString("base64url"),
	"token-itself": TOKEN,
	"other-case": ath(TOKEN).toLowerCase(),
	sha512: createHash("sha512").update(TOKEN).digest("base64url"),
}))
	refuse(`ath/${name}`, "dpop_token_mismatch", RFC, { payload: { ath: value }, options: bound });
accept("ath/without-a-token", RFC, { payload: { ath: ath(TOKEN) } });

// nonce
accept("nonce/equal", RFC, {
	payload: { nonce: "eyJ7S_zG.eyJH0-Z.HX4w-7v" },
	options: { nonce: "eyJ7S_zG.eyJH0-Z.HX4w-7v" },
});
refuse("nonce/missing", "dpop_nonce_mismatch", RFC, { options: { nonce: "eyJ7S_zG" } });
for (const nonce of ["eyJ7S_zH", "eyJ7S_z", "eyJ7S_zGG", "EYJ7S_ZG", ""])
	refuse(`nonce/${nonce || "empty"}`, "dpop_nonce_mismatch", RFC, {
		payload: { nonce },
		options: { nonce: "eyJ7S_zG" },
	});
accept("nonce/present-not-asked", RFC, { payload: { nonce: "any" } });

// The key that the token is bound to.
for (const key of ["es256", "rsa2048", "ed25519"]) {
	accept(`thumbprint/${key}`, "RFC 9449 §6.1", {
		key,
		options: { thumbprint: await calculateJwkThumbprint(bare(key)) },
	});
	refuse(`thumbprint/${key}-of-another`, "dpop_key_mismatch", "RFC 9449 §6.1", {
		key,
		options: { thumbprint: await calculateJwkThumbprint(bare(`${key}-b`)) },
	});
}
refuse("thumbprint/by-another-key-with-its-own-jwk", "dpop_key_mismatch", "RFC 9449 §6.1", {
	key: "es256-b",
	options: { thumbprint: await calculateJwkThumbprint(bare("es256")) },
});
refuse("thumbprint/in-other-case", "dpop_key_mismatch", "RFC 9449 §6.1", {
	options: { thumbprint: (await calculateJwkThumbprint(bare("es256"))).toLowerCase() },
});
accept("thumbprint/jwk-with-more-members", "RFC 7638 §3.2", {
	header: { jwk: { ...bare("es256"), kid: "x", use: "sig" } },
	options: { thumbprint: await calculateJwkThumbprint(bare("es256")) },
});
refuse("thumbprint/missing-from-the-proof-is-not-trusted-from-the-payload", "dpop_key_mismatch", "RFC 9449 §6.1", {
	key: "es256-b",
	payload: { jkt: await calculateJwkThumbprint(bare("es256")) },
	options: { thumbprint: await calculateJwkThumbprint(bare("es256")) },
});

// Replays.
refuse("replay/seen", "dpop_replayed", "RFC 9449 §11.1", { options: { seen: true } });
accept("replay/not-seen", "RFC 9449 §11.1", { options: { seen: false } });
refuse("replay/a-bad-signature-is-not-remembered", "signature_invalid", "RFC 9449 §11.1", {
	options: { seen: true },
	signAs: (input) => sign("ES256", "es256-b", input),
});
