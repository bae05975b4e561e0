// RFC 7517 §4, RFC 7518 §6, RFC 8037 §2: one JWK and what can be wrong with it.
import { suite } from "./corpus.mjs";
import { jwk, member, privateJwk, set, withPrivate } from "./keys.mjs";
import { base64url } from "./token.mjs";

const { accept, refuse } = suite("jwk");
const _JWK = "RFC 7517 §4";
const NOT_READ = "RFC 7517 §4";

const P256 = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const toNumber = (octets) => BigInt(`0x${octets.toString("hex")}`);
const toOctets = (number, length) => Buffer.from(number.toString(16).padStart(length * 2, "0"), "hex");

const USUAL = ["es256", "rsa2048", "ed25519"];
const numbers = { es256: ["x", "y"], rsa2048: ["n", "e"], ed25519: ["x"] };
const spec = { es256: "RFC 7518 §6.2.1", rsa2048: "RFC 7518 §6.3.1", ed25519: "RFC 8037 §2" };

for (const key of USUAL) {
	accept(`${key}/public`, spec[key], { key });
	accept(`${key}/in-a-set-of-one`, "RFC 7517 §5", { key, keys: set(key) });
	accept(`${key}/with-members-nobody-reads`, NOT_READ, {
		key,
		keys: jwk(key, { ext: true, "x5t#S256": "abc", iat: 1, "https://example.com": { a: [1e300] } }),
	});
	accept(`${key}/without-kid`, "RFC 7517 §4.5", { key, keys: jwk(key, { kid: undefined }) });
	// kty
	const kty = (name, value) =>
		refuse(`${key}/kty-${name}`, "key_invalid", "RFC 7517 §4.1", { key, keys: jwk(key, { kty: value }) });
	kty("missing", undefined);
	kty("null", null);
	kty("number", 1);
	kty("array", [jwk(key).kty]);
	kty("empty", "");
	kty("other-case", jwk(key).kty === "oct" ? "OCT" : jwk(key).kty.toLowerCase());
	kty("space-after", `${jwk(key).kty} `);
	kty("unknown", "PQC");
	// The numbers.
	for (const which of numbers[key]) {
		const value = jwk(key)[which];
		const bytes = Buffer.from(value, "base64url");
		const bad = (name, changed, code = "key_invalid") =>
			refuse(`${key}/${which}-${name}`, code, spec[key], { key, keys: jwk(key, { [which]: changed }) });
		bad("missing", undefined);
		bad("null", null);
		bad("number", 1);
		bad("array", [value]);
		bad("array-of-octets", [...bytes].slice(0, 8));
		bad("object", { value });
		bad("empty", "");
		bad("padded", `${value}${"=".repeat((4 - (value.length % 4)) % 4 || 4)}`);
		bad("space-after", `${value} `);
		bad("newline-inside", `${value.slice(0, 2)}\n${value.slice(2)}`);
		bad("comma-inside", `${value.slice(0, 2)},${value.slice(2)}`);
		const longer = base64url(Buffer.concat([Buffer.of(0), bytes]));
		// A coordinate has the curve's length (RFC 7518 §6.2.1.2), a number of RSA has none: see rsa.mjs.
		if (which === "n" || which === "e")
			accept(`${key}/${which}-leading-zero-octet`, "RFC 7518 §6.3.1.1", { key, keys: jwk(key, { [which]: longer }) });
		else bad("leading-zero-octet", longer);
		if (which !== "e") {
			// A modulus of any length is a number: here one too short, one even, and one of another key.
			const modulus = which === "n";
			bad("first-octet-dropped", base64url(bytes.subarray(1)), modulus ? "key_weak" : undefined);
			bad("octet-added", base64url(Buffer.concat([bytes, Buffer.of(0)])), modulus ? "key_weak" : undefined);
			bad("hexadecimal", bytes.toString("hex"), modulus ? "signature_invalid" : undefined);
			const standard = bytes.toString("base64").replace(/=+$/, "");
			if (/[+/]/.test(standard)) bad("standard-alphabet", standard);
			bad("decimal", toNumber(bytes).toString());
			const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
			if (value.length % 4) bad("trailing-bits", value.slice(0, -1) + letters[letters.indexOf(value.at(-1)) | 1]);
		}
	}
	// kid, use, key_ops, alg
	for (const [name, value] of Object.entries({ number: 1, array: [key], object: {}, true: true })) {
		refuse(`${key}/kid-${name}`, "key_invalid", "RFC 7517 §4.5", {
			key,
			header: { kid: undefined },
			keys: jwk(key, { kid: value }),
		});
		refuse(`${key}/use-${name}`, "key_invalid", "RFC 7517 §4.2", { key, keys: jwk(key, { use: value }) });
		refuse(`${key}/alg-${name}`, "key_invalid", "RFC 7517 §4.4", { key, keys: jwk(key, { alg: value }) });
		if (name !== "array")
			refuse(`${key}/key_ops-${name}`, "key_invalid", "RFC 7517 §4.3", { key, keys: jwk(key, { key_ops: value }) });
	}
	// An optional member that is null says nothing, as one that is absent: serializers write them.
	for (const [which, rfc] of Object.entries({
		kid: "RFC 7517 §4.5",
		use: "RFC 7517 §4.2",
		alg: "RFC 7517 §4.4",
		key_ops: "RFC 7517 §4.3",
		x5u: "RFC 7517 §4.6",
		x5c: "RFC 7517 §4.7",
		x5t: "RFC 7517 §4.8",
		"x5t#S256": "RFC 7517 §4.9",
	})) {
		const header = { kid: which === "kid" ? undefined : key };
		accept(`${key}/${which}-null`, rfc, { key, header, keys: jwk(key, { [which]: null }) });
	}
	for (const use of ["enc", "", "SIG", "sig ", "verify", "tls"])
		refuse(`${key}/use-is-${use || "empty"}`, "key_unsuitable", "RFC 7517 §4.2", { key, keys: jwk(key, { use }) });
	refuse(`${key}/key_ops-string`, "key_invalid", "RFC 7517 §4.3", { key, keys: jwk(key, { key_ops: "verify" }) });
	refuse(`${key}/key_ops-duplicate`, "key_invalid", "RFC 7517 §4.3", {
		key,
		keys: jwk(key, { key_ops: ["verify", "verify"] }),
	});
	refuse(`${key}/key_ops-with-number`, "key_invalid", "RFC 7517 §4.3", {
		key,
		keys: jwk(key, { key_ops: ["verify", 1] }),
	});
	for (const [name, operations] of Object.entries({
		empty: [],
		sign: ["sign"],
		encrypt: ["encrypt"],
		"wrap-and-unwrap": ["wrapKey", "unwrapKey"],
		"verify-in-capitals": ["VERIFY"],
		"verify-with-space": ["verify "],
		deriveKey: ["deriveKey"],
	}))
		refuse(`${key}/key_ops-${name}`, "key_unsuitable", "RFC 7517 §4.3", {
			key,
			keys: jwk(key, { key_ops: operations }),
		});
	accept(`${key}/key_ops-verify`, "RFC 7517 §4.3", { key, keys: jwk(key, { key_ops: ["verify"] }) });
	accept(`${key}/key_ops-sign-and-verify`, "RFC 7517 §4.3", { key, keys: jwk(key, { key_ops: ["sign", "verify"] }) });
	accept(`${key}/key_ops-verify-and-unknown`, "RFC 7517 §4.3", {
		key,
		keys: jwk(key, { key_ops: ["https://example.com/op", "verify"] }),
	});
	accept(`${key}/use-sig`, "RFC 7517 §4.2", { key, keys: jwk(key, { use: "sig" }) });
	refuse(`${key}/use-enc-key_ops-verify`, "key_unsuitable", "RFC 7517 §4.3", {
		key,
		keys: jwk(key, { use: "enc", key_ops: ["verify"] }),
	});
	refuse(`${key}/use-sig-key_ops-encrypt`, "key_unsuitable", "RFC 7517 §4.3", {
		key,
		keys: jwk(key, { use: "sig", key_ops: ["encrypt"] }),
	});
	for (const alg of ["RSA-OAEP", "ECDH-ES", "FOO", "", "none", "HS256", "A128GCM"])
		refuse(`${key}/alg-is-${alg || "empty"}`, "key_unsuitable", "RFC 7517 §4.4", { key, keys: jwk(key, { alg }) });
	// Private members: refused alone, in each form, even when they are nonsense.
	const privates = { EC: ["d"], OKP: ["d"], RSA: ["d", "p", "q", "dp", "dq", "qi"] }[jwk(key).kty];
	refuse(`${key}/private`, "key_private", "RFC 7517 §9.2", { key, keys: withPrivate(key) });
	refuse(`${key}/private-in-a-set-of-one`, "key_private", "RFC 7517 §9.2", { key, keys: set(withPrivate(key)) });
	for (const which of privates) {
		refuse(`${key}/private-member-${which}`, "key_private", "RFC 7517 §9.2", {
			key,
			keys: jwk(key, { [which]: privateJwk(key)[which] }),
		});
		refuse(`${key}/private-member-${which}-empty`, "key_private", "RFC 7517 §9.2", {
			key,
			keys: jwk(key, { [which]: "" }),
		});
		refuse(`${key}/private-member-${which}-null`, "key_private", "RFC 7517 §9.2", {
			key,
			keys: jwk(key, { [which]: null }),
		});
	}
	if (privates.length > 1)
		refuse(`${key}/private-member-oth`, "key_private", "RFC 7518 §6.3.2.7", { key, keys: jwk(key, { oth: [] }) });
}

