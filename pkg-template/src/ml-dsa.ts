/**
 * The same as `countersign`, and the post-quantum signatures ML-DSA-44, ML-DSA-65 and ML-DSA-87 (RFC 9964): with a
 * wasm of its own, so that only those who import this entry download it. Import one of the two entries, not both:
 * each has its own `TokenError`.
 *
 * @packageDocumentation
 */

export * from "./index.js";
