// What every adapter gives: a middleware of its framework, with what belongs to it.

import { type Admit, type AnyOptions, admit, admitMetadata } from "./admission.js";
import { guardsOf, oncePer } from "./guards.js";
import type { RequestGuard } from "./request-guard.js";

/** What a middleware carries. Its types for callers are each adapter's own. */
interface Equipment {
	/** Nothing where options are a function of the platform's `env`. */
	readonly guard: RequestGuard<object> | undefined;
	readonly with: (changes: object) => object;
	readonly metadata: object;
}

/** A middleware in front of a framework's handlers: `make` makes it of the function that decides about a request. */
export function adapt(
	options: AnyOptions<object> | ((env: never) => AnyOptions<object>),
	make: (admit: Admit) => object,
): object & Equipment {
	return equip(guardsOf<never, object>(options), typeof options !== "function", make);
}

function equip(
	guardOf: (env: never) => RequestGuard<object>,
	isFixed: boolean,
	make: (admit: Admit) => object,
): object & Equipment {
	const guard = isFixed ? guardOf(undefined as never) : undefined;
	return Object.assign(
		make((request, context, env) => admit(guardOf(env as never), request, context)),
		{
			guard,
			with(changes: object) {
				const routeOf = oncePer(
					(site: RequestGuard<object>): RequestGuard<object> => site.with(changes) as never,
					changes,
				);
				return equip((env) => routeOf(guardOf(env)), isFixed, make);
			},
			metadata: make((request, _, env) => admitMetadata(guardOf(env as never), request)),
		},
	);
}