// Elliptic curves: coordinates have the curve's full length (RFC 7518 §6.2.1.2) and lie on it.
const EC = "RFC 7518 §6.2.1";
for (const [key, length] of [
	["es256", 32],
	["es384", 48],
	["es512", 66],
	["es256k", 32],
]) {
	const [x, y] = [member(key, "x"), member(key, "y")];
	const bad = (name, changes, rfc = EC) =>
		refuse(`${key}/${name}`, "key_invalid", rfc, { key, keys: jwk(key, changes) });
	if (key !== "es256") {
		accept(`${key}/public`, EC, { key });
		accept(`${key}/use-sig-key_ops-verify`, "RFC 7517 §4.3", {
			key,
			keys: jwk(key, { use: "sig", key_ops: ["verify"] }),
		});
		refuse(`${key}/use-is-enc`, "key_unsuitable", "RFC 7517 §4.2", { key, keys: jwk(key, { use: "enc" }) });
		refuse(`${key}/private`, "key_private", "RFC 7517 §9.2", { key, keys: withPrivate(key) });
		for (const which of ["x", "y"]) {
			bad(`${which}-missing`, { [which]: undefined });
			bad(`${which}-first-octet-dropped`, { [which]: base64url(member(key, which).subarray(1)) });
			bad(`${which}-leading-zero-octet`, { [which]: base64url(Buffer.concat([Buffer.of(0), member(key, which)])) });
			bad(`${which}-padded`, { [which]: `${jwk(key)[which]}=` });
		}
	}
	const curve = "RFC 8725 §3.4";
	const flipped = Buffer.from(y);
	flipped[length - 1] ^= 1;
	bad("off-curve-y", { y: base64url(flipped) }, curve);
	const other = Buffer.from(x);
	other[length - 1] ^= 1;
	bad("off-curve-x", { x: base64url(other) }, curve);
	bad("swapped-coordinates", { x: base64url(y), y: base64url(x) }, curve);
	bad("zero-point", { x: base64url(Buffer.alloc(length)), y: base64url(Buffer.alloc(length)) }, curve);
	bad("zero-x", { x: base64url(Buffer.alloc(length)) }, curve);
	bad("zero-y", { y: base64url(Buffer.alloc(length)) }, curve);
	bad("all-ones", { x: base64url(Buffer.alloc(length, 255)), y: base64url(Buffer.alloc(length, 255)) }, curve);
	bad("one-octet-coordinates", { x: "AA", y: "AA" });
	bad("x-of-another-key", { x: jwk(`${key}-b`).x }, curve);
	bad("uncompressed-point-in-x", { x: base64url(Buffer.concat([Buffer.of(4), x, y])) });
	bad("compressed-point-in-x", { x: base64url(Buffer.concat([Buffer.of(2 + (y.at(-1) & 1)), x])), y: undefined });
	bad("point-in-two-halves", { x: base64url(Buffer.concat([x, y])), y: undefined });
	bad("y-is-a-sign", { y: y.at(-1) & 1 });
	bad("y-is-boolean", { y: true });
	for (const crv of [
		"P-224",
		"P-512",
		"p-256",
		"secp256r1",
		"prime256v1",
		"P-256 ",
		"",
		"K-256",
		"Ed25519",
		"1.2.840.10045.3.1.7",
		"brainpoolP256r1",
	])
		bad(`crv-is-${crv || "empty"}`, { crv }, "RFC 7518 §6.2.1.1");
	for (const [name, crv] of Object.entries({ missing: undefined, null: null, number: 256, array: [jwk(key).crv] }))
		bad(`crv-${name}`, { crv }, "RFC 7518 §6.2.1.1");
	for (const crv of ["P-256", "P-384", "P-521", "secp256k1"])
		if (crv !== jwk(key).crv) bad(`labelled-${crv}`, { crv }, "RFC 8725 §3.4");
}
{
	// A coordinate that is too large by p is the same field element, written in another way. It takes
	// a point whose x is below 2^256 - p, about 2^224: (0, sqrt(b)) and a few more.
	const b = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
	const power = (base, exponent) => {
		let [result, square] = [1n, base % P256];
		for (let e = exponent; e > 0n; e >>= 1n) {
			if (e & 1n) result = (result * square) % P256;
			square = (square * square) % P256;
		}
		return result;
	};
	let x = 1n;
	let y;
	for (; ; x += 1n) {
		const right = (x ** 3n - 3n * x + b) % P256;
		y = power((right + P256) % P256, (P256 + 1n) / 4n);
		if ((y * y) % P256 === (right + P256) % P256) break;
	}
	refuse("es256/x-not-reduced", "key_invalid", "SEC 1 §2.3.5", {
		keys: jwk("es256", { x: base64url(toOctets(x + P256, 32)), y: base64url(toOctets(y, 32)) }),
	});
	refuse("es256/x-small-point-of-another", "signature_invalid", EC, {
		keys: jwk("es256", { x: base64url(toOctets(x, 32)), y: base64url(toOctets(y, 32)) }),
	});
}
accept("es256/thumbprint-kid", "RFC 7638 §1", {
	header: { kid: "sha256-thumbprint" },
	keys: jwk("es256", { kid: "sha256-thumbprint" }),
});

