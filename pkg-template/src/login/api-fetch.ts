// Requests to the API with the access token, and to nobody else.

import type { Context } from "./context.js";
import { loadCore } from "./load-core.js";
import { redactUrl, stripSignature, truncate } from "./redact.js";
import type { Refresh } from "./refresh.js";
import type { FetchInit, FetchInput, FetchResponse, LoginOptions } from "./types.js";

/** Sends a request with the access token; if the API refuses the token itself, once more with a new one. */
export async function fetchFromApi(
	context: Context,
	refresh: Refresh,
	input: FetchInput,
	init?: FetchInit,
): Promise<FetchResponse> {
	const request = new Request(input as RequestInfo, init as RequestInit);
	const { origin } = new URL(request.url);
	if (!originsOf(context.options).has(origin)) {
		throw new TypeError(
			`login.fetch: ${origin} may not see the access token; name it in resource or origins if it should`,
		);
	}
	const spare = request.clone();
	const token = await refresh.accessToken();
	const response = await send(context, request, token);
	if (!(await refusesToken(response))) return response as FetchResponse;
	if (!(await refresh.canReplace(token))) return response as FetchResponse;
	const renewed = await refresh.accessToken(token);
	response.body?.cancel().catch(() => {});
	return (await send(context, spare, renewed)) as FetchResponse;
}

function originsOf({ resource = [], origins = [] }: LoginOptions): ReadonlySet<string> {
	const named = [...(typeof resource === "string" ? [resource] : resource), ...origins];
	// A resource may also be a name without an origin (urn:…), which opens nothing.
	return new Set(named.filter((url) => /^https?:/i.test(url)).map((url) => new URL(url).origin));
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
