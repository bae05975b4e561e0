import type { Guard, RouteDemands } from "../edge/guard-types.js";
import type { Auth, GuardOptions } from "../edge/types.js";
import type { Claims } from "../verifier/claims.js";

// The parts of Node.js's classes that are used: nobody needs its types for them.

/** What is read of an `IncomingMessage` or an `Http2ServerRequest`. */
export interface NodeRequest {
	readonly method?: string | undefined;
	readonly url?: string | undefined;
	/** The target before a router cut off where it is mounted. */
	readonly originalUrl?: string;
	readonly rawHeaders: readonly string[];
	readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
	// biome-ignore lint/suspicious/noExplicitAny: a socket of either kind
	readonly socket?: any;
}

/** What is used of a `ServerResponse` or an `Http2ServerResponse`. */
export interface NodeResponse {
	statusCode: number;
	getHeader(name: string): number | string | readonly string[] | undefined;
	// biome-ignore lint/suspicious/noExplicitAny: each class returns something else
	setHeader(name: string, value: string): any;
	// biome-ignore lint/suspicious/noExplicitAny: each class returns something else
	end(body: string): any;
}

/** A request that was let through. */
export type Authorized<Request, A = Auth> = Request & {
	/** Who called. */
	readonly auth: A;
};

/** Guards what comes behind it, and sets `request.auth`. */
export interface Protection<C extends object = Claims, A = Auth<C>> {
	/** As a middleware of Connect. Without `next`, whoever may pass gets no answer: use `handler`. */
	(request: NodeRequest, response: NodeResponse, next: (error?: unknown) => void): void;
	/** A request listener for `createServer`; also a route's handler, whose `request.auth` has the claims' type. */
	handler<Request extends NodeRequest, Response extends NodeResponse>(
		handle: (request: Authorized<Request, A>, response: Response, next?: (error?: unknown) => void) => unknown,
	): (request: Request, response: Response, next?: (error?: unknown) => void) => Promise<void>;
	/** The same with other demands, for a single route; it shares the key sets. */
	with(changes: RouteDemands): Protection<C, A>;
	/** The same with a schema of its own. */
	with<Own extends object>(
		changes: RouteDemands<Own> & Pick<GuardOptions<Own>, "schema">,
	): Protection<Own, Auth<Own> | Exclude<A, Auth<C>>>;
	/** A middleware that serves the resource's metadata and lets all else through: at the root, where the rest is not. */
	metadata(request: NodeRequest, response: NodeResponse, next: (error?: unknown) => void): void;
	/** For `loadKeys`, `status`, and requests that come otherwise. */
	readonly guard: Guard<C, A>;
}