// OKP
for (const crv of ["X25519", "Ed448", "X448", "ed25519", "Ed25519 ", "", "P-256"])
	refuse(`ed25519/crv-is-${crv || "empty"}`, "key_invalid", "RFC 8037 §2", {
		key: "ed25519",
		keys: jwk("ed25519", { crv }),
	});
refuse("ed25519/crv-missing", "key_invalid", "RFC 8037 §2", {
	key: "ed25519",
	keys: jwk("ed25519", { crv: undefined }),
});
refuse("ed25519/spki-in-x", "key_invalid", "RFC 8037 §2", {
	key: "ed25519",
	keys: jwk("ed25519", {
		x: base64url(Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), member("ed25519", "x")])),
	}),
});
refuse("ed25519/as-EC", "key_invalid", "RFC 8037 §2", { key: "ed25519", keys: jwk("ed25519", { kty: "EC" }) });
refuse("es256/as-OKP", "key_invalid", "RFC 8037 §2", { keys: jwk("es256", { kty: "OKP" }) });
refuse("rsa2048/as-EC", "key_invalid", EC, { key: "rsa2048", keys: jwk("rsa2048", { kty: "EC" }) });
refuse("rsa2048/as-oct", "key_invalid", "RFC 7518 §6.4.1", { key: "rsa2048", keys: jwk("rsa2048", { kty: "oct" }) });

