// RFC 7518 §3.1, RFC 8037, RFC 8812, RFC 9864: every algorithm, and every key that is not its own.
import { suite } from "./corpus.mjs";
import { jwk, member, set } from "./keys.mjs";
import { hmac, sign, signEcdsa } from "./sign.mjs";
import { AUDIENCE, base64url, CLAIMS, ISSUER } from "./token.mjs";

const { accept, refuse } = suite("algorithms");

const ALGORITHMS = {
	HS256: ["hs256", "RFC 7518 §3.2"],
	HS384: ["hs384", "RFC 7518 §3.2"],
	HS512: ["hs512", "RFC 7518 §3.2"],
	RS256: ["rsa2048", "RFC 7518 §3.3"],
	RS384: ["rsa2048", "RFC 7518 §3.3"],
	RS512: ["rsa2048", "RFC 7518 §3.3"],
	PS256: ["rsa2048", "RFC 7518 §3.5"],
	PS384: ["rsa2048", "RFC 7518 §3.5"],
	PS512: ["rsa2048", "RFC 7518 §3.5"],
	ES256: ["es256", "RFC 7518 §3.4"],
	ES384: ["es384", "RFC 7518 §3.4"],
	ES512: ["es512", "RFC 7518 §3.4"],
	ES256K: ["es256k", "RFC 8812 §3.2"],
	EdDSA: ["ed25519", "RFC 8037 §3.1"],
	Ed25519: ["ed25519", "RFC 9864 §2.2"],
};
const isMac = (alg) => alg.startsWith("HS");
const allowing = (...algorithms) => ({ algorithms });
const only = (alg) => (isMac(alg) ? allowing(alg) : undefined);
const flip = (index) => (made) => {
	const bytes = Buffer.from(made);
	bytes[index < 0 ? bytes.length + index : index] ^= 1;
	return bytes;
};

for (const [alg, [key, rfc]] of Object.entries(ALGORITHMS)) {
	const parts = { key, alg };
	accept(`${alg}/valid`, rfc, { ...parts, policy: only(alg) });
	accept(`${alg}/allowed-by-name`, "RFC 8725 §3.1", { ...parts, policy: allowing(alg) });
	accept(`${alg}/allowed-among-all`, "RFC 8725 §3.1", { ...parts, policy: allowing(...Object.keys(ALGORITHMS)) });
	accept(`${alg}/key-names-it`, "RFC 7517 §4.4", { ...parts, keys: jwk(key, { alg }), policy: only(alg) });
	accept(`${alg}/key-for-signatures`, "RFC 7517 §4.2", {
		...parts,
		keys: jwk(key, { use: "sig", key_ops: ["verify"] }),
		policy: only(alg),
	});
	accept(`${alg}/in-a-set`, "RFC 7517 §5", { ...parts, keys: set("rsa2048-b", key, "es256-b"), policy: only(alg) });
	refuse(`${alg}/not-allowed`, "alg_not_allowed", "RFC 8725 §3.1", {
		...parts,
		policy: allowing(alg === "ES384" ? "ES256" : "ES384"),
	});
	refuse(`${alg}/nothing-allowed`, "alg_not_allowed", "RFC 8725 §3.1", { ...parts, policy: allowing() });
	refuse(`${alg}/signature-first-bit`, "signature_invalid", "RFC 7515 §5.2", {
		...parts,
		policy: only(alg),
		signature: flip(0),
	});
	refuse(`${alg}/signature-last-bit`, "signature_invalid", "RFC 7515 §5.2", {
		...parts,
		policy: only(alg),
		signature: flip(-1),
	});
	refuse(`${alg}/signature-all-zero`, "signature_invalid", "RFC 7515 §5.2", {
		...parts,
		policy: only(alg),
		signature: (made) => Buffer.alloc(made.length),
	});
	refuse(`${alg}/signature-all-one`, "signature_invalid", "RFC 7515 §5.2", {
		...parts,
		policy: only(alg),
		signature: (made) => Buffer.alloc(made.length, 255),
	});
	refuse(`${alg}/signature-empty`, "signature_missing", "RFC 7515 §5.2", {
		...parts,
		policy: only(alg),
		signature: "",
	});
	refuse(`${alg}/signature-short`, "signature_invalid", "RFC 7515 §5.2", {
		...parts,
		policy: only(alg),
		signature: (made) => made.subarray(1),
	});
	refuse(`${alg}/signature-long`, "signature_invalid", "RFC 7515 §5.2", {
		...parts,
		policy: only(alg),
		signature: (made) => Buffer.concat([made, Buffer.of(0)]),
	});
	refuse(`${alg}/payload-changed`, "signature_invalid", "RFC 7515 §5.2", {
		...parts,
		policy: only(alg),
		after: (token) => token.replace(/\.[^.]+\./, `.${base64url(JSON.stringify({ ...CLAIMS, sub: "admin" }))}.`),
	});
	// Spellings: names are compared exactly (RFC 7515 §4.1.1).
	for (const [name, spelling] of Object.entries({
		"other-case": alg === alg.toUpperCase() ? alg.toLowerCase() : alg.toUpperCase(),
		"space-after": `${alg} `,
		"space-before": ` ${alg}`,
		"nul-after": `${alg}\0`,
	}))
		refuse(`${alg}/spelled-${name}`, "alg_unsupported", "RFC 7515 §4.1.1", {
			...parts,
			header: { alg: spelling },
			policy: only(alg),
		});
}

