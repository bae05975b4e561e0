/**
 * Verifies tokens and makes PKCE pairs, with one verdict in every runtime.
 *
 * @packageDocumentation
 */

export {
	type Algorithm,
	type Check,
	type Claims,
	createPkce,
	createVerifier,
	type DpopOptions,
	type DpopProof,
	decodeUnverified,
	type ErrorCode,
	type Explanation,
	type Fetch,
	type Header,
	type IssuerOptions,
	type Json,
	type Jwk,
	type JwkSet,
	jwkThumbprint,
	jwkThumbprintUri,
	type KeyCache,
	type Keys,
	type Pkce,
	pkceChallenge,
	type ResponseLike,
	type SignatureOptions,
	TokenError,
	type UnverifiedToken,
	type Verified,
	type VerifiedSignature,
	type Verifier,
	type VerifierOptions,
	verifyDpopProof,
	verifyPkce,
	verifySignature,
} from "./core.js";
