import { type Claims, TokenError } from "../core.js";
import { preflight, share } from "./cors.js";
import { guard } from "./guard.js";
import { checked } from "./options.js";
import { metadataFor } from "./resource-metadata.js";
import type { EdgeRequest, EdgeResponse, Guard, GuardOptions, Handler } from "./types.js";

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
	options: GuardOptions | ((env: Env) => GuardOptions),
	handler: Handler<Env, C>,
	// biome-ignore lint/suspicious/noExplicitAny: every platform types its own context
): (request: EdgeRequest, env?: Env, ctx?: any) => Promise<EdgeResponse> {
	if (typeof handler !== "function") throw new TypeError("handler: must be a function");
	const resolve = resolver<Env, C>(options);
	return async (incoming, env, ctx) => {
		const request = incoming as Request;
		const { settings, doorman } = resolve(env as Env);
		const early = preflight(settings.cors, request);
		if (early) return early as EdgeResponse;
		const answer = async (): Promise<EdgeResponse> => {
			const metadata = metadataFor(settings, new URL(request.url));
			if (metadata) return Response.json(metadata) as EdgeResponse;
			let auth: Awaited<ReturnType<Guard<C>["check"]>>;
			try {
				auth = await doorman.check(request);
			} catch (error) {
				if (error instanceof TokenError) return doorman.refuse(error);
				throw error;
			}
			return handler(incoming, auth, env as Env, ctx);
		};
		return share(settings.cors, request, (await answer()) as Response) as EdgeResponse;
	};
}

interface Resolved<C extends object> {
	readonly settings: GuardOptions;
	readonly doorman: Guard<C>;
}

// Fixed options are checked at once; those that come from `env`, once for each distinct one.
function resolver<Env, C extends object>(
	options: GuardOptions | ((env: Env) => GuardOptions),
): (env: Env) => Resolved<C> {
	const make = (given: GuardOptions): Resolved<C> => {
		const settings = checked(given);
		return { settings, doorman: guard<C>(settings) };
	};
	if (typeof options !== "function") {
		const only = make(options);
		return () => only;
	}
	const known = new WeakMap<object, Resolved<C>>();
	return (env) => {
		const name = typeof env === "object" && env !== null ? env : options;
		let resolved = known.get(name);
		if (!resolved) {
			resolved = make(options(env));
			known.set(name, resolved);
		}
		return resolved;
	};
}