// Each algorithm's token against every other algorithm's key: the same kid, so only the kty decides.
const OTHER_KEYS = ["rsa2048", "es256", "es384", "es512", "es256k", "ed25519"];
const family = (name) => (name.startsWith("rsa") ? "rsa" : name);
for (const [alg, [key]] of Object.entries(ALGORITHMS)) {
	if (isMac(alg)) continue;
	for (const other of OTHER_KEYS)
		if (family(other) !== family(key))
			refuse(`${alg}/key-is-${other}`, "key_unsuitable", "RFC 8725 §3.1", { key, alg, keys: jwk(other, { kid: key }) });
	refuse(`${alg}/key-is-a-secret`, "key_unsuitable", "RFC 8725 §3.1", {
		key,
		alg,
		keys: jwk("hs512", { kid: key }),
		policy: allowing(alg, "HS512"),
	});
}
for (const alg of ["HS256", "HS384", "HS512"]) {
	const [key] = ALGORITHMS[alg];
	for (const other of OTHER_KEYS) {
		refuse(`${alg}/key-is-${other}`, "key_unsuitable", "RFC 8725 §2.1", {
			key,
			alg,
			keys: jwk(other, { kid: key }),
			policy: allowing(alg, "ES256", "RS256"),
		});
		refuse(`${alg}/key-is-${other}-default-algorithms`, "alg_not_allowed", "RFC 8725 §3.1", {
			key,
			alg,
			keys: jwk(other, { kid: key }),
		});
	}
	// Symmetric algorithms are never a default.
	refuse(`${alg}/never-by-default`, "alg_not_allowed", "RFC 8725 §3.1", { key, alg });
	refuse(`${alg}/never-by-default-though-the-key-names-it`, "alg_not_allowed", "RFC 8725 §3.1", {
		key,
		alg,
		keys: jwk(key, { alg }),
	});
}

// The right key, the wrong member of its family.
const SWAPS = [
	["RS256", "rsa2048", ["RS384", "RS512", "PS256"]],
	["RS384", "rsa2048", ["RS256", "RS512", "PS384"]],
	["RS512", "rsa2048", ["RS256", "RS384", "PS512"]],
	["PS256", "rsa2048", ["PS384", "PS512", "RS256"]],
	["PS384", "rsa2048", ["PS256", "PS512", "RS384"]],
	["PS512", "rsa2048", ["PS256", "PS384", "RS512"]],
];
for (const [claimed, key, real] of SWAPS)
	for (const alg of real)
		refuse(`${claimed}/signed-as-${alg}`, "signature_invalid", "RFC 7515 §5.2", {
			key,
			alg: claimed,
			signAs: (input) => sign(alg, key, input),
		});