// What is no JWK at all.
for (const [name, keys] of Object.entries({
	"empty-object": {},
	"only-kty": { kty: "EC" },
	"keys-null": { keys: null },
	"keys-object": { keys: jwk("es256") },
	"keys-string": { keys: "es256" },
	"keys-number": { keys: 1 },
}))
	refuse(`shape/${name}`, "key_invalid", "RFC 7517 §5.1", { keys });
for (const [name, member] of Object.entries({
	null: null,
	string: "es256",
	number: 1,
	array: [jwk("es256")],
	"empty-object": {},
	"nested-set": { keys: [jwk("es256")] },
}))
	refuse(`shape/set-of-${name}`, "key_invalid", "RFC 7517 §5", { keys: { keys: [member] } });

// As text, where JSON can say more than an object.
const text = (value) => JSON.stringify(value);
const plain = text(jwk("es256"));
accept("text/jwk", "RFC 7517 §4", { keys: plain });
accept("text/set", "RFC 7517 §5", { keys: text(set("es256")) });
accept("text/white-space-around", "RFC 8259 §2", { keys: `\n ${JSON.stringify(jwk("es256"), null, 2)}\n` });
refuse("text/duplicate-kty", "key_invalid", "RFC 7517 §4", { keys: plain.replace("{", '{"kty":"EC",') });
refuse("text/duplicate-x", "key_invalid", "RFC 7517 §4", { keys: plain.replace("{", `{"x":"${jwk("es256-b").x}",`) });
refuse("text/duplicate-escaped", "key_invalid", "RFC 7517 §4", { keys: plain.replace("{", '{"\\u0078":"AAAA",') });
refuse("text/duplicate-alg", "key_invalid", "RFC 7517 §4", {
	keys: plain.replace("{", '{"alg":"ES256","alg":"ES384",'),
});
accept("text/duplicate-in-a-sibling", "RFC 7517 §5", {
	keys: `{"keys":[${text(jwk("es256-b")).replace("{", '{"kty":"EC",')},${plain}]}`,
});
refuse("text/duplicate-in-a-sibling-is-dropped", "key_not_found", "RFC 7517 §5", {
	key: "es256-b",
	keys: `{"keys":[${text(jwk("es256-b")).replace("{", '{"kty":"EC",')},${plain}]}`,
});
refuse("text/duplicate-keys", "key_invalid", "RFC 7517 §5", { keys: `{"keys":[${plain}],"keys":[]}` });
for (const [name, bad] of Object.entries({
	"trailing-comma": `${plain.slice(0, -1)},}`,
	cut: plain.slice(0, -1),
	apostrophes: plain.replaceAll('"', "'"),
	"two-texts": plain + plain,
	bom: `\ufeff${plain}`,
	words: "not a key",
	comment: `${plain}//`,
}))
	refuse(`text/${name}`, "key_invalid", "RFC 7517 §4", { keys: bad });
refuse("text/array", "key_invalid", "RFC 7517 §5", { keys: `[${plain}]` });
refuse("text/string", "key_invalid", "RFC 7517 §5", { keys: text("es256") });
refuse("text/null", "key_invalid", "RFC 7517 §5", { keys: "null" });

// A header cannot repair a key, nor a key a header.
for (const key of USUAL) {
	const { n, e, x, y, crv } = jwk(key);
	refuse(`${key}/numbers-in-the-header`, "key_invalid", "RFC 8725 §3.10", {
		key,
		header: { jwk: jwk(key), n, e, x, y, crv },
		keys: { kty: jwk(key).kty, kid: key },
	});
}
