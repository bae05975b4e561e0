// The guard of options, or of options that come from the platform's `env`.

import type { AnyOptions } from "./admission.js";
import { RequestGuard } from "./request-guard.js";

/** Fixed options are checked at once; those that come from `env`, once for each distinct one. */
export function guardsOf<Env, C extends object>(
	options: AnyOptions<C> | ((env: Env) => AnyOptions<C>),
): (env: Env) => RequestGuard<C> {
	if (typeof options !== "function") {
		const only = new RequestGuard<C>(options, true);
		return () => only;
	}
	return oncePer((env: Env) => new RequestGuard<C>(options(env), true), options);
}

/** Makes something once for each object; once for all that is none, for which `other` stands. */
export function oncePer<K, T>(make: (key: K) => T, other: object): (key: K) => T {
	const known = new WeakMap<object, T>();
	return (given) => {
		const key = typeof given === "object" && given !== null ? given : other;
		let made = known.get(key);
		if (made === undefined) {
			made = make(given);
			known.set(key, made);
		}
		return made;
	};
}
