import type { Claims } from "../verifier/claims.js";
import { RequestGuard } from "./request-guard.js";
import type { Guard, GuardOptions } from "./types.js";

/** Checks the access tokens of requests. Throws a `TypeError` that names the option, if one is wrong. */
export function guard<C extends object = Claims>(options: GuardOptions): Guard<C> {
	return new RequestGuard<C>(options, false);
}
