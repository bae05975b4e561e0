// RFC 9068, OpenID Connect Core §2 and §3.1.3, Back-Channel Logout 1.0 §2.4 and §2.6: what each kind
// of token has to be, and that none is taken for another (RFC 8725 §3.11, §3.12).
import { createHash } from "node:crypto";
import { suite } from "./corpus.mjs";
import { jwk } from "./keys.mjs";
import { AUDIENCE, claimsText, ISSUER, NOW } from "./token.mjs";

const CLIENT = "shop-web";
const EVENT = "http://schemas.openid.net/event/backchannel-logout";

export const ACCESS = { iss: ISSUER, sub: "user-1", aud: AUDIENCE, exp: NOW + 300, iat: NOW - 10, jti: "at-1", client_id: CLIENT };
export const ID = { iss: ISSUER, sub: "user-1", aud: CLIENT, exp: NOW + 300, iat: NOW - 10 };
export const LOGOUT = { iss: ISSUER, sub: "user-1", aud: CLIENT, exp: NOW + 120, iat: NOW - 10, jti: "lt-1", events: { [EVENT]: {} } };

/** One kind: its claims, header and policy, each case changing some of them. */
const kind = (file, profile, claims, header) => {
  const { accept, refuse } = suite(file);
  const audience = profile === "access-token" ? AUDIENCE : CLIENT;
  const parts = ({ payload, header: changed, policy, ...more } = {}) => ({
    claims,
    payload,
    header: { ...header, ...changed },
    policy: { issuer: ISSUER, audience, profile, ...policy },
    ...more,
  });
  return {
    accept: (name, rfc, given) => accept(name, rfc, parts(given)),
    refuse: (name, code, rfc, given) => refuse(name, code, rfc, parts(given)),
  };
};
const TYPES = { null: null, true: true, number: 1, string: "text", "empty-string": "", array: ["text"], "empty-array": [], object: { a: 1 } };

