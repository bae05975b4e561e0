/**
 * Logs a user in from a page without a server of its own: authorization code with PKCE, an ID token that is
 * really checked, fresh access tokens, and a way out.
 *
 * @packageDocumentation
 */

import { RedirectLogin } from "./login.js";
import { checked } from "./options.js";
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
	return new RedirectLogin(checked(options));
}
