/**
 * Guards Fastify applications.
 *
 * @packageDocumentation
 */

import type { FastifyReply, FastifyRequest } from "fastify";
import { type Admit, type AnyOptions, adapt } from "../edge/gate.js";
import type { Guard, RouteDemands } from "../edge/guard-types.js";
import type { AnonymousOptions, Auth, GuardOptions } from "../edge/types.js";
import { requestOf } from "../node/incoming.js";
import { addHeaders } from "../node/respond.js";
import type { Claims } from "../verifier/claims.js";

declare module "fastify" {
	interface FastifyRequest {
		/** Who called, behind `protect` of `countersign/fastify`. */
		auth?: Auth | null;
	}
}

/** A hook `onRequest` that sets `request.auth`. */
export interface FastifyProtection<C extends object = Claims, A = Auth<C>> {
	(request: FastifyRequest, reply: FastifyReply): Promise<unknown>;
	/** Who called, with the type of the claims; a `TypeError` where this guard did not stand in front. */
	auth(request: FastifyRequest): A;
	/** The same with other demands, for the `onRequest` of a single route; it shares the key sets. */
	with(changes: RouteDemands): FastifyProtection<C, A>;
	/** The same with a schema of its own. */
	with<Own extends object>(
		changes: RouteDemands<Own> & Pick<GuardOptions<Own>, "schema">,
	): FastifyProtection<Own, Auth<Own> | Exclude<A, Auth<C>>>;
	/** A hook that serves the resource's metadata and lets all else through: at the root, where the rest is not. */
	readonly metadata: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;
	/** For `loadKeys`, `status`, and requests that come otherwise. */
	readonly guard: Guard<C, A>;
}

/**
 * Puts a guard in front of routes.
 *
 * @example
 * app.addHook("onRequest", protect({ issuer, audience }));
 */
export function protect<C extends object = Claims>(options: GuardOptions<C>): FastifyProtection<C>;
export function protect<C extends object = Claims>(options: AnonymousOptions<C>): FastifyProtection<C, Auth<C> | null>;
export function protect(options: AnyOptions<object>): unknown {
	return adapt(options, hook);
}

function hook(admit: Admit): object {
	const run = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
		const admission = await admit(requestOf(request.raw, request.originalUrl));
		const headers = {
			getHeader: (name: string) => reply.getHeader(name),
			setHeader: (name: string, value: string) => reply.header(name, value),
		};
		if (admission.answer) {
			addHeaders(headers, [...admission.answer.headers]);
			// An empty text would be given a type.
			return reply.code(admission.answer.status).send((await admission.answer.text()) || undefined);
		}
		addHeaders(headers, admission.headers);
		if (admission.auth !== undefined) request.auth = admission.auth as Auth | null;
		return undefined;
	};
	const auth = ({ auth }: FastifyRequest) => {
		if (auth === undefined)
			throw new TypeError("request.auth: not set; the guard does not stand in front of this route");
		return auth;
	};
	return Object.assign(run, { auth });
}