// Access tokens: RFC 9068.
{
  const { accept, refuse } = kind("access-token", "access-token", ACCESS, { typ: "at+jwt" });
  const DATA = "RFC 9068 §2.2";
  const CHECK = "RFC 9068 §4";
  accept("usual", CHECK);
  for (const typ of ["at+jwt", "AT+JWT", "At+Jwt", "application/at+jwt", "APPLICATION/AT+JWT", "application/AT+jwt"]) accept(`typ/${typ}`, "RFC 9068 §2.1", { header: { typ } });
  for (const typ of [undefined, "", "JWT", "jwt", "application/jwt", "at", "at-jwt", "at+jwt ", " at+jwt", "at+jwt;a=b", "at+jws", "atjwt", "at jwt", "at%2Bjwt", "logout+jwt", "dpop+jwt", "id+jwt", "secevent+jwt", "text/at+jwt", "application/application/at+jwt", "application/x/at+jwt", "x/application/at+jwt", "at+jwt,JWT", "at+jwt\0"])
    refuse(`typ/${typ === undefined ? "absent" : JSON.stringify(typ).slice(1, -1) || "empty"}`, "typ_mismatch", "RFC 9068 §2.1", { header: { typ } });
  for (const claim of ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"]) {
    refuse(`missing/${claim}`, "claim_missing", DATA, { payload: { [claim]: undefined } });
    refuse(`missing/${claim}-though-lifted`, "claim_missing", DATA, { payload: { [claim]: undefined }, policy: { requiredClaims: [] } });
    const legal = ["exp", "iat"].includes(claim) ? ["number"] : claim === "aud" ? ["string", "empty-string", "array", "empty-array"] : ["string", "empty-string"];
    for (const [name, value] of Object.entries(TYPES)) if (!legal.includes(name)) refuse(`types/${claim}-is-${name}`, "claim_invalid", DATA, { payload: { [claim]: value } });
  }
  for (const claim of ["iss", "aud"]) refuse(`missing/${claim}-not-even-checked`, "claim_missing", DATA, { payload: { [claim]: undefined }, policy: { issuer: null, audience: null } });
  for (const claim of ["scope", "acr"]) {
    for (const [name, value] of Object.entries(TYPES)) if (!name.includes("string")) refuse(`types/${claim}-is-${name}`, "claim_invalid", claim === "scope" ? "RFC 9068 §2.2.3" : "RFC 9068 §2.2.1", { payload: { [claim]: value } });
    accept(`types/${claim}-is-string`, DATA, { payload: { [claim]: "read write" } });
    accept(`missing/${claim}-is-optional`, DATA, {});
  }
  for (const [name, payload] of Object.entries({ nbf: { nbf: NOW - 10 }, "auth_time-acr-amr": { auth_time: NOW - 100, acr: "1", amr: ["pwd"] }, "roles-groups-entitlements": { roles: ["a"], groups: [{ value: "g" }], entitlements: ["e"] }, cnf: { cnf: { jkt: "abc" } }, act: { act: { sub: "other" } }, authorization_details: { authorization_details: [{ type: "x" }] } })) accept(`optional/${name}`, DATA, { payload });
  accept("aud/array", "RFC 9068 §3", { payload: { aud: [AUDIENCE, "https://other.example"] } });
  refuse("aud/client", "audience_mismatch", CHECK, { payload: { aud: CLIENT } });
  refuse("aud/other-resource", "audience_mismatch", CHECK, { payload: { aud: "https://other.example" } });
  refuse("aud/empty-array", "audience_mismatch", CHECK, { payload: { aud: [] } });
  refuse("iss/other", "issuer_mismatch", CHECK, { payload: { iss: "https://evil.example" } });
  refuse("exp/now", "token_expired", CHECK, { payload: { exp: NOW } });
  refuse("exp/past", "token_expired", CHECK, { payload: { exp: NOW - 1 } });
  accept("exp/next-second", CHECK, { payload: { exp: NOW + 1 } });
  refuse("nbf/ahead", "token_not_yet_valid", CHECK, { payload: { nbf: NOW + 1 } });
  accept("iat/ahead", DATA, { payload: { iat: NOW + 5 } });
  refuse("iat/ahead-with-maxTokenAge", "token_issued_in_future", DATA, { payload: { iat: NOW + 5 }, policy: { maxTokenAge: 600 } });
  refuse("iat/old-with-maxTokenAge", "token_too_old", DATA, { payload: { iat: NOW - 601 }, policy: { maxTokenAge: 600 } });
  refuse("alg/none", "alg_none", "RFC 9068 §2.1", { header: { alg: "none" }, signature: "" });
  refuse("alg/HS256-by-default", "alg_not_allowed", "RFC 9068 §2.1", { key: "hs256" });
  for (const [alg, key] of [["RS256", "rsa2048"], ["PS256", "rsa2048"], ["ES384", "es384"], ["EdDSA", "ed25519"], ["Ed25519", "ed25519"]]) accept(`alg/${alg}`, "RFC 9068 §2.1", { alg, key });
  refuse("signature/of-another-key", "signature_invalid", CHECK, { key: "es256-b", header: { kid: "es256" }, keys: "es256" });
  accept("own-claims-required-and-present", DATA, { payload: { scope: "read" }, policy: { requiredClaims: ["exp", "scope"] } });
  refuse("own-claims-required-and-missing", "claim_missing", DATA, { policy: { requiredClaims: ["exp", "scope"] } });
  refuse("subject/other", "subject_mismatch", DATA, { policy: { subject: "user-2" } });
  accept("client_id/equal-to-sub", "RFC 9068 §2.2", { payload: { sub: CLIENT } });
  refuse("client_id/in-azp-only", "claim_missing", DATA, { payload: { client_id: undefined, azp: CLIENT } });
  refuse("client_id/in-cid-only", "claim_missing", DATA, { payload: { client_id: undefined, cid: CLIENT } });
}

