import type { Claims } from "../verifier/claims.js";
import type { Guard } from "./guard-types.js";
import { RequestGuard } from "./request-guard.js";
import type { AnonymousOptions, Auth, GuardOptions } from "./types.js";

/** Checks the access tokens of requests. Throws a `TypeError` that names the option, if one is wrong. */
export function guard<C extends object = Claims>(options: GuardOptions<C>): Guard<C>;
export function guard<C extends object = Claims>(options: AnonymousOptions<C>): Guard<C, Auth<C> | null>;
export function guard<C extends object>(options: GuardOptions<C> | AnonymousOptions<C>): Guard<C> {
	return new RequestGuard<C>(options, false);
}
