import { type Admit, type AnyOptions, adapt } from "../edge/gate.js";
import type { Guard, RouteDemands } from "../edge/guard-types.js";
import type { AnonymousOptions, Auth, GuardOptions } from "../edge/types.js";
import type { Claims } from "../verifier/claims.js";
import { requestOf } from "./incoming.js";
import { addHeaders } from "./respond.js";
import type { NodeRequest, NodeResponse } from "./types.js";

/** What is used of Koa's context. */
export interface KoaContext {
	readonly req: NodeRequest;
	readonly res: NodeResponse;
	readonly originalUrl: string;
	status: number;
	body: unknown;
	// biome-ignore lint/suspicious/noExplicitAny: each application types its own state
	state: any;
}

/** Guards what comes behind it, and sets `ctx.state.auth`. */
export interface KoaProtection<C extends object = Claims, A = Auth<C>> {
	(ctx: KoaContext, next: () => Promise<unknown>): Promise<void>;
	/** The same with other demands, for a single route; it shares the key sets. */
	with(changes: RouteDemands): KoaProtection<C, A>;
	/** The same with a schema of its own. */
	with<Own extends object>(
		changes: RouteDemands<Own> & Pick<GuardOptions<Own>, "schema">,
	): KoaProtection<Own, Auth<Own> | Exclude<A, Auth<C>>>;
	/** Serves the resource's metadata and lets all else through: at the root, where the rest is not. */
	metadata(ctx: KoaContext, next: () => Promise<unknown>): Promise<void>;
	/** For `loadKeys`, `status`, and requests that come otherwise. */
	readonly guard: Guard<C, A>;
}

/**
 * Puts a guard in front of Koa's middleware.
 *
 * @example
 * app.use(koa({ issuer, audience })).use((ctx) => { ctx.body = ctx.state.auth.claims.sub; });
 */
export function koa<C extends object = Claims>(options: GuardOptions<C>): KoaProtection<C>;
export function koa<C extends object = Claims>(options: AnonymousOptions<C>): KoaProtection<C, Auth<C> | null>;
export function koa(options: AnyOptions<object>): unknown {
	return adapt(options, middleware);
}

function middleware(admit: Admit): object {
	return async (ctx: KoaContext, next: () => Promise<unknown>): Promise<void> => {
		const admission = await admit(requestOf(ctx.req, ctx.originalUrl));
		if (admission.answer) {
			ctx.status = admission.answer.status;
			// Koa writes no type of its own where there is one.
			addHeaders(ctx.res, [...admission.answer.headers]);
			ctx.body = (await admission.answer.text()) || null;
			ctx.status = admission.answer.status; // A body that is null makes it 204.
			return;
		}
		addHeaders(ctx.res, admission.headers);
		if (admission.auth !== undefined) ctx.state.auth = admission.auth;
		await next();
	};
}
