// A worker that tells how many modules had an instance when its first request came.

import "./count-instances.mjs";
import { guard } from "countersign/edge";

const early = globalThis.instances;

export default {
	fetch: () => Response.json({ early, hasGuard: typeof guard === "function" }),
};
