// What a guard answers besides refusals.

import type { Guard as CoreGuard } from "countersign:bindings";
import type { CoreObject } from "../core.js";
import { isRequest } from "./is-request.js";
import type { GuardSettings } from "./settings.js";
import type { EdgeResponse, RequestLike } from "./types.js";

/** The headers that every answer has to have. */
export function headersOf(
	{ hasNonces }: GuardSettings,
	core: CoreObject<CoreGuard>,
	clocks: () => { readonly policy: number },
): Record<string, string> {
	const nonce = hasNonces ? core.use((guard) => guard.dpopNonce(clocks().policy)) : undefined;
	return nonce === undefined ? {} : { "dpop-nonce": nonce };
}

/** The answer to a request for the resource's metadata, if this is one. */
export function metadataOf(
	{ servesMetadata }: GuardSettings,
	core: CoreObject<CoreGuard>,
	request: RequestLike,
): EdgeResponse | undefined {
	if (!servesMetadata || !isRequest(request)) return undefined;
	const answer = core.use((guard) => guard.metadata(request as Request));
	return answer && (new Response(answer.body, answer) as EdgeResponse);
}
