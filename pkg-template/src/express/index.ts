/**
 * Guards Express applications, of Express 4 and 5.
 *
 * @packageDocumentation
 */

import type { NextFunction, Request, RequestHandler, Response } from "express";
import type { Guard, RouteDemands } from "../edge/guard-types.js";
import type { AnonymousOptions, Auth, GuardOptions } from "../edge/types.js";
import { protect as protectNode } from "../node/protect.js";
import type { Authorized } from "../node/types.js";
import type { Claims } from "../verifier/claims.js";

declare global {
	namespace Express {
		interface Request {
			/** Who called, behind `protect` of `countersign/express`. */
			auth?: Auth | null;
		}
	}
}

/** Guards what comes behind it, and sets `req.auth`. */
export interface ExpressProtection<C extends object = Claims, A = Auth<C>> extends RequestHandler {
	/** A route's handler behind the guard; its `req.auth` has the claims' type. Rejections go to Express, in 4 too. */
	handler(
		handle: (req: Authorized<Omit<Request, "auth">, A>, res: Response, next: NextFunction) => unknown,
	): RequestHandler;
	/** The same with other demands, for a single route; it shares the key sets. */
	with(changes: RouteDemands): ExpressProtection<C, A>;
	/** The same with a schema of its own. */
	with<Own extends object>(
		changes: RouteDemands<Own> & Pick<GuardOptions<Own>, "schema">,
	): ExpressProtection<Own, Auth<Own> | Exclude<A, Auth<C>>>;
	/** Serves the resource's metadata and lets all else through: for `app.use`, where the rest is mounted at a path. */
	readonly metadata: RequestHandler;
	/** For `loadKeys`, `status`, and requests that come otherwise. */
	readonly guard: Guard<C, A>;
}

/**
 * Puts a guard in front of routes.
 *
 * @example
 * app.use(protect({ issuer, audience }));
 */
export function protect<C extends object = Claims>(options: GuardOptions<C>): ExpressProtection<C>;
export function protect<C extends object = Claims>(options: AnonymousOptions<C>): ExpressProtection<C, Auth<C> | null>;
export function protect(options: GuardOptions<object> | AnonymousOptions<object>): unknown {
	return protectNode(options as GuardOptions<object>);
}
