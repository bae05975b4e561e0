// OpenID Connect Core §2 and §3.1.3: what an ID token has to be.
import { createHash } from "node:crypto";
import { CLIENT, ID, kind, TYPES } from "./profiles.mjs";
import { AUDIENCE, claimsText, ISSUER, NOW } from "./token.mjs";

const { accept, refuse } = kind("id-token", "id-token", ID, {});
const VALIDATE = "OpenID Connect Core §3.1.3.7";
const DATA = "OpenID Connect Core §2";
accept("usual", VALIDATE);
for (const typ of [undefined, "JWT", "jwt", "Jwt", "application/jwt", "application/JWT"])
	accept(`typ/${typ ?? "absent"}`, DATA, { header: { typ } });
for (const typ of [
	"at+jwt",
	"AT+JWT",
	"application/at+jwt",
	"logout+jwt",
	"dpop+jwt",
	"secevent+jwt",
	"oauth-authz-req+jwt",
	"token-introspection+jwt",
	"",
	"JW",
	"JWT ",
	"JOSE",
])
	refuse(`typ/${typ || "empty"}`, "typ_mismatch", "RFC 8725 §3.11", { header: { typ } });
for (const claim of ["iss", "sub", "aud", "exp", "iat"]) {
	refuse(`missing/${claim}`, "claim_missing", DATA, { payload: { [claim]: undefined } });
	refuse(`missing/${claim}-though-lifted`, "claim_missing", DATA, {
		payload: { [claim]: undefined },
		policy: { requiredClaims: [] },
	});
}
for (const claim of ["jti", "nonce", "azp", "auth_time", "acr", "amr", "at_hash"])
	accept(`missing/${claim}-is-optional`, DATA, {});
for (const [claim, legal] of Object.entries({
	nonce: "string",
	azp: "string",
	acr: "string",
	at_hash: "string",
	c_hash: "string",
}))
	for (const [name, value] of Object.entries(TYPES))
		if (!name.includes(legal))
			refuse(`types/${claim}-is-${name}`, "claim_invalid", DATA, { payload: { [claim]: value } });
for (const [name, value] of Object.entries(TYPES))
	if (name !== "number") refuse(`types/auth_time-is-${name}`, "claim_invalid", DATA, { payload: { auth_time: value } });
for (const [name, text] of Object.entries({ negative: "-1", infinite: "1e400" }))
	refuse(`types/auth_time-${name}`, "claim_invalid", DATA, { payload: claimsText({ auth_time: text }, ID) });
accept("optional/profile-claims", DATA, {
	payload: {
		name: "Alice",
		email: "alice@example.com",
		email_verified: true,
		picture: null,
		address: { country: "NL" },
		amr: ["pwd", "otp"],
		acr: "1",
		auth_time: NOW - 100,
	},
});
refuse("exp/now", "token_expired", VALIDATE, { payload: { exp: NOW } });
refuse("iss/other", "issuer_mismatch", VALIDATE, { payload: { iss: `${ISSUER}/` } });
refuse("nbf/ahead", "token_not_yet_valid", VALIDATE, { payload: { nbf: NOW + 1 } });
refuse("alg/none", "alg_none", VALIDATE, { header: { alg: "none" }, signature: "" });

// aud and azp, after errata set 2: additional audiences have to be trusted (3), and azp is compared only where the
// caller asks for it (4, 5)
const AZP = "OpenID Connect Core §3.1.3.7";
refuse("aud/api", "audience_mismatch", AZP, { payload: { aud: AUDIENCE } });
refuse("aud/other-client", "audience_mismatch", AZP, { payload: { aud: "shop-app" } });
accept("aud/array-of-one", AZP, { payload: { aud: [CLIENT] } });
accept("azp/equal", AZP, { payload: { azp: CLIENT } });
accept("azp/equal-and-aud-array-of-one", AZP, { payload: { aud: [CLIENT], azp: CLIENT } });
accept("azp/other", AZP, { payload: { azp: "shop-app" } });
accept("azp/empty", AZP, { payload: { azp: "" } });
accept("azp/other-case", AZP, { payload: { azp: "Shop-Web" } });
refuse("azp/is-the-other-audience", "audience_mismatch", AZP, {
	payload: { aud: [CLIENT, "shop-app"], azp: "shop-app" },
});
refuse("azp/missing-with-two-audiences", "audience_mismatch", AZP, { payload: { aud: [CLIENT, "shop-app"] } });
refuse("azp/equal-with-two-audiences", "audience_mismatch", AZP, {
	payload: { aud: [CLIENT, "shop-app"], azp: CLIENT },
});
refuse("azp/equal-with-two-audiences-other-order", "audience_mismatch", AZP, {
	payload: { aud: ["shop-app", CLIENT], azp: CLIENT },
});
refuse("azp/equal-but-not-among-audiences", "audience_mismatch", AZP, {
	payload: { aud: ["shop-app"], azp: CLIENT },
});
accept("azp/one-of-the-policy's", AZP, { payload: { azp: "shop-app" }, policy: { audience: [CLIENT, "shop-app"] } });
accept("azp/none-of-the-policy's", AZP, {
	payload: { azp: "shop-tv" },
	policy: { audience: [CLIENT, "shop-app"] },
});

