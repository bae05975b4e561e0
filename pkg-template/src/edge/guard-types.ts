import type { KeySetStatus } from "../core/key-events.js";
import type { TokenError } from "../error.js";
import type { Claims } from "../verifier/claims.js";
import type { Auth, EdgeRequest, EdgeResponse, GuardOptions, RequestContext, RequestLike } from "./types.js";

/** Answers the requests that may pass. */
export type Handler<Env, C extends object = Claims, A = Auth<C>> = (
	request: EdgeRequest,
	auth: A,
	env: Env,
	// biome-ignore lint/suspicious/noExplicitAny: every platform types its own context
	ctx: any,
) => EdgeResponse | Promise<EdgeResponse>;

/** What a route may demand in place of its guard. */
type RouteNames = "scope" | "anyScope" | "acr" | "maxAge" | "claims" | "check";

/** Checks requests, for those who write the rest themselves. */
export interface Guard<C extends object = Claims, A = Auth<C>> {
	/**
	 * Resolves to who called; rejects with a `TokenError`. `context` is the platform's, where it has one: keys are renewed
	 * behind the answer by its `waitUntil`.
	 */
	check(request: RequestLike, context?: RequestContext): Promise<A>;
	/** The same guard with other demands, for a single route: it shares the key sets. */
	with(changes: Pick<GuardOptions, RouteNames>): Guard<C, A>;
	/** The same with a schema of its own. */
	with<Own extends object>(
		changes: Pick<GuardOptions<Own>, RouteNames | "schema">,
	): Guard<Own, Auth<Own> | Exclude<A, Auth<C>>>;
	/** The answer to a refusal: status, challenge (RFC 6750 §3) and a JSON body that says why. */
	refuse(error: TokenError): EdgeResponse;
	/**
	 * The headers that every answer has to have, those of refusals aside, which have them: `DPoP-Nonce`, where proofs have to
	 * repeat a nonce. `protect` sets them by itself. RFC 9449 §8.2
	 */
	headers(): Record<string, string>;
	/** The answer to a request for the metadata of this resource, if it is one. `protect` asks by itself. RFC 9728 §3 */
	metadata(request: RequestLike): EdgeResponse | undefined;
	/** Fetches the key sets now, so that the first request need not wait. Rejects with `keys_unavailable`. */
	loadKeys(): Promise<void>;
	/** The state of each issuer's keys, in the order of `issuer`. */
	status(): KeySetStatus[];
}
