// The fixed keys: private ones to sign with, public ones to hand to a verifier.
import { createPrivateKey, createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";

const read = (file) => JSON.parse(readFileSync(new URL(file, import.meta.url), "utf8"));
const privateKeys = read("../private-keys.json");

/** X.509 certificates of some keys, as PEM. */
export const certificates = read("certificates.json");

/** The private JWK of a test key, without kid. */
export const privateJwk = (name) => {
	if (!(name in privateKeys)) throw new Error(`no test key is named ${name}`);
	return privateKeys[name];
};

/** The bytes of a base64url member of a test key. */
export const member = (name, which) => Buffer.from(privateJwk(name)[which], "base64url");

/** The public JWK, its kid the key's name. Members of `changes` replace its own; undefined removes one. */
export const jwk = (name, changes = {}) => {
	const { kty, crv, alg, x, y, n, e, k, pub } = privateJwk(name);
	return clean({ kty, crv, alg, kid: name, x, y, n, e, k, pub, ...changes });
};

/** The same with its private members. */
export const withPrivate = (name, changes = {}) => clean({ ...privateJwk(name), kid: name, ...changes });

/** A JWK Set of names or JWKs. */
export const set = (...keys) => ({ keys: keys.map((key) => (typeof key === "string" ? jwk(key) : key)) });

const keyObjects = new Map();

/** OpenSSL's form of a private key. */
export const privateKey = (name) => {
	if (!keyObjects.has(name)) keyObjects.set(name, createPrivateKey({ key: privateJwk(name), format: "jwk" }));
	return keyObjects.get(name);
};

export const publicKey = (name) => createPublicKey(privateKey(name));

/** The public key as SubjectPublicKeyInfo PEM. */
export const pem = (name) => publicKey(name).export({ type: "spki", format: "pem" });

export const der = (name) => publicKey(name).export({ type: "spki", format: "der" });

/** The algorithm that a test key signs with unless a case says otherwise. */
export const usualAlgorithm = (name) => {
	const { kty, crv, alg, k } = privateJwk(name);
	if (alg) return alg;
	if (kty === "RSA") return "RS256";
	if (kty === "OKP") return "EdDSA";
	if (kty === "oct") return { 48: "HS384", 64: "HS512" }[Buffer.from(k, "base64url").length] ?? "HS256";
	return { "P-256": "ES256", "P-384": "ES384", "P-521": "ES512", secp256k1: "ES256K" }[crv];
};

const clean = (object) => JSON.parse(JSON.stringify(object));

/** The keys that cases name with @. The rest stand in their case. */
export const namedKeys = () => {
	const named = {};
	const names = Object.keys(privateKeys).filter((name) => name !== "//");
	for (const name of names) if (name !== "rsa-blum" && !/^(es256-\d|hs-long)/.test(name)) named[name] = jwk(name);
	for (const name of ["es256", "es384", "es512", "es256k", "ed25519", "rsa2048"]) named[`pem-${name}`] = pem(name);
	for (const [name, text] of Object.entries(certificates)) named[`certificate-${name}`] = text;
	const many = names.filter((name) => /^es256-\d/.test(name));
	named["set-mixed"] = set("rsa2048", "es256", "es384", "es512", "ed25519");
	named["set-two"] = set("es256", "es256-b");
	named["set-two-without-kid"] = set(jwk("es256", { kid: undefined }), jwk("es256-b", { kid: undefined }));
	named["set-17"] = set(...many);
	return named;
};
