import type { GuardSettings } from "./settings.js";
import type { RequestLike } from "./types.js";

/** Which requests' proofs are counted, and by which store. */
const counted = new WeakMap<RequestLike, GuardSettings["seen"]>();

/** Whether a proof was used before. A request may meet two guards, a site's and a route's: that is one use. */
export async function isReplayed(seen: GuardSettings["seen"], jti: string, request: RequestLike): Promise<boolean> {
	if (!seen || counted.get(request) === seen) return false;
	if (await seen(jti)) return true;
	counted.set(request, seen);
	return false;
}
