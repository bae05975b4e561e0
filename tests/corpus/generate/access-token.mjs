// RFC 9068: what an access token has to be.
import { ACCESS, CLIENT, kind, TYPES } from "./profiles.mjs";
import { AUDIENCE, NOW } from "./token.mjs";

const { accept, refuse } = kind("access-token", "access-token", ACCESS, { typ: "at+jwt" });
const DATA = "RFC 9068 §2.2";
const CHECK = "RFC 9068 §4";
accept("usual", CHECK);
for (const typ of ["at+jwt", "AT+JWT", "At+Jwt", "application/at+jwt", "APPLICATION/AT+JWT", "application/AT+jwt"])
	accept(`typ/${typ}`, "RFC 9068 §2.1", { header: { typ } });
for (const typ of [
	undefined,
	"",
	"JWT",
	"jwt",
	"application/jwt",
	"at",
	"at-jwt",
	"at+jwt ",
	" at+jwt",
	"at+jwt;a=b",
	"at+jws",
	"atjwt",
	"at jwt",
	"at%2Bjwt",
	"logout+jwt",
	"dpop+jwt",
	"id+jwt",
	"secevent+jwt",
	"text/at+jwt",
	"application/application/at+jwt",
	"application/x/at+jwt",
	"x/application/at+jwt",
	"at+jwt,JWT",
	"at+jwt\0",
])
	refuse(
		`typ/${typ === undefined ? "absent" : JSON.stringify(typ).slice(1, -1) || "empty"}`,
		"typ_mismatch",
		"RFC 9068 §2.1",
		{ header: { typ } },
	);
for (const claim of ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"]) {
	refuse(`missing/${claim}`, "claim_missing", DATA, { payload: { [claim]: undefined } });
	refuse(`missing/${claim}-though-lifted`, "claim_missing", DATA, {
		payload: { [claim]: undefined },
		policy: { requiredClaims: [] },
	});
	const legal = ["exp", "iat"].includes(claim)
		? ["number"]
		: claim === "aud"
			? ["string", "empty-string", "array", "empty-array"]
			: ["string", "empty-string"];
	for (const [name, value] of Object.entries(TYPES))
		if (!legal.includes(name))
			refuse(`types/${claim}-is-${name}`, "claim_invalid", DATA, { payload: { [claim]: value } });
}
for (const claim of ["iss", "aud"])
	refuse(`missing/${claim}-not-even-checked`, "claim_missing", DATA, {
		payload: { [claim]: undefined },
		policy: { issuer: null, audience: null },
	});
for (const claim of ["scope", "acr"]) {
	for (const [name, value] of Object.entries(TYPES))
		if (!name.includes("string"))
			refuse(`types/${claim}-is-${name}`, "claim_invalid", claim === "scope" ? "RFC 9068 §2.2.3" : "RFC 9068 §2.2.1", {
				payload: { [claim]: value },
			});
	accept(`types/${claim}-is-string`, DATA, { payload: { [claim]: "read write" } });
	accept(`missing/${claim}-is-optional`, DATA, {});
}
for (const [name, payload] of Object.entries({
	nbf: { nbf: NOW - 10 },
	"auth_time-acr-amr": { auth_time: NOW - 100, acr: "1", amr: ["pwd"] },
	"roles-groups-entitlements": { roles: ["a"], groups: [{ value: "g" }], entitlements: ["e"] },
	cnf: { cnf: { jkt: "abc" } },
	act: { act: { sub: "other" } },
	authorization_details: { authorization_details: [{ type: "x" }] },
}))
	accept(`optional/${name}`, DATA, { payload });
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
refuse("iat/ahead-with-maxTokenAge", "token_issued_in_future", DATA, {
	payload: { iat: NOW + 5 },
	policy: { maxTokenAge: 600 },
});
refuse("iat/old-with-maxTokenAge", "token_too_old", DATA, {
	payload: { iat: NOW - 601 },
	policy: { maxTokenAge: 600 },
});
refuse("alg/none", "alg_none", "RFC 9068 §2.1", { header: { alg: "none" }, signature: "" });
refuse("alg/HS256-by-default", "alg_not_allowed", "RFC 9068 §2.1", { key: "hs256" });
for (const [alg, key] of [
	["RS256", "rsa2048"],
	["PS256", "rsa2048"],
	["ES384", "es384"],
	["EdDSA", "ed25519"],
	["Ed25519", "ed25519"],
])
	accept(`alg/${alg}`, "RFC 9068 §2.1", { alg, key });
refuse("signature/of-another-key", "signature_invalid", CHECK, {
	key: "es256-b",
	header: { kid: "es256" },
	keys: "es256",
});
accept("own-claims-required-and-present", DATA, {
	payload: { scope: "read" },
	policy: { requiredClaims: ["exp", "scope"] },
});
refuse("own-claims-required-and-missing", "claim_missing", DATA, { policy: { requiredClaims: ["exp", "scope"] } });
refuse("subject/other", "subject_mismatch", DATA, { policy: { subject: "user-2" } });
accept("client_id/equal-to-sub", "RFC 9068 §2.2", { payload: { sub: CLIENT } });
refuse("client_id/in-azp-only", "claim_missing", DATA, { payload: { client_id: undefined, azp: CLIENT } });
refuse("client_id/in-cid-only", "claim_missing", DATA, { payload: { client_id: undefined, cid: CLIENT } });

// The scope that a resource needs (RFC 6750 §3.1), compared word by word.
const SCOPE = "RFC 6749 §3.3";
const scope = (granted, needed) => ({ payload: { scope: granted }, policy: { scope: needed } });
accept("scope/equal", SCOPE, scope("purchases:read", "purchases:read"));
accept("scope/first-of-three", SCOPE, scope("purchases:read openid email", "purchases:read"));
accept("scope/last-of-three", SCOPE, scope("openid email purchases:read", "purchases:read"));
accept("scope/all-of-two", SCOPE, scope("b a", ["a", "b"]));
accept("scope/none-needed", SCOPE, scope("", []));
for (const [name, granted] of Object.entries({
	absent: undefined,
	empty: "",
	other: "purchases:write",
	prefix: "purchases",
	longer: "purchases:read:all",
	"other-case": "Purchases:Read",
	"comma-list": "openid,purchases:read",
	"tab-list": "openid\tpurchases:read",
	star: "*",
}))
	refuse(`scope/${name}`, "insufficient_scope", SCOPE, scope(granted, "purchases:read"));
refuse("scope/one-of-two", "insufficient_scope", SCOPE, scope("a", ["a", "b"]));
refuse("scope/expired-comes-first", "token_expired", "RFC 6750 §3.1", {
	payload: { scope: "", exp: NOW - 1 },
	policy: { scope: "a" },
});
for (const [name, value] of Object.entries({ array: ["purchases:read"], null: null, number: 1 }))
	refuse(`scope/is-${name}`, "claim_invalid", "RFC 9068 §2.2.3", scope(value, "purchases:read"));
