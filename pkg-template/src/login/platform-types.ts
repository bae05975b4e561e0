import type { Fetch } from "../core/fetch-types.js";

// The platform's own types where it has them; no DOM types are needed where it does not.

/** The platform's `fetch`. */
export type PlatformFetch = typeof globalThis extends { fetch: infer F } ? F : Fetch;

/** What the platform's `fetch` takes first. */
export type FetchInput = typeof globalThis extends { Request: { prototype: infer R } }
	? R | { readonly href: string } | string
	: string;

/** What the platform's `fetch` takes second. */
export type FetchInit = typeof globalThis extends { fetch: (input: never, init?: infer I) => unknown } ? I : object;

/** What {@link Login.fetch} takes second. */
export type ApiInit = FetchInit & {
	/**
	 * Whether the user may be sent to the authorization server where the API asks for another login: a stronger one
	 * (`acr_values`) or a fresher one (`max_age`). Default `false`: the API's answer comes out. RFC 9470
	 */
	readonly stepUp?: boolean;
};

/** What the platform's `fetch` resolves to. */
export type FetchResponse = typeof globalThis extends { Response: { prototype: infer R } } ? R : object;
