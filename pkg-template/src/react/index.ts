"use client";
/**
 * A login in React: a provider that brings the session back, and a hook that shows it.
 *
 * @packageDocumentation
 */

import { createContext, createElement, useContext, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { Finished, Login, LoginSnapshot } from "../login/types.js";

/** What {@link LoginProvider} is given. */
export interface LoginProviderProps {
	/** Of `createLogin`, made once: outside of components. */
	readonly login: Login;
	/** Called when a login has come back. Default: the address bar shows `returnTo`. */
	readonly onFinished?: ((finished: Finished) => void) | undefined;
	// biome-ignore lint/suspicious/noExplicitAny: React's types are not needed here
	readonly children?: any;
}

/** What {@link useLogin} gives. */
export interface UsedLogin extends LoginSnapshot {
	readonly login: Login;
	/** What the way back or `restore` failed with; `null` where nothing did. */
	readonly error: unknown;
}

interface Provided {
	readonly login: Login;
	readonly error: unknown;
}

const LoginContext = createContext<Provided | undefined>(undefined);
/** On a server, and while its page is taken over, nobody knows. */
const PENDING: LoginSnapshot = { status: "pending", session: null };

/** Finishes a login that comes back, or restores the session, once the page is there. */
// biome-ignore lint/suspicious/noExplicitAny: React's types are not needed here
export function LoginProvider({ login, onFinished = showReturnTo, children }: LoginProviderProps): any {
	const [error, setError] = useState<unknown>(null);
	// biome-ignore lint/correctness/useExhaustiveDependencies: another onFinished is no reason to ask again
	useEffect(() => {
		let isMounted = true;
		login
			.finish()
			.then(async (finished) => {
				if (!finished) await login.restore();
				else if (isMounted) onFinished(finished);
			})
			.catch((reason: unknown) => {
				if (isMounted) setError(reason);
			});
		return () => {
			isMounted = false;
		};
	}, [login]);
	const value = useMemo(() => ({ login, error }), [login, error]);
	return createElement(LoginContext.Provider, { value }, children);
}

/** The login of the nearest {@link LoginProvider}, and what is known of the user now. */
export function useLogin(): UsedLogin {
	const provided = useContext(LoginContext);
	if (!provided) throw new TypeError("useLogin: there is no LoginProvider around this component");
	const { login, error } = provided;
	const snapshot = useSyncExternalStore(login.subscribe, login.getSnapshot, () => PENDING);
	return { ...snapshot, login, error };
}

function showReturnTo({ returnTo }: Finished): void {
	window.history.replaceState(window.history.state, "", returnTo);
}
