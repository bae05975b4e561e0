// Requests to the API with the access token, and to nobody else.

import { challengeOf } from "./challenge.js";
import type { Context } from "./context.js";
import { loadCore } from "./load-core.js";
import { redactHeaders, redactUrl, stripSignature } from "./redact.js";
import type { Access } from "./refresh.js";
import type { ApiInit, FetchInput, FetchResponse, LoginOptions } from "./types.js";

/**
 * Sends a request with the access token. If the API refuses the token itself, once more with a new one; if it wants to see
 * another login and the page allows it, once more after that. A body that can be sent only once is sent once.
 */
export async function fetchFromApi(context: Context, input: FetchInput, init?: ApiInit): Promise<FetchResponse> {
	const { refresh } = context;
	const mayStepUp = readStepUp(init);
	const given = new Request(input as RequestInfo, init as RequestInit);
	await refuseStrangers(context.options, given.url);
	const isOnce = isStream((init as RequestInit | undefined)?.body);
	// Where a redirect goes a page cannot see beforehand, and the token would be in it.
	const request = given.redirect === "follow" ? new Request(given, { redirect: "manual" }) : given;
	const answer = async (access: Access): Promise<Response> => {
		const response = await send(context, request, isOnce, access);
		if (given.redirect === "follow" && isRedirect(response)) throw redirected(response, given.url);
		return response;
	};
	const again = async (response: Response, refused?: string): Promise<Response> => {
		response.body?.cancel().catch(() => {});
		return answer(await refresh.access(refused));
	};
	const access = await refresh.access();
	let response = await answer(access);
	if (isOnce) return response as FetchResponse;
	if ((await refusesToken(response)) && (await refresh.canReplace(access.token))) {
		response = await again(response, access.token);
	}
	if (mayStepUp && (await context.stepUps.begin(request, response))) response = await again(response);
	return response as FetchResponse;
}

function readStepUp(init: ApiInit | undefined): boolean {
	const given = init && Object.hasOwn(init, "stepUp") ? init.stepUp : undefined;
	if (given !== undefined && typeof given !== "boolean") throw new TypeError("stepUp: expected true or false");
	return given === true;
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

async function send(context: Context, request: Request, isOnce: boolean, { token, jkt }: Access): Promise<Response> {
	const { method, url } = request;
	const shown = { method, url: redactUrl(url) };
	const key = await context.dpop.sessionKey(jkt);
	const client = await context.server.client();
	const proved = { method, url, accessToken: token, isOnce };
	const response = await context.dpop.send(client, key, proved, async (headers) => {
		const sent = isOnce ? request : request.clone();
		for (const [name, value] of Object.entries(headers)) sent.headers.set(name, value);
		context.reporter.step(() => ({
			step: 5,
			name: "request the resource",
			request: { ...shown, headers: redactHeaders(headers) },
			...stripSignature(token),
		}));
		return [await context.fetch(sent), 0];
	});
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
