/**
 * Guards Hono applications, wherever they run.
 *
 * @packageDocumentation
 */

import type { Context, MiddlewareHandler } from "hono";
import { type Admit, type AnyOptions, adapt, isList } from "../edge/gate.js";
import type { Guard, RouteDemands } from "../edge/guard-types.js";
import type { AnonymousOptions, Auth, GuardOptions, RequestContext } from "../edge/types.js";
import type { Claims } from "../verifier/claims.js";

/** Guards what comes behind it, and sets `c.var.auth`. */
export type HonoProtection<C extends object = Claims, A = Auth<C>, G = Guard<C, A>> = MiddlewareHandler<{
	Variables: { auth: A };
}> & {
	/** The same with other demands, for a single route; it shares the key sets. */
	with(changes: RouteDemands): HonoProtection<C, A, G>;
	/** The same with a schema of its own. */
	with<Own extends object>(
		changes: RouteDemands<Own> & Pick<GuardOptions<Own>, "schema">,
	): HonoProtection<Own, Auth<Own> | Exclude<A, Auth<C>>>;
	/** Serves the resource's metadata and lets all else through: for paths at which the rest is not. */
	readonly metadata: MiddlewareHandler;
	/** For `loadKeys`, `status`, and requests that come otherwise; none where options are a function of `env`. */
	readonly guard: G;
};

/**
 * Puts a guard in front of routes. `options` may be a function of `c.env`.
 *
 * @example
 * app.use(protect({ issuer, audience }));
 */
export function protect<C extends object = Claims>(options: GuardOptions<C>): HonoProtection<C>;
export function protect<C extends object = Claims>(options: AnonymousOptions<C>): HonoProtection<C, Auth<C> | null>;
export function protect<Env = unknown, C extends object = Claims>(
	options: (env: Env) => GuardOptions<C>,
): HonoProtection<C, Auth<C>, undefined>;
export function protect<Env = unknown, C extends object = Claims>(
	options: (env: Env) => AnonymousOptions<C>,
): HonoProtection<C, Auth<C> | null, undefined>;
export function protect(options: AnyOptions<object> | ((env: never) => AnyOptions<object>)): unknown {
	return adapt(options, middleware);
}

function middleware(admit: Admit): object {
	return async (c: Context, next: () => Promise<void>): Promise<Response | undefined> => {
		const admission = await admit(c.req.raw, executionOf(c), c.env);
		if (admission.answer) return admission.answer;
		if (admission.auth !== undefined) c.set("auth", admission.auth);
		await next();
		for (const [name, value] of admission.headers) c.header(name, value, { append: isList(name) });
		return undefined;
	};
}

/** Hono throws where the platform has none. */
function executionOf(c: Context): RequestContext | undefined {
	try {
		return c.executionCtx as RequestContext;
	} catch {
		return undefined;
	}
}
