import { type AnyOptions, adapt } from "../edge/gate.js";
import type { AnonymousOptions, Auth, GuardOptions } from "../edge/types.js";
import type { Claims } from "../verifier/claims.js";
import { requestOf } from "./incoming.js";
import { middlewareOf } from "./middleware.js";
import type { Protection } from "./types.js";

/**
 * Puts a guard in front of handlers of Node.js: for `node:http`, Connect, and what is built like these.
 *
 * @example
 * createServer(protect({ issuer, audience }).handler((request, response) => response.end(request.auth.claims.sub)));
 */
export function protect<C extends object = Claims>(options: GuardOptions<C>): Protection<C>;
export function protect<C extends object = Claims>(options: AnonymousOptions<C>): Protection<C, Auth<C> | null>;
export function protect(options: AnyOptions<object>): unknown {
	return adapt(options, (admit) => middlewareOf((incoming) => admit(requestOf(incoming))));
}
