/**
 * Logs a user in from a page without a server of its own: authorization code with PKCE, an ID token that is
 * really checked, fresh access tokens, and a way out.
 *
 * @packageDocumentation
 */

import { RedirectLogin } from "./login.js";
import type { Login, LoginOptions } from "./types.js";

export { type ErrorCode, TokenError } from "../core.js";
export type {
	FetchInit,
	FetchInput,
	FetchResponse,
	Finished,
	Login,
	LoginOptions,
	LoginStep,
	LoginStorage,
	PlatformFetch,
	Session,
	StartOptions,
} from "./types.js";

/** Prepares the login of one client at one authorization server. Nothing is fetched yet. */
export function createLogin(options: LoginOptions): Login {
	for (const name of ["issuer", "clientId", "redirectUri"] as const) {
		if (typeof options?.[name] !== "string") throw new TypeError(`${name}: must be a string`);
	}
	return new RedirectLogin(options);
}
