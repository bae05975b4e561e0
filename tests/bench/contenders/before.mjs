// The build that ours is held against (--against), installed under a name of its own.

import { createVerifier } from "countersign-before";
import { contendersOf } from "./countersign.mjs";

export const [verifySyncBefore, verifyBefore] = contendersOf(createVerifier, ", before");
