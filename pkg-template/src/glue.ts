// The exports of src/wasm.rs, as TypeScript sees them. Only engine.ts and its callers use these.

import type { ErrorCode, ErrorData } from "./error.js";
import type { DpopProof, Explanation, KeyReport } from "./types.js";

/** A `Verifier` inside the wasm instance. */
export interface CoreVerifier {
	sources(): KeySource[];
	setKeys(index: number, keys: unknown): KeyReport;
	verify(length: number, now: number): number;
	/** How many verdicts may be kept, and in which slots: from 0. */
	verdictSlots(): number;
	/** Keeps in a slot what the last verdict hangs on. */
	keep(slot: number): void;
	stillHolds(slot: number, now: number): boolean;
	explain(length: number, now: number): CoreExplanation;
	free(): void;
}

/** Where the keys of one trusted issuer come from. */
export interface KeySource {
	readonly issuer: string | null;
	readonly jwksUri: string | null;
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

/** What the core exports. Refusals are thrown as plain {@link ErrorData}. */
export interface Glue {
	input(length: number): number;
	frame(): number;
	takeError(): ErrorData | undefined;
	readonly Verifier: new (options: unknown) => CoreVerifier;
	verifySignature(length: number, keys: unknown, options: unknown): number;
	decodeUnverified(length: number): number;
	verifyDpopProof(length: number, options: unknown, now: number): DpopProof;
	createPkce(): { verifier: string; challenge: string; method: "S256" };
	pkceChallenge(verifier: unknown): string;
	verifyPkce(verifier: unknown, challenge: unknown, method: unknown): boolean;
	jwkThumbprint(jwk: unknown): string;
	jwkThumbprintUri(jwk: unknown): string;
	randomToken(): string;
	checkMetadata(document: string, issuer: string, needed: string[]): Metadata;
	authorizationCode(query: string, state: string | undefined, issuer: string, issuerRequired: boolean): string;
	/** With `openid`, an ID token has to be in it. */
	tokenResponse(status: number, body: string, tokenType: "Bearer" | "DPoP", openid: boolean): TokenResponse;
	credentials(authorization: string | undefined): [scheme: "Bearer" | "DPoP", token: string];
	dpopProof(header: string | undefined): string;
	boundKey(scheme: "Bearer" | "DPoP", claims: string): string | undefined;
	refusal(code: ErrorCode, found?: string): ErrorData;
	challenge(error: ErrorData, realm?: string, scope?: string, resourceMetadata?: string): string | undefined;
}

/** The glue with the two exports that tie it to an instance. */
export interface BoundGlue extends Glue {
	__wbg_set_wasm(exports: unknown): void;
}
