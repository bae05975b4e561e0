// Keys and tokens, minted once in the driver by node:crypto and handed to every runtime as JSON.

import { constants, createHmac, randomBytes, randomUUID, sign } from "node:crypto";
import { keyPair } from "../keys.mjs";

export const ISSUER = "https://auth.example.com";
export const AUDIENCE = "https://api.shop.example.com";
/** Tokens of an algorithm: so many that no contender sees the same one twice in a row. */
export const TOKENS = 256;

const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
const flat = { dsaEncoding: "ieee-p1363" };
const rsa = ["rsa", { modulusLength: 2048 }];
const ec = (namedCurve) => ["ec", { namedCurve }];

/** Per algorithm: the `alg` of its tokens, what makes a key, and what node:crypto calls the signature. */
export const ALGORITHMS = {
	HS256: { alg: "HS256" },
	RS256: { alg: "RS256", key: rsa, hash: "sha256" },
	PS256: { alg: "PS256", key: rsa, hash: "sha256", options: pss },
	ES256: { alg: "ES256", key: ec("P-256"), hash: "sha256", options: flat },
	ES384: { alg: "ES384", key: ec("P-384"), hash: "sha384", options: flat },
	ES512: { alg: "ES512", key: ec("P-521"), hash: "sha512", options: flat },
	// "EdDSA" (RFC 8037) rather than "Ed25519" (RFC 9864): the name that all contenders know.
	Ed25519: { alg: "EdDSA", key: ["ed25519"], hash: null },
};

const encoded = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A key of an algorithm: the JWK that a verifier trusts, and what signs. */
export function mintKey(algorithm, kid = randomUUID()) {
	const { alg, key } = ALGORITHMS[algorithm];
	const members = { kid, alg, use: "sig" };
	if (!key) {
		const secret = randomBytes(32);
		return { algorithm, jwk: { kty: "oct", k: secret.toString("base64url"), ...members }, secret };
	}
	const { publicKey, privateKey } = keyPair(...key);
	const jwk = { ...publicKey.export({ format: "jwk" }), ...members };
	return { algorithm, jwk, privateKey: { key: privateKey.export({ format: "jwk" }), format: "jwk" } };
}

/** The same RSA key under another algorithm's name; making one takes long. */
export const renamed = ({ privateKey, jwk }, algorithm) => ({ algorithm, privateKey, jwk: { ...jwk, alg: algorithm } });

/** Claims as an access token of RFC 9068 has them: about 600 bytes of token with ES256. */
export function claims(changes) {
	const now = Math.floor(Date.now() / 1000);
	return {
		iss: ISSUER,
		sub: randomUUID(),
		aud: AUDIENCE,
		exp: now + 7200,
		iat: now - 10,
		jti: randomUUID(),
		client_id: "storefront",
		scope: "openid profile purchases:read",
		auth_time: now - 600,
		...changes,
	};
}

/** A token, signed by a key of `mintKey`. */
export const mintToken = (key, payload = claims()) => mintJws(key, { typ: "at+jwt", kid: key.jwk.kid }, payload);

/** A JWS in compact form (RFC 7515 §7.1). */
export function mintJws({ algorithm, privateKey, secret }, header, payload) {
	const { alg, hash, options } = ALGORITHMS[algorithm];
	const input = `${encoded({ ...header, alg })}.${encoded(payload)}`;
	const signature = secret
		? createHmac("sha256", secret).update(input).digest()
		: sign(hash, Buffer.from(input), { ...privateKey, ...options });
	return `${input}.${signature.toString("base64url")}`;
}

/** What contenders get: a trusted key, tokens to accept, and tokens to refuse, by reason. */
export function subjectOf(key, tokens) {
	const now = Math.floor(Date.now() / 1000);
	const refused = {
		"a changed signature": corrupted(tokens[0]),
		"an expired token": mintToken(key, claims({ exp: now - 60 })),
		"another issuer": mintToken(key, claims({ iss: "https://elsewhere.example.com" })),
		"another audience": mintToken(key, claims({ aud: "https://elsewhere.example.com" })),
	};
	const { algorithm, jwk } = key;
	const { alg } = ALGORITHMS[algorithm];
	return { algorithm, alg, issuer: ISSUER, audience: AUDIENCE, jwk, tokens, refused, bytes: tokens[0].length };
}

export const mintTokens = (key, count = TOKENS) => Array.from({ length: count }, () => mintToken(key));

/** The token with one character amid its signature changed, still canonical base64url. */
function corrupted(token) {
	const at = token.lastIndexOf(".") + 20;
	return token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
}

/** A token of this many bytes, or a few fewer: grown by entitlements (RFC 9068 §2.2.3.1), 512 at the least. */
export function mintSized(key, bytes) {
	const { scope, auth_time, ...base } = claims();
	const sized = (entitlements) => mintToken(key, { ...base, entitlements });
	// Three bytes of claims make four of token; an entitlement takes 40, with its quotes and comma.
	const room = Math.floor(((bytes - sized([]).length) * 3) / 4) - 1;
	const entitlements = Array.from({ length: Math.floor(room / 40) }, () => `e${randomUUID()}`);
	const rest = room - (JSON.stringify(entitlements).length - 2) - (entitlements.length > 0 ? 3 : 2);
	if (rest > 0) entitlements.push("x".repeat(rest));
	return sized(entitlements);
}

const pool = [];

/** Distinct P-256 keys, made once however often they are asked for. */
export function ecKeys(count) {
	while (pool.length < count) pool.push(mintKey("ES256"));
	return pool.slice(0, count);
}