// ID tokens: OpenID Connect Core.
{
  const { accept, refuse } = kind("id-token", "id-token", ID, {});
  const VALIDATE = "OpenID Connect Core §3.1.3.7";
  const DATA = "OpenID Connect Core §2";
  accept("usual", VALIDATE);
  for (const typ of [undefined, "JWT", "jwt", "Jwt", "application/jwt", "application/JWT"]) accept(`typ/${typ ?? "absent"}`, DATA, { header: { typ } });
  for (const typ of ["at+jwt", "AT+JWT", "application/at+jwt", "logout+jwt", "dpop+jwt", "secevent+jwt", "oauth-authz-req+jwt", "token-introspection+jwt", "", "JW", "JWT ", "JOSE"]) refuse(`typ/${typ || "empty"}`, "typ_mismatch", "RFC 8725 §3.11", { header: { typ } });
  for (const claim of ["iss", "sub", "aud", "exp", "iat"]) {
    refuse(`missing/${claim}`, "claim_missing", DATA, { payload: { [claim]: undefined } });
    refuse(`missing/${claim}-though-lifted`, "claim_missing", DATA, { payload: { [claim]: undefined }, policy: { requiredClaims: [] } });
  }
  for (const claim of ["jti", "nonce", "azp", "auth_time", "acr", "amr", "at_hash"]) accept(`missing/${claim}-is-optional`, DATA, {});
  for (const [claim, legal] of Object.entries({ nonce: "string", azp: "string", acr: "string", at_hash: "string", c_hash: "string" })) for (const [name, value] of Object.entries(TYPES)) if (!name.includes(legal)) refuse(`types/${claim}-is-${name}`, "claim_invalid", DATA, { payload: { [claim]: value } });
  for (const [name, value] of Object.entries(TYPES)) if (name !== "number") refuse(`types/auth_time-is-${name}`, "claim_invalid", DATA, { payload: { auth_time: value } });
  for (const [name, text] of Object.entries({ negative: "-1", infinite: "1e400" })) refuse(`types/auth_time-${name}`, "claim_invalid", DATA, { payload: claimsText({ auth_time: text }, ID) });
  accept("optional/profile-claims", DATA, { payload: { name: "Alice", email: "alice@example.com", email_verified: true, picture: null, address: { country: "NL" }, amr: ["pwd", "otp"], acr: "1", auth_time: NOW - 100 } });
  refuse("exp/now", "token_expired", VALIDATE, { payload: { exp: NOW } });
  refuse("iss/other", "issuer_mismatch", VALIDATE, { payload: { iss: `${ISSUER}/` } });
  refuse("nbf/ahead", "token_not_yet_valid", VALIDATE, { payload: { nbf: NOW + 1 } });
  refuse("alg/none", "alg_none", VALIDATE, { header: { alg: "none" }, signature: "" });

  // aud and azp
  const AZP = "OpenID Connect Core §3.1.3.7";
  refuse("aud/api", "audience_mismatch", AZP, { payload: { aud: AUDIENCE } });
  refuse("aud/other-client", "audience_mismatch", AZP, { payload: { aud: "shop-app" } });
  accept("aud/array-of-one", AZP, { payload: { aud: [CLIENT] } });
  accept("azp/equal", AZP, { payload: { azp: CLIENT } });
  accept("azp/equal-and-aud-array-of-one", AZP, { payload: { aud: [CLIENT], azp: CLIENT } });
  refuse("azp/other", "authorized_party_mismatch", AZP, { payload: { azp: "shop-app" } });
  refuse("azp/empty", "authorized_party_mismatch", AZP, { payload: { azp: "" } });
  refuse("azp/other-case", "authorized_party_mismatch", AZP, { payload: { azp: "Shop-Web" } });
  refuse("azp/is-the-other-audience", "authorized_party_mismatch", AZP, { payload: { aud: [CLIENT, "shop-app"], azp: "shop-app" } });
  refuse("azp/missing-with-two-audiences", "claim_missing", AZP, { payload: { aud: [CLIENT, "shop-app"] } });
  accept("azp/equal-with-two-audiences", AZP, { payload: { aud: [CLIENT, "shop-app"], azp: CLIENT } });
  accept("azp/equal-with-two-audiences-other-order", AZP, { payload: { aud: ["shop-app", CLIENT], azp: CLIENT } });
  refuse("azp/equal-but-not-among-audiences", "audience_mismatch", AZP, { payload: { aud: ["shop-app"], azp: CLIENT } });
  accept("azp/one-of-the-policy's", AZP, { payload: { azp: "shop-app" }, policy: { audience: [CLIENT, "shop-app"] } });
  refuse("azp/none-of-the-policy's", "authorized_party_mismatch", AZP, { payload: { azp: "shop-tv" }, policy: { audience: [CLIENT, "shop-app"] } });

  // nonce
  const NONCE = "OpenID Connect Core §3.1.3.7";
  const nonce = "n-0S6_WzA2Mj";
  accept("nonce/equal", NONCE, { payload: { nonce }, policy: { nonce } });
  accept("nonce/present-not-asked", NONCE, { payload: { nonce } });
  refuse("nonce/missing", "claim_missing", NONCE, { policy: { nonce } });
  for (const [name, value] of Object.entries({ other: "n-0S6_WzA2Mk", prefix: "n-0S6_WzA2M", longer: `${nonce}x`, "other-case": nonce.toUpperCase(), empty: "", "space-after": `${nonce} `, hashed: createHash("sha256").update(nonce).digest("base64url") })) refuse(`nonce/${name}`, "nonce_mismatch", NONCE, { payload: { nonce: value }, policy: { nonce } });
  for (const [name, value] of Object.entries({ null: null, number: 1, array: [nonce], object: { nonce } })) refuse(`nonce/asked-and-is-${name}`, "claim_invalid", NONCE, { payload: { nonce: value }, policy: { nonce } });
  refuse("nonce/in-header-only", "claim_missing", NONCE, { header: { nonce }, policy: { nonce } });

  // at_hash and c_hash: left half of the hash of the token's own algorithm.
  const accessToken = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
  const code = "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk";
  const half = (hash, text) => {
    const whole = createHash(hash).update(text).digest();
    return whole.subarray(0, whole.length / 2).toString("base64url");
  };
  const HASHES = { ES256: ["es256", "sha256"], ES384: ["es384", "sha384"], ES512: ["es512", "sha512"], RS256: ["rsa2048", "sha256"], RS384: ["rsa2048", "sha384"], RS512: ["rsa2048", "sha512"], PS256: ["rsa2048", "sha256"], PS384: ["rsa2048", "sha384"], PS512: ["rsa2048", "sha512"], ES256K: ["es256k", "sha256"], EdDSA: ["ed25519", "sha512"], Ed25519: ["ed25519", "sha512"], HS256: ["hs256", "sha256"], HS384: ["hs384", "sha384"], HS512: ["hs512", "sha512"] };
  for (const [claim, option, value, mismatch, rfc] of [
    ["at_hash", "accessToken", accessToken, "at_hash_mismatch", "OpenID Connect Core §3.1.3.6"],
    ["c_hash", "code", code, "c_hash_mismatch", "OpenID Connect Core §3.3.2.11"],
  ]) {
    for (const [alg, [key, hash]] of Object.entries(HASHES)) {
      const algorithms = alg.startsWith("HS") ? { algorithms: [alg] } : {};
      accept(`${claim}/${alg}`, rfc, { alg, key, payload: { [claim]: half(hash, value) }, policy: { [option]: value, ...algorithms } });
      refuse(`${claim}/${alg}-of-another`, mismatch, rfc, { alg, key, payload: { [claim]: half(hash, `${value}x`) }, policy: { [option]: value, ...algorithms } });
      for (const other of ["sha256", "sha384", "sha512"]) if (other !== hash) refuse(`${claim}/${alg}-by-${other}`, mismatch, rfc, { alg, key, payload: { [claim]: half(other, value) }, policy: { [option]: value, ...algorithms } });
    }
    const right = half("sha256", value);
    const whole = createHash("sha256").update(value).digest();
    for (const [name, wrong] of Object.entries({ empty: "", "whole-hash": whole.toString("base64url"), "right-half": whole.subarray(16).toString("base64url"), hexadecimal: whole.subarray(0, 16).toString("hex"), padded: `${right}==`, cut: right.slice(0, -1), longer: `${right}A`, "other-case": right.toLowerCase(), "trailing-bits": right.slice(0, -1) + { A: "B", Q: "R", g: "h", w: "x" }[right.at(-1)], "standard-alphabet-or-sign": `+${right.slice(1)}`, "left-half-of-text": whole.toString("base64url").slice(0, 21), "value-itself": value, "of-empty": half("sha256", ""), "of-value-with-newline": half("sha256", `${value}\n`) })) refuse(`${claim}/${name}`, mismatch, rfc, { payload: { [claim]: wrong }, policy: { [option]: value } });
    accept(`${claim}/present-not-asked`, rfc, { payload: { [claim]: "anything" } });
    accept(`${claim}/asked-and-absent`, rfc, { policy: { [option]: value } });
    for (const [name, wrong] of Object.entries({ null: null, number: 1, array: [right] })) refuse(`${claim}/asked-and-is-${name}`, "claim_invalid", rfc, { payload: { [claim]: wrong }, policy: { [option]: value } });
  }
  accept("at_hash/core-example", "OpenID Connect Core §A.3", { payload: { at_hash: "77QmUPtjPfzWtF2AnpK9RQ" }, policy: { accessToken } });
  accept("c_hash/core-example", "OpenID Connect Core §A.4", { payload: { c_hash: "LDktKdoQak3Pk0cnXxCltA" }, policy: { code } });
  accept("at_hash/both", "OpenID Connect Core §3.3.2.11", { payload: { at_hash: half("sha256", accessToken), c_hash: half("sha256", code) }, policy: { accessToken, code } });
  refuse("at_hash/swapped-with-c_hash", "at_hash_mismatch", "OpenID Connect Core §3.3.2.11", { payload: { at_hash: half("sha256", code), c_hash: half("sha256", accessToken) }, policy: { accessToken, code } });
  refuse("c_hash/only-c_hash-wrong", "c_hash_mismatch", "OpenID Connect Core §3.3.2.11", { payload: { at_hash: half("sha256", accessToken), c_hash: half("sha256", accessToken) }, policy: { accessToken, code } });

  // auth_time and max_age
  const AGE = "OpenID Connect Core §3.1.2.1";
  const age = (auth_time, maxAge, more) => ({ payload: { auth_time }, policy: { maxAge, ...more } });
  accept("auth_time/recent", AGE, age(NOW - 10, 600));
  accept("auth_time/at-edge", AGE, age(NOW - 600, 600));
  refuse("auth_time/second-beyond", "auth_time_too_old", AGE, age(NOW - 601, 600));
  refuse("auth_time/fraction-beyond", "auth_time_too_old", AGE, age(NOW - 600.25, 600));
  accept("auth_time/within-tolerance", AGE, age(NOW - 630, 600, { clockTolerance: 30 }));
  refuse("auth_time/beyond-tolerance", "auth_time_too_old", AGE, age(NOW - 631, 600, { clockTolerance: 30 }));
  accept("auth_time/zero-max_age-now", AGE, age(NOW, 0));
  refuse("auth_time/zero-max_age-second-ago", "auth_time_too_old", AGE, age(NOW - 1, 0));
  refuse("auth_time/missing", "claim_missing", AGE, { policy: { maxAge: 600 } });
  refuse("auth_time/missing-iat-is-recent", "claim_missing", AGE, { payload: { iat: NOW }, policy: { maxAge: 600 } });
  refuse("auth_time/zero", "auth_time_too_old", AGE, age(0, 600));
  for (const [name, value] of Object.entries({ null: null, string: String(NOW), true: true, array: [NOW] })) refuse(`auth_time/asked-and-is-${name}`, "claim_invalid", AGE, { payload: { auth_time: value }, policy: { maxAge: 600 } });
  refuse("auth_time/asked-and-negative", "claim_invalid", AGE, age(-1, 600));
  accept("auth_time/old-not-asked", AGE, { payload: { auth_time: 1 } });

  // acr
  const ACR = "OpenID Connect Core §3.1.3.7";
  accept("acr/equal", ACR, { payload: { acr: "urn:mace:incommon:iap:silver" }, policy: { acr: "urn:mace:incommon:iap:silver" } });
  accept("acr/first-of-list", ACR, { payload: { acr: "2" }, policy: { acr: ["2", "1"] } });
  accept("acr/second-of-list", ACR, { payload: { acr: "1" }, policy: { acr: ["2", "1"] } });
  accept("acr/present-not-asked", ACR, { payload: { acr: "0" } });
  refuse("acr/missing", "claim_missing", ACR, { policy: { acr: "2" } });
  for (const [name, acr] of Object.entries({ other: "1", empty: "", longer: "22", list: "2 1", "space-after": "2 " })) refuse(`acr/${name}`, "acr_mismatch", ACR, { payload: { acr }, policy: { acr: "2" } });
  refuse("acr/none-of-list", "acr_mismatch", ACR, { payload: { acr: "3" }, policy: { acr: ["1", "2"] } });
  refuse("acr/number", "claim_invalid", ACR, { payload: { acr: 2 }, policy: { acr: "2" } });
  refuse("acr/array", "claim_invalid", ACR, { payload: { acr: ["2"] }, policy: { acr: "2" } });
  refuse("acr/in-amr-only", "claim_missing", ACR, { payload: { amr: ["2"] }, policy: { acr: "2" } });
}

