// RFC 7518 §3.2, RFC 8725 §2.1 and §3.5: secrets, and public keys that are taken for secrets.
import { suite } from "./corpus.mjs";
import { certificates, der, jwk, member, pem, publicKey, set } from "./keys.mjs";
import { hmac } from "./sign.mjs";
import { base64url } from "./token.mjs";

const { accept, refuse } = suite("hmac");
const LENGTH = "RFC 7518 §3.2";
const CONFUSION = "RFC 8725 §2.1";

const oct = (secret, changes = {}) => ({ kty: "oct", kid: "secret", k: base64url(secret), ...changes });
const signedWith = (secret, alg = "HS256") => ({
	key: "hs256",
	alg,
	header: { kid: "secret" },
	signAs: (input) => hmac(`sha${alg.slice(2)}`, secret, input),
	policy: { algorithms: [alg] },
});
const bytes = (length) => Buffer.from(Array.from({ length }, (_, i) => (i * 151 + 43) % 256));

// Lengths: at least the hash's.
for (const [alg, hash] of [
	["HS256", 32],
	["HS384", 48],
	["HS512", 64],
]) {
	for (const length of [1, 8, 16, 20, 31])
		refuse(`length/${alg}-${length}`, "key_weak", LENGTH, {
			...signedWith(bytes(length), alg),
			keys: oct(bytes(length)),
		});
	if (hash > 32)
		refuse(`length/${alg}-${hash - 1}`, "key_weak", LENGTH, {
			...signedWith(bytes(hash - 1), alg),
			keys: oct(bytes(hash - 1)),
		});
	for (const length of new Set([hash, hash + 1, 64, 65, 128, 129, 200, 1024]))
		accept(`length/${alg}-${length}`, LENGTH, { ...signedWith(bytes(length), alg), keys: oct(bytes(length)) });
	refuse(`length/${alg}-empty`, "key_weak", LENGTH, { ...signedWith(Buffer.alloc(0), alg), keys: oct("") });
	refuse(`length/${alg}-key-names-it-and-is-short`, "key_weak", LENGTH, {
		...signedWith(bytes(hash - 1), alg),
		keys: oct(bytes(hash - 1), { alg }),
	});
	refuse(`zeros/${alg}-short`, "key_weak", LENGTH, {
		...signedWith(Buffer.alloc(16), alg),
		keys: oct(Buffer.alloc(16)),
	});
	// HMAC pads with zeros: a secret and the same with zeros behind it make one MAC (RFC 2104 §2).
	accept(`zeros/${alg}-padded-by-the-signer`, "RFC 2104 §2", {
		...signedWith(Buffer.concat([bytes(hash), Buffer.alloc(2)]), alg),
		keys: oct(bytes(hash)),
	});
}
for (const word of ["secret", "password", "your-256-bit-secret", "changeme", "shhhhh"])
	refuse(`word/${word}`, "key_weak", "RFC 8725 §3.5", { ...signedWith(word), keys: oct(word) });
accept("word/long-phrase", LENGTH, {
	...signedWith("correct horse battery staple and more words"),
	keys: oct("correct horse battery staple and more words"),
});

// k itself.
const secret = member("hs256", "k");
const k = (name, value) =>
	refuse(`k/${name}`, "key_invalid", "RFC 7518 §6.4.1", {
		...signedWith(secret),
		keys: { kty: "oct", kid: "secret", ...(value === undefined ? {} : { k: value }) },
	});
k("missing", undefined);
k("null", null);
k("number", 1);
k("array", [base64url(secret)]);
k("padded", `${base64url(secret)}=`);
k("space-after", `${base64url(secret)} `);
k("newline-after", `${base64url(secret)}\n`);
k(
	"trailing-bits",
	base64url(secret).slice(0, -1) +
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[
			"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".indexOf(base64url(secret).at(-1)) | 1
		],
);
k("not-base64url", "a secret of more than thirty-two octets!");
accept("k/leading-zero-octets", "RFC 7518 §6.4.1", {
	...signedWith(Buffer.concat([Buffer.alloc(4), secret])),
	keys: oct(Buffer.concat([Buffer.alloc(4), secret])),
});
refuse("k/leading-zero-octets-count", "signature_invalid", "RFC 7518 §6.4.1", {
	...signedWith(secret),
	keys: oct(Buffer.concat([Buffer.alloc(4), secret])),
});
refuse("k/the-text-is-not-the-secret", "signature_invalid", "RFC 7518 §6.4.1", {
	...signedWith(base64url(secret)),
	keys: oct(secret),
});
refuse("k/another-secret", "signature_invalid", LENGTH, { ...signedWith(member("hs256-b", "k")), keys: oct(secret) });

