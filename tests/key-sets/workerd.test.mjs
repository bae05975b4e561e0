// The hostile issuer, and the package in workerd.

import { play } from "./play.mjs";
import { inWorkerd } from "./runtimes.mjs";

play(inWorkerd);
