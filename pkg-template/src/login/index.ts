/**
 * Logs a user in from a page without a server of its own: authorization code with PKCE, an ID token that is
 * really checked, fresh access tokens, and a way out.
 *
 * @packageDocumentation
 */

import { loadCore } from "./load-core.js";
import { RedirectLogin } from "./login.js";
import { readLoginOptions } from "./options.js";
import type { Login, LoginOptions } from "./types.js";

export { TokenError } from "../error.js";
export type { ErrorCode } from "../error-code.js";
export type { LoginEvent, LoginEvents, SignedOutCause } from "./event-types.js";
export type { LoginStep } from "./step-types.js";
export type {
	ApiInit,
	FetchInit,
	FetchInput,
	FetchResponse,
	Finished,
	Login,
	LoginOptions,
	LoginSnapshot,
	LoginStorage,
	LogoutOptions,
	PlatformFetch,
	RequestParameters,
	Session,
	StartOptions,
} from "./types.js";

/**
 * Prepares the login of one client at one authorization server. Nothing is fetched yet, not even the core.
 * Throws a `TypeError` that names the option, if one is wrong.
 */
export function createLogin(options: LoginOptions): Login {
	return new RedirectLogin(readLoginOptions(options));
}

/** Loads the core now, off the main thread, so that no later call waits for it: where somebody is about to log in. */
export async function init(): Promise<void> {
	await loadCore();
}