// use, key_ops, alg
accept("jwk/use-sig", "RFC 7517 §4.2", {
	...signedWith(secret),
	keys: oct(secret, { use: "sig", key_ops: ["sign", "verify"], alg: "HS256" }),
});
refuse("jwk/use-enc", "key_unsuitable", "RFC 7517 §4.2", { ...signedWith(secret), keys: oct(secret, { use: "enc" }) });
refuse("jwk/key_ops-sign", "key_unsuitable", "RFC 7517 §4.3", {
	...signedWith(secret),
	keys: oct(secret, { key_ops: ["sign"] }),
});
refuse("jwk/alg-A256KW", "key_unsuitable", "RFC 7517 §4.4", {
	...signedWith(secret),
	keys: oct(secret, { alg: "A256KW" }),
});
refuse("jwk/alg-HS512-token-HS256", "key_unsuitable", "RFC 7517 §4.4", {
	...signedWith(member("hs512", "k")),
	keys: oct(member("hs512", "k"), { alg: "HS512" }),
});
refuse("jwk/HS512-with-a-secret-for-HS256", "key_weak", LENGTH, {
	...signedWith(secret, "HS512"),
	keys: oct(secret),
	policy: { algorithms: ["HS256", "HS512"] },
});
accept("jwk/HS256-with-a-secret-for-HS512", LENGTH, {
	...signedWith(member("hs512", "k")),
	keys: oct(member("hs512", "k")),
	policy: { algorithms: ["HS256", "HS512"] },
});
accept("jwk/d-in-an-oct-is-an-unread-member", "RFC 7517 §4", { ...signedWith(secret), keys: oct(secret, { d: "AA" }) });

// A public key in the verifier, its text as the attacker's secret: never a MAC key.
const openssh = (name) => {
	const string = (data) => {
		const length = Buffer.alloc(4);
		length.writeUInt32BE(data.length);
		return Buffer.concat([length, data]);
	};
	const positive = (octets) => (octets[0] & 0x80 ? Buffer.concat([Buffer.of(0), octets]) : octets);
	if (name === "rsa2048")
		return `ssh-rsa ${Buffer.concat([string(Buffer.from("ssh-rsa")), string(positive(member(name, "e"))), string(positive(member(name, "n")))]).toString("base64")}`;
	if (name === "ed25519")
		return `ssh-ed25519 ${Buffer.concat([string(Buffer.from("ssh-ed25519")), string(member(name, "x"))]).toString("base64")}`;
	const point = Buffer.concat([Buffer.of(4), member(name, "x"), member(name, "y")]);
	return `ecdsa-sha2-nistp256 ${Buffer.concat([string(Buffer.from("ecdsa-sha2-nistp256")), string(Buffer.from("nistp256")), string(point)]).toString("base64")}`;
};
const forms = (name) => ({
	pem: pem(name),
	"pem-without-last-newline": pem(name).trimEnd(),
	"pem-with-crlf": pem(name).replaceAll("\n", "\r\n"),
	"pem-with-text-before": `This is the public key of the shop:\n${pem(name)}`,
	"pem-with-newline-before": `\n${pem(name)}`,
	"pem-with-bom-before": `\ufeff${pem(name)}`,
	"pem-with-nul-before": `\0${pem(name)}`,
	certificate: certificates[name],
	jwk: JSON.stringify(jwk(name)),
	"jwk-indented": JSON.stringify(jwk(name), null, 2),
	"jwk-with-space-before": ` ${JSON.stringify(jwk(name))}`,
	"jwk-set": JSON.stringify(set(name)),
	der: der(name),
	openssh: openssh(name),
	"openssh-with-comment": `${openssh(name)} shop@example.com`,
	...(name === "rsa2048"
		? {
				"pkcs1-pem": publicKey(name).export({ type: "pkcs1", format: "pem" }),
				"pkcs1-der": publicKey(name).export({ type: "pkcs1", format: "der" }),
			}
		: {}),
});
for (const name of ["rsa2048", "es256", "ed25519"]) {
	for (const [form, text] of Object.entries(forms(name))) {
		const parts = { key: "hs256", alg: "HS256", header: { kid: name }, signAs: (input) => hmac("sha256", text, input) };
		refuse(`confusion/${name}/${form}`, "alg_not_allowed", CONFUSION, { ...parts, keys: name });
		refuse(`confusion/${name}/${form}-HS256-allowed-too`, "key_unsuitable", CONFUSION, {
			...parts,
			keys: name,
			policy: { algorithms: ["RS256", "ES256", "EdDSA", "HS256"] },
		});
		refuse(`confusion/${name}/${form}-verifier-has-pem`, "alg_not_allowed", CONFUSION, { ...parts, keys: pem(name) });
		// The same as a secret by mistake of the one who configures: refused before any token comes.
		refuse(`look-alike/${name}/${form}`, "key_invalid", CONFUSION, { ...signedWith(text), keys: oct(text) });
	}
	refuse(`confusion/${name}/pem-key-and-HS256-only`, "key_unsuitable", CONFUSION, {
		key: "hs256",
		alg: "HS256",
		signAs: (input) => hmac("sha256", pem(name), input),
		keys: pem(name),
		policy: "@hs256",
	});
}
refuse("confusion/numbers-of-the-modulus", "alg_not_allowed", CONFUSION, {
	key: "hs256",
	alg: "HS256",
	header: { kid: "rsa2048" },
	signAs: (input) => hmac("sha256", member("rsa2048", "n"), input),
	keys: "rsa2048",
});
accept("look-alike/almost-pem", CONFUSION, {
	...signedWith("-----begin public key----- in small letters"),
	keys: oct("-----begin public key----- in small letters"),
});
accept("look-alike/random-octets", CONFUSION, {
	...signedWith(member("hs-long", "k")),
	keys: oct(member("hs-long", "k")),
});
