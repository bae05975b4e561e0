// The examples printed in the RFCs, as tokens and as plain signatures.
import { suite } from "./corpus.mjs";
import { signatureSuite } from "./verify-signature.mjs";

const PAYLOAD = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
const EXAMPLES = {
	"7515-A.1": {
		rfc: "RFC 7515 §A.1",
		alg: "HS256",
		keys: { kty: "oct", k: "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow" },
		token: `eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.${PAYLOAD}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk`,
	},
	"7515-A.2": {
		rfc: "RFC 7515 §A.2",
		alg: "RS256",
		keys: {
			kty: "RSA",
			n: "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ",
			e: "AQAB",
		},
		token: `eyJhbGciOiJSUzI1NiJ9.${PAYLOAD}.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw`,
	},
	"7515-A.3": {
		rfc: "RFC 7515 §A.3",
		alg: "ES256",
		keys: {
			kty: "EC",
			crv: "P-256",
			x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
			y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
		},
		token: `eyJhbGciOiJFUzI1NiJ9.${PAYLOAD}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q`,
	},
};
const tokens = suite("rfc-examples");
const signatures = signatureSuite("rfc-examples-signatures");
for (const [name, { rfc, alg, keys, token }] of Object.entries(EXAMPLES)) {
	const parts = (more, now = 1_300_819_379) => ({
		token,
		keys,
		now,
		policy: { issuer: "joe", audience: null, algorithms: [alg], ...more },
	});
	tokens.accept(`${name}/one-second-before-its-end`, rfc, parts());
	tokens.refuse(`${name}/at-its-end`, "token_expired", "RFC 7519 §4.1.4", parts({}, 1_300_819_380));
	tokens.refuse(`${name}/another-issuer`, "issuer_mismatch", "RFC 7519 §4.1.1", parts({ issuer: "jo" }));
	tokens.refuse(`${name}/audience-asked-for`, "claim_missing", "RFC 7519 §4.1.3", parts({ audience: "shop" }));
	tokens.refuse(`${name}/as-access-token`, "typ_mismatch", "RFC 9068 §2.1", parts({ profile: "access-token" }));
	tokens.refuse(`${name}/payload-changed`, "signature_invalid", rfc, {
		...parts(),
		token: token.replace("eyJpc3MiOiJqb2Ui", "eyJpc3MiOiJqb2Yi"),
	});
	signatures.accept(`${name}/signature`, rfc, { token, keys, options: { algorithms: [alg] } });
	signatures.refuse(`${name}/signature-other-algorithm-allowed`, "alg_not_allowed", "RFC 8725 §3.1", {
		token,
		keys,
		options: { algorithms: ["ES384"] },
	});
}
signatures.accept("7515-A.4/signature", "RFC 7515 §A.4", {
	token:
		"eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn",
	keys: {
		kty: "EC",
		crv: "P-521",
		x: "AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk",
		y: "ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2",
	},
	options: { algorithms: ["ES512"] },
});
const ed25519 = { kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" };
const a4 =
	"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
signatures.accept("8037-A.4/signature", "RFC 8037 §A.4", {
	token: a4,
	keys: ed25519,
	options: { algorithms: ["EdDSA"] },
});
signatures.refuse("8037-A.4/signature-changed", "signature_invalid", "RFC 8037 §A.4", {
	token: a4.replace("RXhh", "RXhi"),
	keys: ed25519,
	options: { algorithms: ["EdDSA"] },
});
tokens.refuse("8037-A.4/is-no-jwt", "json_invalid", "RFC 7519 §7.2", {
	token: a4,
	keys: ed25519,
	policy: { issuer: null, audience: null },
});
