// What becomes of a request: it is answered, or passes.

import { TokenError } from "../error.js";
import { type MoreHeaders, preflight, sharing, withHeaders } from "./cors.js";
import { isRequest } from "./is-request.js";
import type { RequestGuard } from "./request-guard.js";
import type { AnonymousOptions, Auth, EdgeResponse, GuardOptions, RequestContext, RequestLike } from "./types.js";

/** The options of what stands in front of a handler. */
export type AnyOptions<C extends object> = GuardOptions<C> | AnonymousOptions<C>;

/** The answer to a request. */
export interface Answered {
	readonly answer: Response;
	readonly auth?: undefined;
}

/** Who called, if that was asked, and the headers that whoever answers has to add. */
export interface Admitted<A> {
	readonly answer?: undefined;
	readonly auth?: A;
	readonly headers: MoreHeaders;
}

/** What becomes of a request. */
export type Admission = Answered | Admitted<unknown>;

/** Decides about a request; `env` is the platform's, where options are a function of it. */
export type Admit = (request: RequestLike, context?: RequestContext, env?: unknown) => Promise<Admission>;

/** Answers preflights, requests for the metadata, and those that are refused. */
export async function admit<C extends object>(
	guard: RequestGuard<C>,
	request: RequestLike,
	context: RequestContext | undefined,
): Promise<Answered | (Admitted<Auth<C>> & { readonly auth: Auth<C> })> {
	const { origins } = guard.settings;
	const early = origins && isRequest(request) && preflight(origins, request);
	if (early) return { answer: early };
	const headers = isRequest(request) ? sharing(origins, request) : [];
	const answered = (answer: EdgeResponse) => ({ answer: withHeaders(answer as Response, headers) });
	const metadata = guard.metadata(request);
	if (metadata) return answered(metadata);
	try {
		const auth = await guard.check(request, context);
		return { auth, headers: [...headers, ...Object.entries(guard.headers())] };
	} catch (error) {
		if (error instanceof TokenError) return answered(guard.refuse(error));
		throw error;
	}
}

/** Answers requests for the metadata, and lets all others alone. */
export async function admitMetadata(guard: RequestGuard<object>, request: RequestLike): Promise<Admission> {
	const answer = guard.metadata(request);
	if (!answer) return { headers: [] };
	return { answer: withHeaders(answer as Response, sharing(guard.settings.origins, request)) };
}
