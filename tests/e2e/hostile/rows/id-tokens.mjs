// What is wrong with an ID token.

import { accepted, open, refused, rows } from "../row.mjs";
import { html, json, raw, silence } from "../server.mjs";
import { again, altered, claimsOf, headerOf, KEYS, part, signed } from "../tokens.mjs";
import { redirected, untouched } from "./metadata.mjs";

export const withClaims = (changes) => ({
	claims: (claims) => ({ ...claims, ...(typeof changes === "function" ? changes(claims) : changes) }),
});
const withHeader = (members) => ({ header: (header) => ({ ...header, ...members }) });
const token = (make) => ({ idToken: (idToken, run) => make(idToken, run) });
const core = (section) => `OpenID Connect Core §${section}`;
const RULES = core("3.1.3.7");
const CLAIMS = core("2");
const JWS = "RFC 7515 §5.2";
const [WEEK, DAY] = [604_800, 86_400];
/** Over TLS from the server itself, a client may leave the signature unchecked (§3.1.3.7, 6). */
const signature = (code, name, bend) => open(code, `${RULES} (6)`, name, bend);
const publicPem = KEYS.rsa.publicKey.export({ type: "spki", format: "pem" });
const withMaxAge = { options: { maxAge: 60 } };

export const idTokens = rows("I", "login", [
	refused(
		"alg_none",
		CLAIMS,
		"alg none",
		token((one) => `${part({ alg: "none" })}.${one.split(".")[1]}.`),
	),
	refused(
		"alg_none",
		"RFC 7515 §4.1.1",
		"alg nOnE",
		token((one) => `${part({ alg: "nOnE" })}.${one.split(".")[1]}.`),
	),
	refused("alg_not_allowed", "RFC 8725 §3.1", "HS256, by the public key in PEM", {
		...token(again({ alg: "HS256", kid: "r1" }, publicPem, "HS256")),
	}),
	refused("alg_not_allowed", "RFC 8725 §3.1", "HS256, by the client's name", {
		...token(again({ alg: "HS256", kid: undefined }, "shop", "HS256")),
	}),
	accepted(RULES, "RS256, by the other published key", token(again({ alg: "RS256", kid: "r1" }, KEYS.rsa, "RS256"))),
	signature("signature_invalid", "a signature with one bit changed", {
		...token((one) => altered(one, 2, (text) => `${text[0] === "A" ? "B" : "A"}${text.slice(1)}`)),
	}),
	signature("signature_invalid", "other claims below the same signature", {
		...token((one) => altered(one, 1, (claims) => ({ ...claims, name: "Mallory" }))),
	}),
	signature(
		"signature_missing",
		"no signature",
		token((one) => `${one.split(".").slice(0, 2).join(".")}.`),
	),
	signature("signature_invalid", "by another key of the same name", token(again({}, KEYS.other))),
	signature("signature_invalid", "by a key that the token brings along", {
		...token((one) => again({ jwk: { ...KEYS.other.jwk, kid: undefined } }, KEYS.other)(one)),
	}),
	signature("key_not_found", "by a key that the token points to", {
		...token((one, { elsewhere }) => again({ kid: "x", jku: `${elsewhere}/jwks` }, KEYS.other)(one)),
		check: untouched,
	}),
	signature("key_not_found", "by a key that is not published", withHeader({ kid: "x" })),
	refused("key_not_found", "RFC 7518 §3.3", "by an RSA key of 1024 bits", {
		...token(again({ alg: "RS256", kid: "w1" }, KEYS.weak, "RS256")),
		jwks: (set) => ({ keys: [...set.keys, KEYS.weak.jwk] }),
		na: ["oidcClient"],
	}),
	refused("token_encrypted", RULES, "encrypted, though nothing was agreed on", {
		...token(() => `${part({ alg: "RSA-OAEP", enc: "A256GCM" })}.a.a.a.a`),
	}),
	refused(
		"token_malformed",
		"RFC 7519 §7.2",
		"no JWT at all",
		token(() => "opaque"),
	),
	refused(
		"token_malformed",
		"RFC 7519 §7.2",
		"four parts",
		token((one) => `${one}.x`),
	),
	refused(
		"base64url_invalid",
		"RFC 7515 §2",
		"base64 with padding",
		token((one) => `${one}==`),
	),
	refused("claims_invalid", "RFC 7519 §7.2", "claims that are a list", {
		...token((one) => signed(headerOf(one), [claimsOf(one)], KEYS.ec)),
	}),
	refused("json_invalid", "RFC 7519 §7.2", "claims that are no JSON", {
		...token((one) => signed(headerOf(one), "{sub:'ada'}", KEYS.ec)),
	}),
	open("json_duplicate_member", "RFC 7519 §4", "two subjects", {
		...token((one) => signed(headerOf(one), JSON.stringify(claimsOf(one)).replace("{", '{"sub":"bob",'), KEYS.ec)),
	}),
	refused("crit_unsupported", "RFC 7515 §4.1.11", "a critical extension that nobody knows", {
		...withHeader({ crit: ["x-odd"], "x-odd": 1 }),
	}),
	refused("b64_unsupported", "RFC 7797 §6", "a payload that is not encoded", withHeader({ crit: ["b64"], b64: false })),
	open("typ_mismatch", "RFC 8725 §3.11", "an access token (at+jwt) in its place", withHeader({ typ: "at+jwt" })),
	open("typ_mismatch", "RFC 8725 §3.11", "a logout token in its place", withHeader({ typ: "logout+jwt" })),
	open("token_too_large", JWS, "a megabyte of claims", withClaims({ padding: "a".repeat(700_000) })),
	refused("issuer_mismatch", `${RULES} (2)`, "another issuer", withClaims({ iss: "https://as.example" })),
	refused(
		"issuer_mismatch",
		`${RULES} (2)`,
		"the issuer with a slash",
		withClaims(({ iss }) => ({ iss: `${iss}/` })),
	),
	refused("claim_missing", CLAIMS, "no issuer", withClaims({ iss: undefined })),
	refused(
		"claim_invalid",
		CLAIMS,
		"a list of issuers",
		withClaims(({ iss }) => ({ iss: [iss] })),
	),
	refused("audience_mismatch", `${RULES} (3)`, "for another client", withClaims({ aud: "other" })),
	refused("audience_mismatch", `${RULES} (3)`, "for other clients", withClaims({ aud: ["a", "b"] })),
	refused("audience_mismatch", `${RULES} (3)`, "for ours and one that nobody trusts", {
		...withClaims({ aud: ["shop", "other"], azp: "shop" }),
	}),
	refused("claim_missing", CLAIMS, "for nobody", withClaims({ aud: undefined })),
	refused("audience_mismatch", `${RULES} (3)`, "for an empty list", withClaims({ aud: [] })),
	refused("claim_invalid", CLAIMS, "for an object", withClaims({ aud: { shop: true } })),
	accepted(`${RULES} (3)`, "for a list of ours alone", withClaims({ aud: ["shop"] })),
	open("authorized_party_mismatch", `${RULES} (5)`, "issued to another party", withClaims({ azp: "other" })),
	accepted(`${RULES} (5)`, "issued to ours, which is said", withClaims({ azp: "shop" })),
	refused("token_expired", `${RULES} (9)`, "expired a day ago", {
		...withClaims(({ iat }) => ({ iat: iat - WEEK, exp: iat - DAY })),
	}),
	refused("claim_missing", CLAIMS, "no exp", withClaims({ exp: undefined })),
	refused(
		"claim_invalid",
		"RFC 7519 §4.1.4",
		"exp as a text",
		withClaims(({ exp }) => ({ exp: String(exp) })),
	),
	refused("claim_invalid", "RFC 7519 §4.1.4", "exp that is null", withClaims({ exp: null })),
	refused("claim_missing", CLAIMS, "no iat", withClaims({ iat: undefined })),
	refused(
		"claim_invalid",
		"RFC 7519 §4.1.6",
		"iat as a text",
		withClaims(({ iat }) => ({ iat: String(iat) })),
	),
	open(undefined, `${RULES} (10)`, "issued next week", {
		...withClaims(({ iat }) => ({ iat: iat + WEEK, exp: iat + 2 * WEEK })),
	}),
	refused("token_not_yet_valid", "RFC 7519 §4.1.5", "not before next week", {
		...withClaims(({ iat }) => ({ nbf: iat + WEEK, exp: iat + 2 * WEEK })),
	}),
	refused("claim_missing", CLAIMS, "no subject", withClaims({ sub: undefined })),
	open(undefined, CLAIMS, "an empty subject", { ...withClaims({ sub: "" }), subject: "" }),
	refused("claim_invalid", CLAIMS, "a subject that is a number", withClaims({ sub: 1 })),
	refused("nonce_mismatch", `${RULES} (11)`, "another nonce", withClaims({ nonce: "x".repeat(43) })),
	refused("claim_missing", `${RULES} (11)`, "no nonce", withClaims({ nonce: undefined })),
	refused(
		"claim_invalid",
		`${RULES} (11)`,
		"a list with the nonce",
		withClaims(({ nonce }) => ({ nonce: [nonce] })),
	),
	open(
		"at_hash_mismatch",
		core("3.1.3.8"),
		"the hash of another access token",
		withClaims({ at_hash: "A".repeat(22) }),
	),
	accepted(core("3.1.3.6"), "no hash of the access token", withClaims({ at_hash: undefined })),
	refused("auth_time_too_old", `${RULES} (13)`, "a user who logged in a day ago, where a minute was asked for", {
		...withClaims(({ iat }) => ({ auth_time: iat - DAY })),
		...withMaxAge,
	}),
	refused("claim_missing", CLAIMS, "no auth_time, where max_age was asked for", {
		...withClaims({ auth_time: undefined }),
		...withMaxAge,
	}),
	refused("claim_invalid", CLAIMS, "auth_time as a text", {
		...withClaims(({ auth_time }) => ({ auth_time: String(auth_time) })),
		...withMaxAge,
	}),
	open("acr_mismatch", `${RULES} (12)`, "another acr than was asked for", {
		...withClaims({ acr: "0" }),
		options: { acrValues: "urn:mace:incommon:iap:silver" },
	}),
]);

