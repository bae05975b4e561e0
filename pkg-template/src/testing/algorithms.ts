// How WebCrypto makes keys of each algorithm, and signs with them.

import type { TestAlgorithm } from "./types.js";

/** WebCrypto's own words for an algorithm. */
export interface WebCryptoAlgorithm {
	readonly key: { readonly name: string; readonly [parameter: string]: unknown };
	readonly signature: { readonly name: string; readonly [parameter: string]: unknown };
}

const hash = (bits: number) => `SHA-${bits}`;

function hmac(bits: number): WebCryptoAlgorithm {
	return { key: { name: "HMAC", hash: hash(bits), length: bits }, signature: { name: "HMAC" } };
}

function rsa(name: string, bits: number): WebCryptoAlgorithm {
	const key = { name, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: hash(bits) };
	return { key, signature: { name, saltLength: bits / 8 } };
}

function ecdsa(namedCurve: string, bits: number): WebCryptoAlgorithm {
	return { key: { name: "ECDSA", namedCurve }, signature: { name: "ECDSA", hash: hash(bits) } };
}

function named(name: string): WebCryptoAlgorithm {
	return { key: { name }, signature: { name } };
}

const PKCS1 = "RSASSA-PKCS1-v1_5";

/** The algorithms by their names. RFC 7518 §3.1, RFC 9864 §2.2, RFC 9964 §2 */
export const ALGORITHMS: Readonly<Record<TestAlgorithm, WebCryptoAlgorithm>> = {
	ES256: ecdsa("P-256", 256),
	ES384: ecdsa("P-384", 384),
	ES512: ecdsa("P-521", 512),
	Ed25519: named("Ed25519"),
	EdDSA: named("Ed25519"),
	RS256: rsa(PKCS1, 256),
	RS384: rsa(PKCS1, 384),
	RS512: rsa(PKCS1, 512),
	PS256: rsa("RSA-PSS", 256),
	PS384: rsa("RSA-PSS", 384),
	PS512: rsa("RSA-PSS", 512),
	HS256: hmac(256),
	HS384: hmac(384),
	HS512: hmac(512),
	"ML-DSA-44": named("ML-DSA-44"),
	"ML-DSA-65": named("ML-DSA-65"),
	"ML-DSA-87": named("ML-DSA-87"),
};
