/**
 * Verifies tokens and makes PKCE pairs, with one verdict in every runtime.
 *
 * @packageDocumentation
 */

export type { Fetch, KeyCache, ResponseLike } from "./core/fetch-types.js";
export type { KeySetStatus, KeysEvent, KeysListener } from "./core/key-events.js";
export type { SchemaIssue, SchemaResult, StandardSchema } from "./core/standard-schema.js";
export {
	createPkce,
	createVerifier,
	type DpopOptions,
	type DpopProof,
	decodeUnverified,
	type EffectivePolicy,
	init,
	jwkThumbprint,
	jwkThumbprintUri,
	type Pkce,
	pkceChallenge,
	type SignatureOptions,
	type UnverifiedToken,
	type VerifiedSignature,
	type Verifier,
	verifyDpopProof,
	verifyPkce,
	verifySignature,
} from "./core.js";
export { TokenError } from "./error.js";
export type { ErrorCode } from "./error-code.js";
export type { ClaimRules, ClaimTest, ClaimValue, Provider } from "./verifier/claim-rules.js";
export type { Claims, Header, Json, Verified } from "./verifier/claims.js";
export type { Check, Explanation } from "./verifier/explanation.js";
export type { IssuerAnswer, IssuerOptions, IssuerResolver, IssuerTableLimits } from "./verifier/issuer-options.js";
export type { KeySetDurations } from "./verifier/key-set-durations.js";
export type { Algorithm, Jwk, JwkSet, Keys, NodeKey, PemByKid } from "./verifier/keys.js";
export type { VerifierOptions } from "./verifier/options.js";
export type { PolicyOptions } from "./verifier/policy-options.js";
