// The types that the entries share. None needs DOM types, so that the package type-checks anywhere.

import type { ErrorCode, ErrorData } from "./error.js";

/** A JSON value. */
export type Json = string | number | boolean | null | Json[] | { [member: string]: Json };

/** The claims of a token (RFC 7519 §4). Times are seconds since 1970 (NumericDate). */
export interface Claims {
	readonly iss?: string;
	readonly sub?: string;
	readonly aud?: string | string[];
	/** Seconds since 1970. */
	readonly exp?: number;
	/** Seconds since 1970. */
	readonly nbf?: number;
	/** Seconds since 1970. */
	readonly iat?: number;
	readonly jti?: string;
	readonly [claim: string]: unknown;
}

/** The JOSE header of a token (RFC 7515 §4). */
export interface Header {
	readonly alg: string;
	readonly kid?: string;
	readonly typ?: string;
	readonly cty?: string;
	readonly crit?: string[];
	readonly [member: string]: unknown;
}

/** A token whose every check has passed. */
export interface Verified<C extends object = Claims> {
	readonly claims: C;
	readonly header: Header;
}

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

/** One check of a verdict. */
export interface Check {
	readonly name: string;
	/** The rule, for example `RFC 7519 §4.1.4`. */
	readonly spec: string;
	readonly status: "passed" | "failed" | "not reached";
	readonly found: string | null;
	readonly expected: string | null;
}

/** A verdict told as the list of its checks, in order. */
export interface Explanation {
	readonly valid: boolean;
	/** The code of the first check that failed. */
	readonly code: ErrorCode | null;
	/** The refusal as data, as `verify` would have thrown it. */
	readonly error: ErrorData | null;
	readonly checks: readonly Check[];
	readonly header: Header | null;
	/** Present only when the signature held. */
	readonly claims: Claims | null;
}

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

/** What is read of a response. The platform's `Response` is one. */
export interface ResponseLike {
	readonly status: number;
	readonly headers: { get(name: string): string | null };
	readonly body?: unknown;
	text(): Promise<string>;
}

/** The part of the platform's `fetch` that is used. */
export type Fetch = (
	url: string,
	init: {
		method?: string;
		headers?: Record<string, string>;
		body?: string;
		redirect?: "manual";
		credentials?: "omit";
		// biome-ignore lint/suspicious/noExplicitAny: every platform types its own AbortSignal
		signal?: any;
	},
) => Promise<ResponseLike>;

/**
 * Keeps key sets beyond the life of this process or isolate (Workers KV, the Cache API, Redis).
 * Whoever can write to it decides who is trusted: give it the protection of a key store.
 */
export interface KeyCache {
	get(url: string): Promise<string | null | undefined> | string | null | undefined;
	/** `ttl` in seconds: for how long the entry may be of use at all. */
	set(url: string, entry: string, ttl: number): Promise<void> | void;
}

/** One trusted issuer with its own keys. */
export interface IssuerOptions {
	readonly issuer: string;
	readonly audience?: string | readonly string[] | null;
	readonly keys?: Keys;
	readonly jwksUri?: string;
	readonly algorithms?: readonly Algorithm[];
}

/** The policy of a verifier. The caller decides, never the token. */
export interface VerifierOptions {
	/** Exactly the `iss` to accept, several of them, or `null`: explicitly not checked. RFC 7519 §4.1.1 */
	readonly issuer: string | readonly (string | IssuerOptions)[] | IssuerOptions | null;
	/** The `aud` to accept: one of these must be among the token's. `null`: explicitly not checked. RFC 7519 §4.1.3 */
	readonly audience?: string | readonly string[] | null;
	/** Trusted keys: nothing is fetched. */
	readonly keys?: Keys;
	/** Where the key set is; else discovered from the issuer (RFC 8414 §3, OpenID Connect Discovery §4). */
	readonly jwksUri?: string;
	/** Allowed algorithms. Default: those that the trusted keys name or imply, asymmetric ones only. RFC 8725 §3.1 */
	readonly algorithms?: readonly Algorithm[];
	/** Which kind of token. Default `"jwt"`; `"access-token"`: RFC 9068; `"id-token"`: OpenID Connect Core §3.1.3.7. */
	readonly profile?: "jwt" | "access-token" | "id-token" | "logout-token";
	/** The `typ` header wanted. RFC 8725 §3.11 */
	readonly typ?: string | null;
	/** The `sub` wanted. RFC 7519 §4.1.2 */
	readonly subject?: string;
	/** Seconds of leeway for `exp`, `nbf` and `iat`. Default 0. */
	readonly clockTolerance?: number;
	/** Seconds since `iat` after which a token is refused. */
	readonly maxTokenAge?: number;
	/** Claims that must be there. Default `["exp"]`; `[]` lifts it. */
	readonly requiredClaims?: readonly string[];
	/** Extension headers that the caller understands and handles. RFC 7515 §4.1.11 */
	readonly crit?: readonly string[];
	/** ID tokens: the nonce sent in the request. OpenID Connect Core §3.1.3.7 (11) */
	readonly nonce?: string;
	/** ID tokens: the access token that `at_hash` must match. OpenID Connect Core §3.1.3.8 */
	readonly accessToken?: string;
	/** ID tokens: the code that `c_hash` must match. OpenID Connect Core §3.3.2.11 */
	readonly code?: string;
	/** ID tokens: seconds since `auth_time` after which the login is too old. OpenID Connect Core §3.1.3.7 (13) */
	readonly maxAge?: number;
	/** ID tokens: the `acr` values to accept. OpenID Connect Core §3.1.3.7 (12) */
	readonly acr?: string | readonly string[];
	/** What the token's scope must contain; refused with `insufficient_scope`. RFC 6750 §3.1 */
	readonly scope?: string | readonly string[];
	/** Bytes. Default 16384. */
	readonly maxTokenSize?: number;
	/** The time in seconds since 1970. Default: the platform's clock. */
	readonly now?: () => number;
	/** Replaces the platform's `fetch`. */
	readonly fetch?: Fetch;
	/** Keeps fetched key sets elsewhere as well. Default: in memory only. */
	readonly cache?: KeyCache;
	/**
	 * Keeps the verdicts of this many tokens that passed, so that the same token costs no signature check again
	 * until its keys are fetched anew. `exp` and all that time can change are judged each time. Default: none.
	 * For the time that they are kept, the tokens' texts and claims stay in memory.
	 */
	readonly verdictCache?: { readonly maxEntries: number };
}

/** A proof that holds. */
export interface DpopProof {
	readonly jti: string;
	/** The thumbprint of the key that made it. RFC 7638 */
	readonly thumbprint: string;
	readonly claims: Claims;
	readonly header: Header;
}
