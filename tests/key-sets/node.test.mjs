// The hostile issuer, and the package in this Node.js.

import { play } from "./play.mjs";
import { inNode } from "./runtimes.mjs";

play(inNode);
