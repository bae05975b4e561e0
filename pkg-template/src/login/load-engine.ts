// All that a login needs, loaded when somebody logs in.

import { loadCore } from "./load-core.js";
import type { Engine } from "./login-engine.js";
import type { Page } from "./page.js";

/** Loads all that a login needs, the core beside the rest. */
export async function loadEngine(page: Page): Promise<Engine> {
	const [{ Engine }] = await Promise.all([import("./login-engine.js"), loadCore()]);
	return new Engine(page);
}
