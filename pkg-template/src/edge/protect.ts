import type { Claims } from "../verifier/claims.js";
import { type AnyOptions, admit, guardsOf, withHeaders } from "./gate.js";
import type { Handler } from "./guard-types.js";
import type { AnonymousOptions, Auth, EdgeRequest, EdgeResponse, GuardOptions, RequestContext } from "./types.js";

/**
 * Puts a guard in front of a fetch handler: only requests with a valid access token reach it; the others
 * are answered with an RFC 6750 challenge.
 *
 * `options` may be a function of `env`, where the platform hands out its configuration with each request.
 *
 * @example
 * export default { fetch: protect({ issuer, audience, scope: "purchases:read" }, (request, { claims }) => …) };
 */
export function protect<Env = unknown, C extends object = Claims>(
	options: GuardOptions<C> | ((env: Env) => GuardOptions<C>),
	handler: Handler<Env, C>,
): FetchHandler<Env>;
export function protect<Env = unknown, C extends object = Claims>(
	options: AnonymousOptions<C> | ((env: Env) => AnonymousOptions<C>),
	handler: Handler<Env, C, Auth<C> | null>,
): FetchHandler<Env>;
export function protect<Env, C extends object>(
	options: AnyOptions<C> | ((env: Env) => AnyOptions<C>),
	handler: Handler<Env, C>,
): FetchHandler<Env> {
	if (typeof handler !== "function") throw new TypeError("handler: must be a function");
	const guardOf = guardsOf<Env, C>(options);
	return async (request, env, ctx) => {
		const admission = await admit(guardOf(env as Env), request, ctx as RequestContext | undefined);
		if (admission.answer) return admission.answer as EdgeResponse;
		const response = await handler(request, admission.auth, env as Env, ctx);
		return withHeaders(response as Response, admission.headers) as EdgeResponse;
	};
}

// biome-ignore lint/suspicious/noExplicitAny: every platform types its own context
type FetchHandler<Env> = (request: EdgeRequest, env?: Env, ctx?: any) => Promise<EdgeResponse>;