// Logout tokens: Back-Channel Logout 1.0.
{
  const { accept, refuse } = kind("logout-token", "logout-token", LOGOUT, { typ: "logout+jwt" });
  const DATA = "OpenID Connect Back-Channel Logout §2.4";
  const CHECK = "OpenID Connect Back-Channel Logout §2.6";
  accept("usual", CHECK);
  for (const typ of ["logout+jwt", "LOGOUT+JWT", "application/logout+jwt", undefined, "JWT", "jwt"]) accept(`typ/${typ ?? "absent"}`, DATA, { header: { typ } });
  for (const typ of ["at+jwt", "application/at+jwt", "secevent+jwt", "dpop+jwt", "logout", "logout+jws", "logout-jwt", "", "text/logout+jwt"]) refuse(`typ/${typ || "empty"}`, "typ_mismatch", "RFC 8725 §3.11", { header: { typ } });
  for (const claim of ["iss", "aud", "iat", "exp", "jti", "events"]) {
    refuse(`missing/${claim}`, "claim_missing", DATA, { payload: { [claim]: undefined } });
    if (claim !== "events") refuse(`types/${claim}-is-null`, "claim_invalid", DATA, { payload: { [claim]: null } });
  }
  accept("sub/without-sid", DATA, {});
  accept("sub/with-sid", DATA, { payload: { sid: "session-1" } });
  accept("sub/only-sid", DATA, { payload: { sub: undefined, sid: "session-1" } });
  refuse("sub/neither", "claim_missing", DATA, { payload: { sub: undefined } });
  for (const [name, value] of Object.entries(TYPES)) if (!name.includes("string")) refuse(`types/sid-is-${name}`, "claim_invalid", "OpenID Connect Front-Channel Logout §3", { payload: { sid: value } });
  for (const [name, value] of Object.entries(TYPES)) if (!name.includes("string")) refuse(`types/sub-is-${name}`, "claim_invalid", DATA, { payload: { sub: value, sid: "session-1" } });
  for (const [name, nonce] of Object.entries({ string: "n", empty: "", null: null, number: 1, object: {} })) refuse(`nonce/${name}`, "claim_forbidden", DATA, { payload: { nonce } });
  accept("nonce/other-case-is-another-claim", DATA, { payload: { Nonce: "n" } });
  for (const [name, events] of Object.entries({ null: null, true: true, string: EVENT, array: [EVENT], "array-of-object": [{ [EVENT]: {} }], number: 1, "empty-object": {}, "other-event": { "http://schemas.openid.net/event/other": {} }, "event-in-other-case": { [EVENT.toUpperCase()]: {} }, "event-with-slash": { [`${EVENT}/`]: {} }, "event-https": { [EVENT.replace("http", "https")]: {} }, "event-null": { [EVENT]: null }, "event-true": { [EVENT]: true }, "event-string": { [EVENT]: "" }, "event-array": { [EVENT]: [] }, "event-number": { [EVENT]: 0 }, "event-nested": { events: { [EVENT]: {} } } })) refuse(`events/${name}`, "claim_invalid", DATA, { payload: { events } });
  accept("events/with-members", DATA, { payload: { events: { [EVENT]: { reason: "user" } } } });
  accept("events/beside-another", DATA, { payload: { events: { "http://schemas.openid.net/event/other": 1, [EVENT]: {} } } });
  refuse("events/in-__proto__", "claim_invalid", DATA, { payload: claimsText({ events: `{"__proto__":{"${EVENT}":{}}}` }, LOGOUT) });
  refuse("exp/now", "token_expired", CHECK, { payload: { exp: NOW } });
  refuse("iat/old-with-maxTokenAge", "token_too_old", CHECK, { payload: { iat: NOW - 300 }, policy: { maxTokenAge: 120 } });
  refuse("aud/other-client", "audience_mismatch", CHECK, { payload: { aud: "shop-app" } });
  accept("aud/array", DATA, { payload: { aud: ["shop-app", CLIENT] } });
  refuse("iss/other", "issuer_mismatch", CHECK, { payload: { iss: "https://evil.example" } });
  refuse("alg/none", "alg_none", CHECK, { header: { alg: "none" }, signature: "" });
  refuse("signature/of-another-key", "signature_invalid", CHECK, { key: "es256-b", header: { kid: "es256" }, keys: "es256" });
}

