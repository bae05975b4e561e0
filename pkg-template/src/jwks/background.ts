// Work that nobody waits for, where a request's end would end it.

import { platformWaitUntil, promisesAreRequestScoped } from "countersign:wasm";

/** The part of a platform's context of a request that is used. What platforms hand over is not always one. */
export interface RequestContext {
	waitUntil?(promise: Promise<unknown>): void;
}

/** Sees to it that work goes on behind the answer. Returns whether it will: else it ends with its request. */
export function goesOn(work: Promise<unknown>, context: RequestContext | undefined): boolean {
	const silent = work.then(
		() => {},
		() => {},
	);
	const own = typeof context?.waitUntil === "function" ? context.waitUntil.bind(context) : undefined;
	for (const waitUntil of [own, platformWaitUntil()]) {
		try {
			waitUntil?.(silent);
			if (waitUntil) return true;
		} catch {
			// Outside a request, or of a request that has ended.
		}
	}
	return !promisesAreRequestScoped();
}
