/**
 * The same as `countersign`, with the post-quantum signatures ML-DSA-44, ML-DSA-65 and ML-DSA-87 (RFC 9964) linked into
 * it: for every entry of the package, once this one is imported. Who does not import it does not download them.
 *
 * @packageDocumentation
 */

import { mlDsa } from "./core/ml-dsa.js";
import { linkMlDsa } from "./core.js";

export * from "./index.js";

linkMlDsa(mlDsa);
