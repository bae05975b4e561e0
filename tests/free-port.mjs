// A port for a server that has to be told where to listen, and starts later.

import { randomInt } from "node:crypto";
import { isFree } from "../www/stack.mjs";

/** Below those that systems give to whoever asks for any: one of these goes to a test beside this one meanwhile. */
const [FIRST, BEYOND] = [10_000, 20_000];

/** A port of this machine at which nobody listens. */
export async function freePort() {
	for (;;) {
		const port = randomInt(FIRST, BEYOND);
		if (await isFree(port)) return port;
	}
}
