// What the entries share, in one file of the package: one engine, one copy of the wasm, one instance.
// The first part is public through index.ts and slim.ts; the second serves login/ and edge/.

export { decodeUnverified, type UnverifiedToken } from "./decode.js";
export { checkMetadata, discover, refusal, unavailable } from "./discovery.js";
export { type DpopOptions, verifyDpopProof } from "./dpop.js";
export { ask } from "./engine.js";
export type { ErrorData } from "./error.js";
export { type ErrorCode, TokenError } from "./error.js";
export { exchange, platformFetch } from "./http.js";
export type { Metadata, TokenResponse } from "./operations.js";
export { named } from "./options.js";
export { createPkce, type Pkce, pkceChallenge, randomToken, verifyPkce } from "./pkce.js";
export { type SignatureOptions, type VerifiedSignature, verifySignature } from "./signature.js";
export { jwkThumbprint, jwkThumbprintUri } from "./thumbprint.js";
export type * from "./types.js";
export { createVerifier, type Verifier } from "./verifier.js";