// One kind in place of another, with the audience such that nothing but the kind refuses.
{
  const { accept, refuse } = suite("cross-use");
  const tokens = {
    "access-token": { claims: { ...ACCESS }, header: { typ: "at+jwt" } },
    "id-token": { claims: { ...ID, aud: CLIENT, nonce: "n" }, header: { typ: "JWT" } },
    "id-token-without-typ": { claims: { ...ID }, header: { typ: undefined } },
    "logout-token": { claims: { ...LOGOUT, sid: "s" }, header: { typ: "logout+jwt" } },
    "logout-token-typ-JWT": { claims: { ...LOGOUT, sid: "s" }, header: { typ: "JWT" } },
    "logout-token-without-typ": { claims: { ...LOGOUT, sid: "s" }, header: { typ: undefined } },
    "dpop-proof": { claims: { jti: "1", htm: "GET", htu: `${AUDIENCE}/`, iat: NOW }, header: { typ: "dpop+jwt", jwk: jwk("es256") } },
    "authorization-request": { claims: { iss: CLIENT, aud: ISSUER, response_type: "code", exp: NOW + 60, sub: "user-1", iat: NOW }, header: { typ: "oauth-authz-req+jwt" } },
    "client-assertion": { claims: { iss: CLIENT, sub: CLIENT, aud: ISSUER, jti: "1", exp: NOW + 60, iat: NOW }, header: { typ: "client-authentication+jwt" } },
    "introspection-response": { claims: { iss: ISSUER, aud: AUDIENCE, iat: NOW, exp: NOW + 60, sub: "user-1", token_introspection: { active: true } }, header: { typ: "token-introspection+jwt" } },
    "security-event": { claims: { iss: ISSUER, aud: AUDIENCE, iat: NOW, exp: NOW + 60, sub: "user-1", jti: "1", events: { "https://example.com/event": {} } }, header: { typ: "secevent+jwt" } },
  };
  // [token, taken as, code]; a code of undefined is the token's own profile.
  const TYPE = "typ_mismatch";
  const outcomes = {
    "access-token": { "access-token": undefined, "id-token": TYPE, "logout-token": TYPE },
    "id-token": { "access-token": TYPE, "id-token": undefined, "logout-token": "claim_missing" },
    "id-token-without-typ": { "access-token": TYPE, "id-token": undefined, "logout-token": "claim_missing" },
    "logout-token": { "access-token": TYPE, "id-token": TYPE, "logout-token": undefined },
    "logout-token-typ-JWT": { "access-token": TYPE, "id-token": "claim_forbidden", "logout-token": undefined },
    "logout-token-without-typ": { "access-token": TYPE, "id-token": "claim_forbidden", "logout-token": undefined },
    "dpop-proof": { "access-token": TYPE, "id-token": TYPE, "logout-token": TYPE },
    "authorization-request": { "access-token": TYPE, "id-token": TYPE, "logout-token": TYPE },
    "client-assertion": { "access-token": TYPE, "id-token": TYPE, "logout-token": TYPE },
    "introspection-response": { "access-token": TYPE, "id-token": TYPE, "logout-token": TYPE },
    "security-event": { "access-token": TYPE, "id-token": TYPE, "logout-token": TYPE },
  };
  for (const [name, { claims, header }] of Object.entries(tokens))
    for (const [profile, code] of Object.entries(outcomes[name])) {
      const policy = { issuer: claims.iss ?? null, audience: claims.aud ?? null, profile };
      const rfc = { "access-token": "RFC 9068 §5", "id-token": "RFC 8725 §3.12", "logout-token": "OpenID Connect Back-Channel Logout §4" }[profile];
      if (code) refuse(`${name}/as-${profile}`, code, rfc, { claims, header, policy });
      else accept(`${name}/as-itself`, rfc, { claims, header, policy });
    }
  // The claims of one kind under the typ of another.
  refuse("claims-of-id-token-typed-as-access-token", "claim_missing", "RFC 9068 §5", { claims: ID, header: { typ: "at+jwt" }, policy: { audience: CLIENT, profile: "access-token" } });
  refuse("claims-of-logout-token-typed-as-access-token", "claim_missing", "RFC 9068 §5", { claims: LOGOUT, header: { typ: "at+jwt" }, policy: { audience: CLIENT, profile: "access-token" } });
  refuse("claims-of-access-token-typed-as-logout-token", "claim_missing", "OpenID Connect Back-Channel Logout §2.6", { claims: ACCESS, header: { typ: "logout+jwt" }, policy: { profile: "logout-token" } });
  refuse("claims-of-logout-token-and-client_id-typed-as-access-token", "claim_forbidden", "OpenID Connect Back-Channel Logout §4", { claims: { ...LOGOUT, client_id: CLIENT }, header: { typ: "at+jwt" }, policy: { audience: CLIENT, profile: "access-token" } });
  refuse("logout-token-with-nonce-as-id-token", "claim_forbidden", "OpenID Connect Back-Channel Logout §4", { claims: { ...LOGOUT, nonce: "n" }, header: { typ: undefined }, policy: { audience: CLIENT, profile: "id-token", nonce: "n" } });
  refuse("id-token-with-events-as-logout-token", "claim_forbidden", "OpenID Connect Back-Channel Logout §2.6", { claims: { ...ID, nonce: "n", jti: "1", events: { [EVENT]: {} } }, header: { typ: undefined }, policy: { audience: CLIENT, profile: "logout-token" } });
  accept("id-token-with-other-events", "OpenID Connect Core §2", { claims: { ...ID, events: { "https://example.com/event": {} } }, policy: { audience: CLIENT, profile: "id-token" } });
  refuse("access-token-for-another-resource-as-id-token", TYPE, "RFC 8725 §3.12", { claims: { ...ACCESS, aud: CLIENT }, header: { typ: "at+jwt" }, policy: { audience: CLIENT, profile: "id-token" } });
  // The default profile looks at typ only when asked.
  for (const name of ["access-token", "id-token", "logout-token"]) accept(`${name}/as-jwt`, "RFC 7519 §5.1", { claims: tokens[name].claims, header: tokens[name].header, policy: { audience: tokens[name].claims.aud } });
  refuse("id-token/as-jwt-wanting-at+jwt", TYPE, "RFC 8725 §3.11", { claims: ID, policy: { audience: CLIENT, typ: "at+jwt" } });
}
