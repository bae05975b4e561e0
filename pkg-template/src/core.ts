// What the entries share, in one file of the package: one instance of the core, one copy of the wasm.

// Public through index.ts and slim.ts:

export { init } from "./core/instance.js";
export { decodeUnverified, type UnverifiedToken } from "./verifier/decode.js";
export { type DpopOptions, type DpopProof, verifyDpopProof } from "./verifier/dpop.js";
export { createPkce, type Pkce, pkceChallenge, verifyPkce } from "./verifier/pkce.js";
export { type SignatureOptions, type VerifiedSignature, verifySignature } from "./verifier/signature.js";
export { jwkThumbprint, jwkThumbprintUri } from "./verifier/thumbprint.js";
export type { EffectivePolicy, Verifier } from "./verifier/types.js";
export { createVerifier } from "./verifier/verifier.js";

// For login/, edge/ and ml-dsa.ts only. In no published type, which needs neither wasm-bindgen's types nor the DOM's:

/** @internal */
export { clocksOf } from "./core/clocks.js";
/** @internal */
export { CoreObject } from "./core/core-object.js";
/** @internal */
export { withInstance } from "./core/instance.js";
/** @internal */
export { linkMlDsa } from "./core/kernels.js";
/** @internal */
export { snapshot } from "./core/snapshot.js";
/** @internal */
export { type Attempt, type Attempting, type Demand, type Patience, verdict } from "./jwks/attempt.js";
/** @internal */
export { discover, judged } from "./jwks/discovery.js";
/** @internal */
export { fetchError, reasonOf } from "./jwks/fetch-error.js";
/** @internal */
export { exchange, platformFetch, readBody } from "./jwks/http.js";
/** @internal */
export { KeySets } from "./jwks/key-sets.js";
/** @internal */
export { Landings } from "./jwks/landings.js";
/** @internal */
export type { Asker } from "./jwks/remote-jwk-set.js";
/** @internal */
export { within } from "./jwks/within.js";
/** @internal */
export { explained, type Opinion, opinion } from "./verifier/claims-check.js";
/** @internal */
export { verifierForClient } from "./verifier/client-verifier.js";
/** @internal */
export { encodedHeader, RepeatedJson } from "./verifier/json-copies.js";
/** @internal */
export { VerdictCache } from "./verifier/verdict-cache.js";
/** @internal */
export { PolicyVerifier } from "./verifier/verifier.js";
