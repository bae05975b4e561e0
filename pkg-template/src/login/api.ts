// Requests to the API with the access token, and to nobody else.

import { shorten, withoutSecretsIn, withoutSignature } from "./steps.js";
import type { FetchInit, FetchInput, FetchResponse, LoginStep } from "./types.js";

/** What {@link callApi} needs of the login. */
export interface Api {
	/** The origins that may see the access token. */
	readonly origins: ReadonlySet<string>;
	readonly fetch: typeof globalThis.fetch;
	accessToken(): Promise<string>;
	/** A token in place of one that the API refused, or `undefined` if there is no way to get one. */
	replace(refused: string): Promise<string | undefined>;
	tell(step: () => LoginStep): void;
}

/** Sends a request with the access token; if the API calls the token invalid, once more with a new one. */
export async function callApi(api: Api, input: FetchInput, init?: FetchInit): Promise<FetchResponse> {
	const request = new Request(input as RequestInfo, init as RequestInit);
	const { origin } = new URL(request.url);
	if (!api.origins.has(origin)) {
		throw new TypeError(
			`login.fetch: ${origin} may not see the access token; name it in resource or origins if it should`,
		);
	}
	const spare = request.clone();
	const token = await api.accessToken();
	const response = await send(api, request, token);
	if (!isTokenRefused(response)) return response as FetchResponse;
	const renewed = await api.replace(token);
	if (renewed === undefined) return response as FetchResponse;
	response.body?.cancel().catch(() => {});
	return (await send(api, spare, renewed)) as FetchResponse;
}

async function send(api: Api, request: Request, token: string): Promise<Response> {
	request.headers.set("authorization", `Bearer ${token}`); // RFC 6750 §2.1
	api.tell(() => ({
		step: 5,
		name: "request the resource",
		request: {
			method: request.method,
			url: withoutSecretsIn(request.url),
			headers: { authorization: `Bearer ${shorten(token)}` },
		},
		...withoutSignature(token),
	}));
	const response = await api.fetch(request);
	api.tell(() => {
		const challenge = response.headers.get("www-authenticate");
		return {
			step: 8,
			name: response.ok ? "the resource" : "refused",
			request: { method: request.method, url: withoutSecretsIn(request.url) },
			response: {
				status: response.status,
				...(challenge !== null && { headers: { "www-authenticate": challenge } }),
			},
		};
	});
	return response;
}

// RFC 6750 §3.1. Without CORS for the header, a 401 alone has to do.
function isTokenRefused(response: Response): boolean {
	if (response.status !== 401) return false;
	const challenge = response.headers.get("www-authenticate");
	return challenge === null || /error="?invalid_token/i.test(challenge);
}
