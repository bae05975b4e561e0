// RFC 7468, RFC 5280 §4.1: public keys as PEM text.
import { createPublicKey } from "node:crypto";
import { suite } from "./corpus.mjs";
import { certificates, der, jwk, pem, privateKey, publicKey } from "./keys.mjs";

const { accept, refuse } = suite("pem");
const RFC = "RFC 7468 §13";
const CERTIFICATE = "RFC 7468 §5";
const NAMES = ["rsa2048", "es256", "es384", "es512", "es256k", "ed25519"];

for (const key of NAMES) {
	accept(`spki/${key}`, RFC, { key, keys: pem(key) });
	accept(`spki/${key}-token-without-kid`, RFC, { key, header: { kid: undefined }, keys: pem(key) });
	accept(`certificate/${key}`, CERTIFICATE, { key, keys: certificates[key] });
	accept(`spki/${key}-crlf`, "RFC 7468 §3", { key, keys: pem(key).replaceAll("\n", "\r\n") });
	accept(`spki/${key}-no-last-newline`, "RFC 7468 §3", { key, keys: pem(key).trimEnd() });
	accept(`certificate/${key}-crlf`, "RFC 7468 §3", { key, keys: certificates[key].replaceAll("\n", "\r\n") });
	refuse(`spki/${key}-of-another-key`, "signature_invalid", RFC, {
		key,
		keys: createPublicKey({ key: jwk(key === "rsa2048" ? "rsa2048-b" : `${key}-b`), format: "jwk" }).export({
			type: "spki",
			format: "pem",
		}),
	});
	// Private keys, in each of their forms.
	refuse(`private/${key}-pkcs8`, "key_private", "RFC 7468 §10", {
		key,
		keys: privateKey(key).export({ type: "pkcs8", format: "pem" }),
	});
	if (key.startsWith("es"))
		refuse(`private/${key}-sec1`, "key_private", "RFC 5915 §4", {
			key,
			keys: privateKey(key).export({ type: "sec1", format: "pem" }),
		});
}
refuse("private/rsa2048-pkcs1", "key_private", "RFC 8017 §A.1.2", {
	key: "rsa2048",
	keys: privateKey("rsa2048").export({ type: "pkcs1", format: "pem" }),
});
for (const key of ["rsa2048", "es256", "ed25519"])
	for (const other of ["rsa2048", "es256", "ed25519"])
		if (other !== key)
			refuse(`spki/${other}-for-a-token-of-${key}`, "key_unsuitable", "RFC 8725 §3.1", { key, keys: pem(other) });
for (const alg of ["RS384", "RS512", "PS256", "PS384", "PS512"])
	accept(`spki/rsa2048-${alg}`, RFC, { key: "rsa2048", alg, keys: pem("rsa2048") });
accept("spki/ed25519-by-its-own-name", "RFC 9864 §2.2", { key: "ed25519", alg: "Ed25519", keys: pem("ed25519") });

// Strength counts here too.
refuse("weak/rsa1024-spki", "key_weak", "RFC 7518 §3.3", { key: "rsa1024", keys: pem("rsa1024") });
refuse("weak/rsa1024-certificate", "key_weak", "RFC 7518 §3.3", { key: "rsa1024", keys: certificates.rsa1024 });
refuse("weak/rsa8200-spki", "key_invalid", "RFC 7518 §3.3", { key: "rsa8200", keys: pem("rsa8200") });
accept("exponent/e3-spki", "RFC 8017 §3.1", { key: "rsa-e3", keys: pem("rsa-e3") });

// Text around and inside.
const good = pem("es256");
const body = good.split("\n").slice(1, -2).join("\n");
const wrap = (label, content) => `-----BEGIN ${label}-----\n${content}\n-----END ${label}-----\n`;
accept("text/newlines-before-and-after", "RFC 7468 §2", { keys: `\n\n${good}\n\n` });
const bad = (name, keys, rfc = "RFC 7468 §3") => refuse(`text/${name}`, "key_invalid", rfc, { keys });
bad("no-end", good.slice(0, good.indexOf("-----END")));
bad("no-begin", `${body}\n-----END PUBLIC KEY-----\n`);
bad("labels-differ", good.replace("END PUBLIC KEY", "END CERTIFICATE"));
bad("label-certificate", wrap("CERTIFICATE", body), CERTIFICATE);
bad("label-of-a-key-on-a-certificate", wrap("PUBLIC KEY", certificates.es256.split("\n").slice(1, -2).join("\n")));
bad("label-unknown", wrap("SHOP KEY", body));
bad("empty", wrap("PUBLIC KEY", ""));
bad("body-cut", wrap("PUBLIC KEY", body.slice(0, -8)));
bad(
	"body-letter-changed-in-oid",
	wrap("PUBLIC KEY", `MFkwEwYHKoZIzj0CAAYIKoZIzj0DAQcDQgAE${body.replaceAll("\n", "").slice(36)}`),
);
bad("body-with-strange-letters", wrap("PUBLIC KEY", `!!!!${body}`));
bad(
	"body-of-base64url",
	wrap(
		"PUBLIC KEY",
		publicKey("es384").export({ type: "spki", format: "der" }).toString("base64url").replaceAll("A", "-"),
	),
);
bad("octets-behind-the-key", wrap("PUBLIC KEY", Buffer.concat([der("es256"), Buffer.of(0)]).toString("base64")));
bad("octets-missing", wrap("PUBLIC KEY", der("es256").subarray(0, -1).toString("base64")));
bad("only-the-point", wrap("PUBLIC KEY", der("es256").subarray(-65).toString("base64")));
{
	const off = Buffer.from(der("es256"));
	off[off.length - 1] ^= 1;
	bad("point-off-curve", wrap("PUBLIC KEY", off.toString("base64")), "RFC 8725 §3.4");
	const zero = Buffer.from(der("es256"));
	zero.fill(0, zero.length - 64);
	bad("point-zero", wrap("PUBLIC KEY", zero.toString("base64")), "RFC 8725 §3.4");
	const ed = Buffer.from(der("ed25519"));
	ed.fill(0, ed.length - 32);
	ed[ed.length - 32] = 1;
	refuse("text/ed25519-identity", "key_invalid", "RFC 8725 §3.4", {
		key: "ed25519",
		keys: wrap("PUBLIC KEY", ed.toString("base64")),
	});
}
// Algorithms that check no signature here.
const spkis = {
	x25519: `302a300506032b656e032100${"09".padEnd(64, "0")}`,
	ed448: `3043300506032b6571033a00${"5f".repeat(57)}`,
	dsa: "3081f03081a806072a8648ce38040130819c024100".padEnd(484, "a"),
};
for (const [name, hex] of Object.entries(spkis))
	bad(`key-of-${name}`, wrap("PUBLIC KEY", Buffer.from(hex, "hex").toString("base64")), "RFC 8725 §3.2");
bad("openssh", `ssh-ed25519 ${Buffer.from("0000000b7373682d65643235353139", "hex").toString("base64")} a@example.com`);
bad("words", "this is not a key");
bad("blank", " \n ");