const unavailable = (name, bend) => open("keys_unavailable", "RFC 7517 §5", name, { na: ["oidcClient"], ...bend });

export const keySets = rows("K", "login", [
	unavailable("no key set", { jwks: () => raw(404) }),
	unavailable("a page of HTML", { jwks: () => html(200) }),
	unavailable("an object without keys", { jwks: () => json("{}") }),
	unavailable("keys that are an object", { jwks: (set) => ({ keys: { 0: set.keys[0] } }) }),
	unavailable("sent on to another origin", redirected("jwks")),
	unavailable("no answer", { jwks: silence, options: { timeout: 1 } }),
	accepted("RFC 7517 §5", "keys of kinds that nobody knows", {
		jwks: ({ keys }) => ({ keys: [{ kty: "odd", kid: "o1" }, ...keys, { kty: "EC", crv: "P-999", kid: "o2" }] }),
	}),
	refused("alg_not_allowed", "RFC 8725 §3.1", "a shared secret that is published, and HS256", {
		jwks: ({ keys }) => ({ keys: [...keys, { kty: "oct", kid: "s1", alg: "HS256", k: part("s".repeat(32)) }] }),
		...token(again({ alg: "HS256", kid: "s1" }, "s".repeat(32), "HS256")),
	}),
	open("key_unsuitable", "RFC 7517 §4.2", "a key for encryption", {
		jwks: ({ keys }) => ({ keys: keys.map((key) => ({ ...key, use: "enc" })) }),
		na: ["oidcClient"],
	}),
	refused("key_unsuitable", "RFC 7517 §4.4", "a key for another algorithm", {
		jwks: ({ keys }) => ({ keys: keys.map((key) => ({ ...key, alg: "PS256" })) }),
		na: ["oidcClient"],
		due: undefined,
	}),
	open("key_not_found", "RFC 7517 §9.2", "the private key", {
		jwks: () => ({ keys: [{ ...KEYS.ec.privateKey.export({ format: "jwk" }), kid: "e1", alg: "ES256" }] }),
		na: ["oidcClient"],
	}),
]);