for (const [claimed, key, hashes] of [
	["ES256", "es256", ["sha384", "sha512", "sha1"]],
	["ES384", "es384", ["sha256", "sha512"]],
	["ES512", "es512", ["sha256", "sha384"]],
	["ES256K", "es256k", ["sha384", "sha512"]],
])
	for (const hash of hashes)
		refuse(`${claimed}/hashed-with-${hash}`, "signature_invalid", "RFC 7518 §3.4", {
			key,
			alg: claimed,
			signAs: (input) => signEcdsa(key, input, hash),
		});
for (const [claimed, key] of [
	["HS256", "hs512"],
	["HS384", "hs512"],
	["HS512", "hs512"],
])
	for (const bits of ["256", "384", "512"])
		if (!claimed.endsWith(bits))
			refuse(`${claimed}/hashed-with-sha${bits}`, "signature_invalid", "RFC 7518 §3.2", {
				key,
				alg: claimed,
				policy: allowing(claimed),
				signAs: (input) => hmac(`sha${bits}`, member(key, "k"), input),
			});

// A valid signature by the algorithm's hash on a curve that is not the algorithm's.
for (const [alg, key, hash] of [
	["ES256", "es384", "sha256"],
	["ES256", "es512", "sha256"],
	["ES256", "es256k", "sha256"],
	["ES256K", "es256", "sha256"],
	["ES384", "es256", "sha384"],
	["ES384", "es512", "sha384"],
	["ES512", "es384", "sha512"],
	["ES512", "es256", "sha512"],
])
	refuse(`${alg}/valid-on-${key}`, "key_unsuitable", "RFC 7518 §3.4", {
		key,
		alg,
		signAs: (input) => signEcdsa(key, input, hash),
	});

// The names of one key type: an unnamed Ed25519 key serves both, a named one its own name only.
for (const [named, used] of [
	["EdDSA", "Ed25519"],
	["Ed25519", "EdDSA"],
]) {
	refuse(`${used}/key-names-${named}`, "key_unsuitable", "RFC 7517 §4.4", {
		key: "ed25519",
		alg: used,
		keys: jwk("ed25519", { alg: named }),
	});
	refuse(`${used}/allowed-is-${named}`, "alg_not_allowed", "RFC 9864 §4.4", {
		key: "ed25519",
		alg: used,
		policy: allowing(named),
	});
}
for (const [named, used, key] of [
	["RS256", "PS256", "rsa2048"],
	["PS256", "RS256", "rsa2048"],
	["RS256", "RS512", "rsa2048"],
	["RS512", "RS256", "rsa2048"],
	["PS512", "PS384", "rsa2048"],
])
	refuse(`${used}/key-names-${named}`, "key_unsuitable", "RFC 7517 §4.4", {
		key,
		alg: used,
		keys: jwk(key, { alg: named }),
	});
for (const [named, used] of [
	["HS256", "HS512"],
	["HS512", "HS256"],
])
	refuse(`${used}/key-names-${named}`, "key_unsuitable", "RFC 7517 §4.4", {
		key: "hs512",
		alg: used,
		keys: jwk("hs512", { alg: named }),
		policy: allowing("HS256", "HS512"),
	});

// Names nobody may use for a token here.
const unknown = [
	"",
	"FOO",
	"ES",
	"256",
	"HS1",
	"HS224",
	"RS1",
	"RS",
	"PS1",
	"ES521",
	"ES256K1",
	"Ed448",
	"ESP256",
	"EdDSA25519",
	"RSA1_5",
	"RSA-OAEP",
	"RSA-OAEP-256",
	"dir",
	"A128KW",
	"A256GCMKW",
	"ECDH-ES",
	"PBES2-HS256+A128KW",
	"SHA256",
	"constructor",
	"__proto__",
	"toString",
	"\u0415S256",
	"ES\u200b256",
	"ＥＳ256",
	"ES256,HS256",
	"none1",
	"non",
	"null",
	"undefined",
	"*",
];
for (const alg of unknown)
	refuse(`unknown/${alg === "" ? "empty" : alg}`, "alg_unsupported", "RFC 7515 §5.2", { header: { alg } });
