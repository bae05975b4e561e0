// What countersign/edge and the adapters for frameworks share, in one file of the package.

import { warmUp } from "./warm-up.js";

export { adapt } from "./adapter.js";
export { type Admission, type Admit, type AnyOptions, admit, admitMetadata } from "./admission.js";
export { isList, type MoreHeaders, withHeaders } from "./cors.js";
export type { GrantedAuth } from "./decision.js";
export { guardsOf, oncePer } from "./guards.js";
export { RequestGuard } from "./request-guard.js";

if (IS_LOADED_AHEAD) warmUp();
