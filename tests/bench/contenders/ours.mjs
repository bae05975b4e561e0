// The build that is measured.

import { createVerifier } from "countersign";
import { contendersOf } from "./countersign.mjs";

export { policyOf } from "./countersign.mjs";
export const [verifySync, verify] = contendersOf(createVerifier);
