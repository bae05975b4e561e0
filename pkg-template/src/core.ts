// What the entries share, in one file of the package: one instance of the core, one copy of the wasm.
// The first part is public through index.ts and slim.ts; the second serves login/, edge/ and ml-dsa.ts.

export { CoreObject } from "./core/core-object.js";
export { init, withInstance } from "./core/instance.js";
export { linkMlDsa } from "./core/kernels.js";
export { clockOf } from "./core/settings.js";
export { snapshot } from "./core/snapshot.js";
export { discover, judged } from "./jwks/discovery.js";
export { fetchError } from "./jwks/fetch-error.js";
export { exchange, platformFetch } from "./jwks/http.js";
export { type Attempt, KeySets, lacking, passed } from "./jwks/key-sets.js";
export { verifierForClient } from "./verifier/client-verifier.js";
export { decodeUnverified, type UnverifiedToken } from "./verifier/decode.js";
export { type DpopOptions, type DpopProof, verifyDpopProof } from "./verifier/dpop.js";
export { encodedHeader, RepeatedJson } from "./verifier/json-copies.js";
export { createPkce, type Pkce, pkceChallenge, verifyPkce } from "./verifier/pkce.js";
export { type SignatureOptions, type VerifiedSignature, verifySignature } from "./verifier/signature.js";
export { jwkThumbprint, jwkThumbprintUri } from "./verifier/thumbprint.js";
export type { Verifier } from "./verifier/types.js";
export { VerdictCache } from "./verifier/verdict-cache.js";
export { createVerifier } from "./verifier/verifier.js";
