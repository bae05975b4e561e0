// What the core can be asked for, by the numbers of src/wasm/operations.rs, and what it answers.

import type { ErrorCode, ErrorData } from "./error.js";
import type { DpopProof, Explanation } from "./types.js";

export const DECODE_UNVERIFIED = 0;
export const CREATE_PKCE = 1;
export const RANDOM_TOKEN = 2;
export const JWK_THUMBPRINT = 3;
export const JWK_THUMBPRINT_URI = 4;
export const VERIFY_SIGNATURE = 5;
export const CREATE_VERIFIER = 6;
export const SET_KEYS = 7;
export const EXPLAIN = 8;
export const VERIFY_DPOP_PROOF = 9;
export const PKCE_CHALLENGE = 10;
export const VERIFY_PKCE = 11;
export const CHECK_METADATA = 12;
export const AUTHORIZATION_CODE = 13;
export const TOKEN_RESPONSE = 14;
export const CREDENTIALS = 15;
export const DPOP_PROOF = 16;
export const BOUND_KEY = 17;
export const REFUSAL = 18;
export const CHALLENGE = 19;

/** JSON as `snapshot` and `snapshotOptions` make it. */
export type JsonText = string;

type Scheme = "Bearer" | "DPoP";

/** The operations that answer in JSON. */
export interface Operations {
	/** Of 32 random octets, in place of a token. */
	[CREATE_PKCE](asked: ""): { verifier: string; challenge: string; method: "S256" };
	/** Likewise. */
	[RANDOM_TOKEN](asked: ""): string;
	[JWK_THUMBPRINT](jwk: JsonText): string;
	[JWK_THUMBPRINT_URI](jwk: JsonText): string;
	[CREATE_VERIFIER](options: JsonText): { verifier: number; slots: number; sources: KeySource[] };
	[SET_KEYS](asked: { verifier: number; index: number; keys: string }): null;
	[EXPLAIN](asked: { verifier: number }): CoreExplanation;
	[VERIFY_DPOP_PROOF](options: JsonText): DpopProof;
	[PKCE_CHALLENGE](asked: { verifier: string }): string;
	[VERIFY_PKCE](asked: { verifier: string; challenge: string; method: string }): boolean;
	/** `needed`: names of members, with spaces between them. */
	[CHECK_METADATA](asked: { document: string; issuer: string; needed: string }): Metadata;
	[AUTHORIZATION_CODE](asked: {
		query: string;
		state: string | undefined;
		issuer: string;
		issuerRequired: boolean;
	}): string;
	/** With `openid`, an ID token has to be in it. */
	[TOKEN_RESPONSE](asked: { status: number; body: string; tokenType: Scheme; openid: boolean }): TokenResponse;
	[CREDENTIALS](asked: { authorization: string | undefined }): [scheme: Scheme, token: string];
	[DPOP_PROOF](asked: { header: string | undefined }): string;
	[BOUND_KEY](asked: { scheme: Scheme; claims: string }): string | null;
	[REFUSAL](asked: { code: ErrorCode; found: string | undefined }): ErrorData;
	/** Empty where none is due. */
	[CHALLENGE](
		asked: Pick<ErrorData, "code" | "claim" | "found" | "expected"> & {
			realm: string | undefined;
			scope: string | undefined;
			resourceMetadata: string | undefined;
		},
	): string;
}

/** Where the keys of one trusted issuer come from. */
export interface KeySource {
	readonly issuer?: string;
	readonly jwksUri?: string;
	readonly loaded: boolean;
}

/** Authorization server metadata (RFC 8414 §2), as far as it is read here. */
export interface Metadata {
	readonly issuer: string;
	readonly authorization_endpoint: string;
	readonly token_endpoint: string;
	readonly jwks_uri: string;
	readonly end_session_endpoint?: string;
	readonly revocation_endpoint?: string;
	readonly pushed_authorization_request_endpoint?: string;
	readonly require_pushed_authorization_requests?: boolean;
	readonly authorization_response_iss_parameter_supported?: boolean;
}

/** A successful token response (RFC 6749 §5.1). */
export interface TokenResponse {
	readonly accessToken: string;
	readonly tokenType: string;
	/** Seconds. */
	readonly expiresIn?: number;
	readonly refreshToken?: string;
	readonly scope?: string;
	readonly idToken?: string;
}

/** An {@link Explanation}, and the index of the issuer whose keys lack the token's. */
export interface CoreExplanation extends Explanation {
	readonly lacksKey: number | null;
}
