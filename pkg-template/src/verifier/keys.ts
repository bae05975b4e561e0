// Keys and algorithms as callers give them.

/** A JSON Web Key (RFC 7517 §4). */
export interface Jwk {
	readonly kty?: string;
	readonly kid?: string;
	readonly alg?: string;
	readonly use?: string;
	readonly key_ops?: readonly string[];
	readonly [member: string]: unknown;
}

/** A JWK Set (RFC 7517 §5). */
export interface JwkSet {
	readonly keys: readonly Jwk[];
}

/** Keys as a caller may give them: a JWK, a JWK Set, text (PEM, or either of those in JSON), the bytes of a secret, or several of these. */
export type Keys = Jwk | JwkSet | string | Uint8Array | readonly (Jwk | JwkSet | string | Uint8Array)[];

/**
 * The signature algorithms a policy can name (RFC 7518 §3.1, RFC 8037, RFC 8812, RFC 9864, RFC 9964).
 * Those of RFC 9964, ML-DSA, only in `countersign/ml-dsa`.
 */
export type Algorithm =
	| "HS256"
	| "HS384"
	| "HS512"
	| "RS256"
	| "RS384"
	| "RS512"
	| "PS256"
	| "PS384"
	| "PS512"
	| "ES256"
	| "ES384"
	| "ES512"
	| "ES256K"
	| "Ed25519"
	| "EdDSA"
	| "ML-DSA-44"
	| "ML-DSA-65"
	| "ML-DSA-87";
