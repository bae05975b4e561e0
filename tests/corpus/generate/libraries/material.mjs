// What the harness does for libraries that know no key sets: it parses the keys and picks candidates
// by kid, as their documentation tells callers to do.
import { createPublicKey, createSecretKey } from "node:crypto";

/** The algorithms that Countersign allows where a policy names none. */
export const ASYMMETRIC = [
	"RS256",
	"RS384",
	"RS512",
	"PS256",
	"PS384",
	"PS512",
	"ES256",
	"ES384",
	"ES512",
	"ES256K",
	"EdDSA",
	"Ed25519",
	"ML-DSA-44",
	"ML-DSA-65",
	"ML-DSA-87",
];

/** Cases for a verifier as a whole. Those of ML-DSA have a kind of their own, since it is optional. */
export const isToken = ({ kind }) => kind === "token" || kind === "ml-dsa";

export const tokenText = ({ token, tokenHex, proof }) =>
	token ?? proof ?? Buffer.from(tokenHex, "hex").toString("utf8");

/** The header as a lenient reader sees it. */
export const headerOf = (entry) => {
	try {
		const header = JSON.parse(Buffer.from(tokenText(entry).split(".")[0], "base64").toString("utf8"));
		return typeof header === "object" && header !== null ? header : {};
	} catch {
		return {};
	}
};

/** PEM text, or what JSON.parse makes of other text. */
export const keysOf = ({ keys, kind, ...entry }) => {
	// A DPoP proof brings its key along.
	if (kind === "dpop") return { ...headerOf(entry).jwk, kid: undefined };
	if (typeof keys !== "string") return keys;
	return keys.includes("-----BEGIN ") ? keys : JSON.parse(keys);
};

const toKeyObject = (key) => {
	if (typeof key === "string") return createPublicKey(key);
	if (key.kty === "oct") return createSecretKey(Buffer.from(key.k, "base64url"));
	return createPublicKey({ key, format: "jwk" });
};

/** The key objects that may check the token. */
export const candidates = (entry) => {
	const keys = keysOf(entry);
	if (typeof keys === "string") return [toKeyObject(keys)];
	const { kid } = headerOf(entry);
	const list = Array.isArray(keys?.keys) ? keys.keys : [keys];
	return list
		.filter((key) => kid === undefined || key?.kid === undefined || key?.kid === kid)
		.flatMap((key) => {
			try {
				return [toKeyObject(key)];
			} catch {
				return [];
			}
		});
};

/** Claims that a profile requires, for libraries that take a list of them. */
export const requiredClaims = ({ policy }) => [
	...(policy.requiredClaims ?? ["exp"]),
	...({
		"access-token": ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"],
		"id-token": ["iss", "sub", "aud", "exp", "iat"],
		"logout-token": ["iss", "aud", "iat", "jti", "exp", "events"],
	}[policy.profile] ?? []),
];

export const wantedType = ({ policy }) => policy.typ ?? (policy.profile === "access-token" ? "at+jwt" : undefined);
