import type { Guard } from "../edge/guard-types.js";
import type { EdgeRequest, EdgeResponse, GuardOptions } from "../edge/types.js";
import type { NodeRequest, NodeResponse } from "../node/types.js";
import type { Claims } from "../verifier/claims.js";

/** Who called, as the MCP SDK hands it to tools: its `AuthInfo`. */
export interface AuthInfo {
	/** The access token. */
	token: string;
	/** The client, by the claim that names it in this provider's tokens, or in what it says of one; empty where none does. */
	clientId: string;
	/** What the token grants. RFC 6749 §3.3 */
	scopes: string[];
	/** Seconds since 1970. */
	expiresAt?: number;
	/** The resource identifier of this server, for which the token was issued. RFC 8707 §2 */
	resource?: URL;
	/** `claims`: those of the token, or what its issuer says of an opaque one; what the schema makes of them. */
	extra: { claims: unknown };
}

/** A guard's options. `resourceMetadata` defaults to `true`: MCP clients find the authorization server by it. RFC 9728 §3 */
export interface McpOptions<C extends object = Claims> extends GuardOptions<C> {
	/**
	 * The scope that calls of single tools need, beside `scope`. A call without it is answered with 403 and a challenge that
	 * names it, by which a client asks its user for more. RFC 6750 §3.1
	 */
	readonly toolScopes?: { readonly [tool: string]: string | readonly string[] };
}

/** What a request brings, as the SDK's `handleRequest` takes it. */
export interface McpRequest {
	readonly authInfo: AuthInfo;
	/** The message, where it was read to find out which tool is called: with `toolScopes`, for `POST`. */
	readonly parsedBody?: unknown;
}

/** Answers the requests that may pass. */
export type McpHandler<Env> = (
	request: EdgeRequest,
	called: McpRequest,
	env: Env,
	// biome-ignore lint/suspicious/noExplicitAny: every platform types its own context
	ctx: any,
) => EdgeResponse | Promise<EdgeResponse>;

/** Guards what comes behind it, and sets `req.auth` to an `AuthInfo`, as the SDK's transport for Node.js reads it. */
export interface McpMiddleware<C extends object = Claims> {
	/** With `toolScopes`, `express.json()` has to stand in front. */
	(request: NodeRequest, response: NodeResponse, next: (error?: unknown) => void): void;
	/** Serves the resource's metadata and lets all else through: at the root, where the rest is not. */
	metadata(request: NodeRequest, response: NodeResponse, next: (error?: unknown) => void): void;
	/** For `loadKeys` and `status`. */
	readonly guard: Guard<C>;
}

/** The SDK's `OAuthTokenVerifier`. */
export interface TokenVerifier<C extends object = Claims> {
	/** Rejects with the SDK's own errors, which `requireBearerAuth` answers. */
	verifyAccessToken(token: string): Promise<AuthInfo>;
	/** For `loadKeys` and `status`. */
	readonly guard: Guard<C>;
}
