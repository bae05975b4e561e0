import { TokenError } from "../error.js";
import type { Claims } from "../verifier/claims.js";
import { preflight, share } from "./cors.js";
import type { Handler } from "./guard-types.js";
import { isRequest } from "./is-request.js";
import { RequestGuard } from "./request-guard.js";
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
	const guardOf = guards<Env, C>(options);
	return async (request, env, ctx) => {
		const guard = guardOf(env as Env);
		const { origins } = guard.settings;
		const early = origins && isRequest(request) && preflight(origins, request as Request);
		if (early) return early as EdgeResponse;
		const response = await answer(guard, request, contextOf(ctx), (auth) => handler(request, auth, env as Env, ctx));
		return origins ? (share(origins, request as Request, response as Response) as EdgeResponse) : response;
	};
}

type AnyOptions<C extends object> = GuardOptions<C> | AnonymousOptions<C>;

// biome-ignore lint/suspicious/noExplicitAny: every platform types its own context
type FetchHandler<Env> = (request: EdgeRequest, env?: Env, ctx?: any) => Promise<EdgeResponse>;

async function answer<C extends object>(
	guard: RequestGuard<C>,
	request: EdgeRequest,
	context: RequestContext | undefined,
	handle: (auth: Auth<C>) => EdgeResponse | Promise<EdgeResponse>,
): Promise<EdgeResponse> {
	const metadata = guard.metadata(request);
	if (metadata) return metadata;
	let auth: Auth<C>;
	try {
		auth = await guard.check(request, context);
	} catch (error) {
		if (error instanceof TokenError) return guard.refuse(error);
		throw error;
	}
	return withHeaders(await handle(auth), guard.headers());
}

/** The answer of a handler with what every answer of a guard has to have. */
function withHeaders(response: EdgeResponse, headers: Record<string, string>): EdgeResponse {
	const names = Object.keys(headers);
	if (names.length === 0) return response;
	// Those of an answer that was fetched cannot be changed.
	const own = new Response((response as Response).body, response as Response);
	for (const name of names) own.headers.set(name, headers[name] as string);
	return own as EdgeResponse;
}

// What platforms hand over as the third argument is not always a context.
function contextOf(ctx: unknown): RequestContext | undefined {
	const waitUntil: unknown = typeof ctx === "object" && ctx !== null && "waitUntil" in ctx && ctx.waitUntil;
	return typeof waitUntil === "function" ? (ctx as RequestContext) : undefined;
}

// Fixed options are checked at once; those that come from `env`, once for each distinct one.
function guards<Env, C extends object>(
	options: AnyOptions<C> | ((env: Env) => AnyOptions<C>),
): (env: Env) => RequestGuard<C> {
	if (typeof options !== "function") {
		const only = new RequestGuard<C>(options, true);
		return () => only;
	}
	const known = new WeakMap<object, RequestGuard<C>>();
	return (env) => {
		const key = typeof env === "object" && env !== null ? env : options;
		let guard = known.get(key);
		if (!guard) {
			guard = new RequestGuard<C>(options(env), true);
			known.set(key, guard);
		}
		return guard;
	};
}
