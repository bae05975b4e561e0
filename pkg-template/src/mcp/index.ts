/**
 * Guards servers of the Model Context Protocol: who called as the MCP SDK hands it to tools, scopes for single tools, and
 * the metadata and challenges by which its clients find the authorization server.
 *
 * @packageDocumentation
 */

export { middleware } from "./middleware.js";
export { protect } from "./protect.js";
export type {
	AuthInfo,
	McpHandler,
	McpMiddleware,
	McpOptions,
	McpRequest,
	TokenVerifier,
} from "./types.js";
export { tokenVerifier } from "./verifier.js";
