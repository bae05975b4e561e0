// Requests to the API with the access token, and to nobody else.

import type { Context } from "./context.js";
import { loadCore } from "./load-core.js";
import { redactUrl, stripSignature, truncate } from "./redact.js";
import type { FetchInit, FetchInput, FetchResponse, LoginOptions } from "./types.js";

/**
 * Sends a request with the access token; if the API refuses the token itself, once more with a new one, unless the body
 * can be sent only once.
 */
export async function fetchFromApi(context: Context, input: FetchInput, init?: FetchInit): Promise<FetchResponse> {
	const { refresh } = context;
	const given = new Request(input as RequestInfo, init as RequestInit);
	await refuseStrangers(context.options, given.url);
	const isOnce = isStream((init as RequestInit | undefined)?.body);
	// Where a redirect goes a page cannot see beforehand, and the token would be in it.
	const request = given.redirect === "follow" ? new Request(given, { redirect: "manual" }) : given;
	const spare = isOnce ? undefined : request.clone();
	const token = await refresh.accessToken();
	const answer = async (request: Request, token: string): Promise<Response> => {
		const response = await send(context, request, token);
		if (given.redirect === "follow" && isRedirect(response)) throw redirected(response, given.url);
		return response;
	};
	const response = await answer(request, token);
	const isFinal = !spare || !(await refusesToken(response)) || !(await refresh.canReplace(token));
	if (isFinal) return response as FetchResponse;
	response.body?.cancel().catch(() => {});
	return (await answer(spare, await refresh.accessToken(token))) as FetchResponse;
}

/** Throws where an address may not see the access token: which may, the core says. */
async function refuseStrangers({ resource = [], origins = [] }: LoginOptions, url: string): Promise<void> {
	const named = [...(typeof resource === "string" ? [resource] : resource), ...origins];
	const { withInstance } = await loadCore();
	const hrefs = named.map((url) => new URL(url).href);
	if (withInstance(({ core }) => core.maySeeToken(url, hrefs))) return;
	throw new TypeError(
		`login.fetch: ${new URL(url).origin} may not see the access token; name it in resource or origins if it should`,
	);
}

/** A body that is gone when it has been sent: a stream, or what Node.js takes for one. */
function isStream(body: unknown): boolean {
	return typeof body === "object" && body !== null && ("getReader" in body || Symbol.asyncIterator in body);
}

/** Browsers show of a redirect only that it is one. */
function isRedirect({ type, status, headers }: Response): boolean {
	return type === "opaqueredirect" || (status >= 300 && status < 400 && headers.has("location"));
}

function redirected(response: Response, url: string): TypeError {
	response.body?.cancel().catch(() => {});
	return new TypeError(
		`login.fetch: ${redactUrl(url)} redirects, and the access token does not follow; ask the final address, or set redirect: "manual" to see the answer`,
	);
}

async function send(context: Context, request: Request, token: string): Promise<Response> {
	request.headers.set("authorization", `Bearer ${token}`);
	const shown = { method: request.method, url: redactUrl(request.url) };
	context.reporter.step(() => ({
		step: 5,
		name: "request the resource",
		request: { ...shown, headers: { authorization: `Bearer ${truncate(token)}` } },
		...stripSignature(token),
	}));
	const response = await context.fetch(request);
	context.reporter.step(() => {
		const challenge = challengeOf(response);
		return {
			step: 8,
			name: response.ok ? "the resource" : "refused",
			request: shown,
			response: { status: response.status, ...(challenge && { headers: { "www-authenticate": challenge } }) },
		};
	});
	return response;
}

async function refusesToken(response: Response): Promise<boolean> {
	const { withInstance } = await loadCore();
	return withInstance(({ core }) => core.refusesToken(response.status, challengeOf(response)));
}

function challengeOf(response: Response): string | undefined {
	return response.headers.get("www-authenticate") ?? undefined;
}