for (const alg of ["RS1", "HS1"]) {
	// With a real SHA-1 signature.
	const key = alg === "RS1" ? "rsa2048" : "hs256";
	const valid = (input) => (alg === "RS1" ? sign("RS1", key, input) : hmac("sha1", member(key, "k"), input));
	refuse(`unknown/${alg}-validly-signed`, "alg_unsupported", "RFC 8725 §3.2", {
		key,
		alg,
		signAs: valid,
		policy: key === "hs256" ? allowing("HS256") : undefined,
	});
}

// alg none, however it is written, with and without what is left of a signature.
const nones = ["none", "None", "NONE", "nOnE", "NoNe", "nONE"];
for (const none of nones) {
	const written = none === none.toLowerCase() ? none : `case-${none}`;
	refuse(`none/${written}/empty-signature`, "alg_none", "RFC 8725 §3.2", { header: { alg: none }, signature: "" });
	refuse(`none/${written}/left-over-signature`, "alg_none", "RFC 8725 §3.2", { header: { alg: none } });
}
refuse("none/without-kid", "alg_none", "RFC 7519 §6", {
	header: { alg: "none", kid: undefined, typ: undefined },
	signature: "",
});
refuse("none/without-keys-kid", "alg_none", "RFC 8725 §3.2", {
	header: { alg: "none", kid: "unknown" },
	signature: "",
});
refuse("none/hmac-with-empty-key", "alg_none", "RFC 8725 §3.2", {
	header: { alg: "none" },
	signAs: (input) => hmac("sha256", "", input),
});
refuse("none/escaped", "alg_none", "RFC 8725 §3.2", { header: '{"alg":"\\u006eone","kid":"es256"}', signature: "" });
refuse("none/secret-key", "alg_none", "RFC 8725 §3.2", {
	key: "hs256",
	header: { alg: "none" },
	signature: "",
	policy: "@hs256",
});
refuse("none/rfc-7519-example", "alg_none", "RFC 7519 §6.1", {
	token:
		"eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.",
	policy: { issuer: "joe", audience: null },
	now: 1_300_000_000,
});
for (const [name, alg] of Object.entries({
	"trailing-space": "none ",
	"leading-space": " none",
	"trailing-newline": "none\n",
}))
	refuse(`none/${name}`, "alg_none", "RFC 8725 §3.2", { header: { alg }, signature: "" });
for (const [name, alg] of Object.entries({
	"trailing-nul": "none\0",
	"armenian-o": "n\u0585ne",
	"full-width": "ｎｏｎｅ",
}))
	refuse(`none/almost-${name}`, "alg_unsupported", "RFC 8725 §3.2", { header: { alg }, signature: "" });

// Issuer and audience still hold for each family: the nearest refusals behind a valid signature.
for (const [alg, [key]] of Object.entries(ALGORITHMS)) {
	refuse(`${alg}/valid-but-expired`, "token_expired", "RFC 7519 §4.1.4", {
		key,
		alg,
		payload: { exp: CLAIMS.iat },
		policy: only(alg),
	});
	refuse(`${alg}/valid-for-another-audience`, "audience_mismatch", "RFC 7519 §4.1.3", {
		key,
		alg,
		payload: { aud: `${AUDIENCE}/` },
		policy: only(alg),
	});
	refuse(`${alg}/valid-from-another-issuer`, "issuer_mismatch", "RFC 7519 §4.1.1", {
		key,
		alg,
		payload: { iss: `${ISSUER}/` },
		policy: only(alg),
	});
}
