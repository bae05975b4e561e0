// The core, for a login that needs it: a page whose visitor nobody knows never downloads it.

/** What the core's file exports. */
export type Core = typeof import("../core.js");

/** Loads the core, compiled off the main thread where the runtime can. */
export async function loadCore(): Promise<Core> {
	const core = await import("../core.js");
	await core.init();
	return core;
}
