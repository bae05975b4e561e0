import { oncePer, withHeaders } from "../edge/gate.js";
import type { EdgeRequest, EdgeResponse, RequestContext } from "../edge/types.js";
import type { Claims } from "../verifier/claims.js";
import { readMessage } from "./message.js";
import { ToolGuards } from "./tool-guards.js";
import type { McpHandler, McpOptions } from "./types.js";

/**
 * Puts a guard in front of an MCP server that speaks `Request`: on Workers, Deno, Bun, or in Node.js's frameworks.
 * `options` may be a function of `env`.
 *
 * @example
 * export default { fetch: protect({ issuer, audience }, (request, called) => transport.handleRequest(request, called)) };
 */
export function protect<Env = unknown, C extends object = Claims>(
	options: McpOptions<C> | ((env: Env) => McpOptions<C>),
	handler: McpHandler<Env>,
	// biome-ignore lint/suspicious/noExplicitAny: every platform types its own context
): (request: EdgeRequest, env?: Env, ctx?: any) => Promise<EdgeResponse> {
	if (typeof handler !== "function") throw new TypeError("handler: must be a function");
	const gateOf = gatesOf(options);
	return async (request, env, ctx) => {
		const gate = gateOf(env as Env);
		const context = ctx as RequestContext | undefined;
		const admission = await gate.admit(request, context);
		if (admission.answer) return admission.answer as EdgeResponse;
		const { auth, headers } = admission;
		const { message: parsedBody, answer } = await messageOf(gate, request as Request);
		if (answer) return withHeaders(answer, headers) as EdgeResponse;
		const refusal = await gate.refusal(request, parsedBody, context);
		if (refusal) return refusal as EdgeResponse;
		const called = { authInfo: gate.authInfo(auth), ...(parsedBody !== undefined && { parsedBody }) };
		return withHeaders((await handler(request, called, env as Env, ctx)) as Response, headers) as EdgeResponse;
	};
}

/** The message, where it has to be known. */
async function messageOf(
	{ hasToolScopes }: { hasToolScopes: boolean },
	request: Request,
): ReturnType<typeof readMessage> {
	return hasToolScopes && request.method === "POST" ? readMessage(request) : {};
}

/** Fixed options are checked at once; those that come from `env`, once for each distinct one. */
function gatesOf<Env, C extends object>(
	options: McpOptions<C> | ((env: Env) => McpOptions<C>),
): (env: Env) => ToolGuards<C> {
	if (typeof options === "function") return oncePer((env) => new ToolGuards(options(env)), options);
	const only = new ToolGuards(options);
	return () => only;
}
