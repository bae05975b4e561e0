// A guard, and one for each tool that needs more.

import { type Admission, type AnyOptions, admit, admitMetadata, type GrantedAuth, RequestGuard } from "../edge/gate.js";
import type { Auth, RequestContext, RequestLike } from "../edge/types.js";
import { ownMembers } from "../own-options.js";
import { calledTools } from "./message.js";
import type { AuthInfo, McpOptions } from "./types.js";

export class ToolGuards<C extends object> {
	readonly guard: RequestGuard<C>;
	readonly #tools: ReadonlyMap<string, RequestGuard<C>>;

	constructor(given: McpOptions<C>, beforeHandler = true) {
		// Own members alone: what every object inherits is no option.
		const own: Partial<McpOptions<C>> = Object.assign(Object.create(null), given);
		const { resourceMetadata = true, required = true, scope: base, toolScopes } = own;
		const { toolScopes: _own, ...options } = given;
		if (!required) throw new TypeError("required: expected true, since tools are told who called");
		const all = { ...options, resourceMetadata } as AnyOptions<C>;
		this.guard = new RequestGuard<C>(all, beforeHandler, undefined, undefined, true);
		this.#tools = new Map(
			[...(toolScopes === undefined ? [] : ownMembers(toolScopes, "toolScopes"))].map(([tool, scope]) => {
				// A challenge names all that a call needs, so that the next token has that too.
				return [tool, this.guard.with({ scope: [...list(base), ...scopesOf(tool, scope)] }) as RequestGuard<C>];
			}),
		);
	}

	/** Whether messages are to be read. */
	get hasToolScopes(): boolean {
		return this.#tools.size > 0;
	}

	admit(request: RequestLike, context?: RequestContext): ReturnType<typeof admit<C>> {
		return admit(this.guard, request, context);
	}

	/** Answers requests for the metadata alone. */
	metadata(request: RequestLike): Promise<Admission> {
		return admitMetadata(this.guard, request);
	}

	/** The answer to a request that calls a tool without its scope. */
	async refusal(request: RequestLike, message: unknown, context?: RequestContext): Promise<Response | undefined> {
		for (const tool of calledTools(message)) {
			const guard = this.#tools.get(tool);
			const admission = guard && (await admit(guard, request, context));
			if (admission?.answer) return admission.answer;
		}
		return undefined;
	}

	/** Who called, as the SDK has it. */
	authInfo(auth: Auth<object>): AuthInfo {
		const { token, claims, grant } = auth as GrantedAuth;
		const { clientId, scopes, expiresAt } = grant;
		const { resource } = this.guard.settings;
		return {
			token,
			clientId: clientId ?? "",
			scopes: [...scopes],
			...(expiresAt !== null && { expiresAt }),
			...(resource !== null && { resource: new URL(resource) }),
			extra: { claims },
		};
	}
}

const list = (scope: string | readonly string[] | undefined) => [scope ?? []].flat();

function scopesOf(tool: string, scope: unknown): readonly string[] {
	const scopes = [scope].flat();
	const isScope = (one: unknown) => typeof one === "string" && one.trim() !== "";
	if (scopes.length > 0 && scopes.every(isScope)) return scopes as string[];
	throw new TypeError(`toolScopes.${tool.slice(0, 80)}: expected a scope, or a list of scopes`);
}