// nonce
const NONCE = "OpenID Connect Core §3.1.3.7";
const nonce = "n-0S6_WzA2Mj";
accept("nonce/equal", NONCE, { payload: { nonce }, policy: { nonce } });
accept("nonce/present-not-asked", NONCE, { payload: { nonce } });
refuse("nonce/missing", "claim_missing", NONCE, { policy: { nonce } });
for (const [name, value] of Object.entries({
	other: "n-0S6_WzA2Mk",
	prefix: "n-0S6_WzA2M",
	longer: `${nonce}x`,
	"other-case": nonce.toUpperCase(),
	empty: "",
	"space-after": `${nonce} `,
	hashed: createHash("sha256").update(nonce).digest("base64url"),
}))
	refuse(`nonce/${name}`, "nonce_mismatch", NONCE, { payload: { nonce: value }, policy: { nonce } });
for (const [name, value] of Object.entries({ null: null, number: 1, array: [nonce], object: { nonce } }))
	refuse(`nonce/asked-and-is-${name}`, "claim_invalid", NONCE, { payload: { nonce: value }, policy: { nonce } });
refuse("nonce/in-header-only", "claim_missing", NONCE, { header: { nonce }, policy: { nonce } });

// at_hash and c_hash: left half of the hash of the token's own algorithm.
const accessToken = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
const code = "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk";
const half = (hash, text) => {
	const whole = createHash(hash).update(text).digest();
	return whole.subarray(0, whole.length / 2).toString("base64url");
};
const HASHES = {
	ES256: ["es256", "sha256"],
	ES384: ["es384", "sha384"],
	ES512: ["es512", "sha512"],
	RS256: ["rsa2048", "sha256"],
	RS384: ["rsa2048", "sha384"],
	RS512: ["rsa2048", "sha512"],
	PS256: ["rsa2048", "sha256"],
	PS384: ["rsa2048", "sha384"],
	PS512: ["rsa2048", "sha512"],
	ES256K: ["es256k", "sha256"],
	EdDSA: ["ed25519", "sha512"],
	Ed25519: ["ed25519", "sha512"],
	HS256: ["hs256", "sha256"],
	HS384: ["hs384", "sha384"],
	HS512: ["hs512", "sha512"],
};
for (const [claim, option, value, mismatch, rfc] of [
	["at_hash", "accessToken", accessToken, "at_hash_mismatch", "OpenID Connect Core §3.1.3.6"],
	["c_hash", "code", code, "c_hash_mismatch", "OpenID Connect Core §3.3.2.11"],
]) {
	for (const [alg, [key, hash]] of Object.entries(HASHES)) {
		const algorithms = alg.startsWith("HS") ? { algorithms: [alg] } : {};
		accept(`${claim}/${alg}`, rfc, {
			alg,
			key,
			payload: { [claim]: half(hash, value) },
			policy: { [option]: value, ...algorithms },
		});
		// Hashed as at_hash is; three algorithms stand for all.
		if (claim === "c_hash" && !["ES256", "ES384", "ES512"].includes(alg)) continue;
		refuse(`${claim}/${alg}-of-another`, mismatch, rfc, {
			alg,
			key,
			payload: { [claim]: half(hash, `${value}x`) },
			policy: { [option]: value, ...algorithms },
		});
		for (const other of ["sha256", "sha384", "sha512"])
			if (other !== hash)
				refuse(`${claim}/${alg}-by-${other}`, mismatch, rfc, {
					alg,
					key,
					payload: { [claim]: half(other, value) },
					policy: { [option]: value, ...algorithms },
				});
	}
	const right = half("sha256", value);
	const whole = createHash("sha256").update(value).digest();
	for (const [name, wrong] of Object.entries({
		empty: "",
		"whole-hash": whole.toString("base64url"),
		"right-half": whole.subarray(16).toString("base64url"),
		hexadecimal: whole.subarray(0, 16).toString("hex"),
		padded: `${right}==`,
		cut: right.slice(0, -1),
		longer: `${right}A`,
		"other-case": right.toLowerCase(),
		"trailing-bits": right.slice(0, -1) + { A: "B", Q: "R", g: "h", w: "x" }[right.at(-1)],
		"standard-alphabet-or-sign": `+${right.slice(1)}`,
		"left-half-of-text": whole.toString("base64url").slice(0, 21),
		"value-itself": value,
		"of-empty": half("sha256", ""),
		"of-value-with-newline": half("sha256", `${value}\n`),
	}))
		refuse(`${claim}/${name}`, mismatch, rfc, { payload: { [claim]: wrong }, policy: { [option]: value } });
	accept(`${claim}/present-not-asked`, rfc, { payload: { [claim]: "anything" } });
	// at_hash is optional (§3.1.3.6), c_hash is required where a code came with the token (§3.3.2.11).
	if (claim === "c_hash") refuse("c_hash/asked-and-absent", "claim_missing", rfc, { policy: { code } });
	else accept("at_hash/asked-and-absent", rfc, { policy: { accessToken } });
	for (const [name, wrong] of Object.entries({ null: null, number: 1, array: [right] }))
		refuse(`${claim}/asked-and-is-${name}`, "claim_invalid", rfc, {
			payload: { [claim]: wrong },
			policy: { [option]: value },
		});
}
accept("at_hash/core-example", "OpenID Connect Core §A.3", {
	payload: { at_hash: "77QmUPtjPfzWtF2AnpK9RQ" },
	policy: { accessToken },
});
accept("c_hash/core-example", "OpenID Connect Core §A.4", {
	payload: { c_hash: "LDktKdoQak3Pk0cnXxCltA" },
	policy: { code },
});
accept("at_hash/both", "OpenID Connect Core §3.3.2.11", {
	payload: { at_hash: half("sha256", accessToken), c_hash: half("sha256", code) },
	policy: { accessToken, code },
});
refuse("at_hash/swapped-with-c_hash", "at_hash_mismatch", "OpenID Connect Core §3.3.2.11", {
	payload: { at_hash: half("sha256", code), c_hash: half("sha256", accessToken) },
	policy: { accessToken, code },
});
refuse("c_hash/only-c_hash-wrong", "c_hash_mismatch", "OpenID Connect Core §3.3.2.11", {
	payload: { at_hash: half("sha256", accessToken), c_hash: half("sha256", accessToken) },
	policy: { accessToken, code },
});

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
for (const [name, value] of Object.entries({ null: null, string: String(NOW), true: true, array: [NOW] }))
	refuse(`auth_time/asked-and-is-${name}`, "claim_invalid", AGE, {
		payload: { auth_time: value },
		policy: { maxAge: 600 },
	});
