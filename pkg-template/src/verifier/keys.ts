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

/** A public key or a secret of `node:crypto`, of its class `KeyObject`. */
export interface NodeKey {
	readonly type: "public" | "private" | "secret";
	export(options: { format: "jwk" }): unknown;
}

/** PEM text by `kid`, as the keys of Firebase's session cookies are published. */
export interface PemByKid {
	readonly [kid: string]: string;
}

type Key = Jwk | JwkSet | PemByKid | NodeKey | string | Uint8Array;

/**
 * Keys as a caller may give them: a JWK, a JWK Set, text (PEM, or either of those in JSON), PEM text by `kid`, a
 * `KeyObject` of Node.js, the bytes of a secret, or several of these. Each block of PEM is a key; a certificate is
 * trusted for its key alone, its chain and time are not looked at.
 */
export type Keys = Key | readonly Key[];

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
