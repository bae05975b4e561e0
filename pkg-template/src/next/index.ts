/**
 * Guards Next.js: route handlers, and `proxy.ts` (`middleware.ts` before Next.js 16).
 *
 * @packageDocumentation
 */

import { type Admit, type AnyOptions, adapt, withHeaders } from "../edge/gate.js";
import type { Guard, RouteDemands } from "../edge/guard-types.js";
import type { AnonymousOptions, Auth, EdgeRequest, EdgeResponse, GuardOptions, RequestContext } from "../edge/types.js";
import type { Claims } from "../verifier/claims.js";

/** Guards what is behind the proxy; the default export of `proxy.ts`, or its `proxy`. */
export interface NextProtection<C extends object = Claims, A = Auth<C>> {
	/** Answers what is refused; nothing: Next.js goes on. */
	(request: EdgeRequest, event?: unknown): Promise<EdgeResponse | undefined>;
	/** A route handler behind the guard. `context` is Next.js's, with `params`. */
	route<Context = unknown, Request extends EdgeRequest = EdgeRequest>(
		handler: (request: Request, auth: A, context: Context) => EdgeResponse | Promise<EdgeResponse>,
	): (request: Request, context: Context) => Promise<EdgeResponse>;
	/** The same with other demands, for a single route; it shares the key sets. */
	with(changes: RouteDemands): NextProtection<C, A>;
	/** The same with a schema of its own. */
	with<Own extends object>(
		changes: RouteDemands<Own> & Pick<GuardOptions<Own>, "schema">,
	): NextProtection<Own, Auth<Own> | Exclude<A, Auth<C>>>;
	/** `metadata.route()`: the route handler for the resource's metadata, for `GET` and `OPTIONS`. */
	readonly metadata: { route(): (request: EdgeRequest) => Promise<EdgeResponse> };
	/** For `loadKeys`, `status`, and requests that come otherwise. */
	readonly guard: Guard<C, A>;
}

/**
 * Puts a guard in front of route handlers.
 *
 * @example
 * export const GET = protect({ issuer, audience }).route((request, { claims }) => Response.json({ hello: claims.sub }));
 */
export function protect<C extends object = Claims>(options: GuardOptions<C>): NextProtection<C>;
export function protect<C extends object = Claims>(options: AnonymousOptions<C>): NextProtection<C, Auth<C> | null>;
export function protect(options: AnyOptions<object>): unknown {
	return adapt(options, proxy);
}

type Handler = (request: Request, auth: unknown, context: unknown) => Response | Promise<Response>;

function proxy(admit: Admit): object {
	const run = async (request: Request, event?: unknown): Promise<Response | undefined> => {
		const admission = await admit(request, event as RequestContext | undefined);
		if (admission.answer) return admission.answer;
		// As NextResponse.next() says it: Next.js goes on, and adds the headers to its answer.
		const goOn = () => new Response(null, { headers: { "x-middleware-next": "1" } });
		return admission.headers.length > 0 ? withHeaders(goOn(), admission.headers) : undefined;
	};
	const route = (handler: Handler = nothingElse) => {
		if (typeof handler !== "function") throw new TypeError("handler: must be a function");
		return async (request: Request, context: unknown): Promise<Response> => {
			const admission = await admit(request);
			if (admission.answer) return admission.answer;
			return withHeaders(await handler(request, admission.auth, context), admission.headers);
		};
	};
	return Object.assign(run, { route });
}

/** At the place of the metadata there is nothing but that. */
const nothingElse = () => new Response(null, { status: 404 });
