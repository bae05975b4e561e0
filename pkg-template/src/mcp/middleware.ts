import { requestOf } from "../node/incoming.js";
import { middlewareOf } from "../node/middleware.js";
import type { NodeRequest } from "../node/types.js";
import type { Claims } from "../verifier/claims.js";
import { ToolGuards } from "./tool-guards.js";
import type { McpMiddleware, McpOptions } from "./types.js";

/**
 * Puts a guard in front of an MCP server in Express, Connect or `node:http`: `StreamableHTTPServerTransport` finds who
 * called in `req.auth`.
 *
 * @example
 * app.use(express.json(), middleware({ issuer, audience, toolScopes: { refund: "orders:write" } }));
 */
export function middleware<C extends object = Claims>(options: McpOptions<C>): McpMiddleware<C> {
	const gate = new ToolGuards(options);
	const protection = middlewareOf(async (incoming) => {
		const request = requestOf(incoming);
		const admission = await gate.admit(request);
		if (admission.answer) return admission;
		const answer = await gate.refusal(request, messageOf(gate, incoming));
		return answer ? { answer } : { ...admission, auth: gate.authInfo(admission.auth) };
	});
	const metadata = middlewareOf((incoming) => gate.metadata(requestOf(incoming)));
	return Object.assign(protection, { metadata, guard: gate.guard }) as McpMiddleware<C>;
}

/** The message, where it has to be known: only as the transport will get it, since two readings could differ. */
function messageOf({ hasToolScopes }: { hasToolScopes: boolean }, incoming: NodeRequest & { body?: unknown }): unknown {
	if (!hasToolScopes || incoming.method !== "POST") return undefined;
	if (incoming.body !== undefined) return incoming.body;
	throw new TypeError(
		"toolScopes: the body is not read yet; put express.json() in front, and give req.body to the transport",
	);
}
