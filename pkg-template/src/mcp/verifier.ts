import {
	InsufficientScopeError,
	InvalidRequestError,
	InvalidTokenError,
	ServerError,
} from "@modelcontextprotocol/sdk/server/auth/errors.js";
import { TokenError } from "../error.js";
import type { Claims } from "../verifier/claims.js";
import { ToolGuards } from "./tool-guards.js";
import type { AuthInfo, McpOptions, TokenVerifier } from "./types.js";

/**
 * The verifier that the MCP SDK's `requireBearerAuth` asks for.
 *
 * @example
 * app.use(requireBearerAuth({ verifier: tokenVerifier({ issuer, audience }), resourceMetadataUrl }));
 */
export function tokenVerifier<C extends object = Claims>(options: Omit<McpOptions<C>, "toolScopes">): TokenVerifier<C> {
	const gate = new ToolGuards<C>(options, false);
	if (gate.hasToolScopes)
		throw new TypeError("toolScopes: has no effect here, where no message is seen; use middleware");
	return {
		guard: gate.guard,
		async verifyAccessToken(token: string): Promise<AuthInfo> {
			const headers = { get: (name: string) => (name === "authorization" ? `Bearer ${token}` : null) };
			try {
				return gate.authInfo(await gate.guard.check({ method: "POST", url: "https://localhost/", headers }));
			} catch (error) {
				throw error instanceof TokenError ? sdkError(error) : error;
			}
		},
	};
}

const ERRORS: Readonly<Record<number, new (message: string) => Error>> = {
	400: InvalidRequestError,
	401: InvalidTokenError,
	403: InsufficientScopeError,
};

/** The SDK writes the message into a header as it is, so only what the core has put into one will do. */
function sdkError(error: TokenError): Error {
	const description = error.challenge.match(/error_description="([^"]*)"/)?.[1];
	return new (ERRORS[error.status] ?? ServerError)(description ?? error.code);
}