refuse("auth_time/asked-and-negative", "claim_invalid", AGE, age(-1, 600));
accept("auth_time/old-not-asked", AGE, { payload: { auth_time: 1 } });

// acr
const ACR = "OpenID Connect Core §3.1.3.7";
accept("acr/equal", ACR, {
	payload: { acr: "urn:mace:incommon:iap:silver" },
	policy: { acr: "urn:mace:incommon:iap:silver" },
});
accept("acr/first-of-list", ACR, { payload: { acr: "2" }, policy: { acr: ["2", "1"] } });
accept("acr/second-of-list", ACR, { payload: { acr: "1" }, policy: { acr: ["2", "1"] } });
accept("acr/present-not-asked", ACR, { payload: { acr: "0" } });
refuse("acr/missing", "claim_missing", ACR, { policy: { acr: "2" } });
for (const [name, acr] of Object.entries({ other: "1", empty: "", longer: "22", list: "2 1", "space-after": "2 " }))
	refuse(`acr/${name}`, "acr_mismatch", ACR, { payload: { acr }, policy: { acr: "2" } });
refuse("acr/none-of-list", "acr_mismatch", ACR, { payload: { acr: "3" }, policy: { acr: ["1", "2"] } });
refuse("acr/number", "claim_invalid", ACR, { payload: { acr: 2 }, policy: { acr: "2" } });
refuse("acr/array", "claim_invalid", ACR, { payload: { acr: ["2"] }, policy: { acr: "2" } });
refuse("acr/in-amr-only", "claim_missing", ACR, { payload: { amr: ["2"] }, policy: { acr: "2" } });
