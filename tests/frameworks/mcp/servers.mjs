// One MCP server with two tools, put behind Countersign in each of the ways that the SDK has.

import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { requireBearerAuth } from "@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import { middleware, protect, tokenVerifier } from "countersign/mcp";
import express from "express";

/** The server; each tool says who called it. */
export function shop() {
	const server = new McpServer({ name: "shop", version: "1.0.0" });
	const told = async ({ authInfo: { token, ...rest } }) => ({
		content: [{ type: "text", text: JSON.stringify({ ...rest, hasToken: typeof token === "string" }) }],
	});
	server.registerTool("list_orders", { description: "Lists the orders." }, told);
	server.registerTool("refund", { description: "Refunds an order." }, told);
	return server;
}

const toolScopes = { refund: "orders:write" };

/** Ways to serve it at a path; `options` is what they all have. */
export const WAYS = {
	"protect, with the SDK's transport for Request": (options) => {
		const handle = protect({ ...options, toolScopes }, async (request, called) => {
			const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
			await shop().connect(transport);
			return transport.handleRequest(request, called);
		});
		return getRequestListener((request) => handle(request));
	},
	"middleware, in Express": (options, path) => {
		const api = middleware({ ...options, toolScopes });
		const app = express();
		app.use(api.metadata);
		app.use(path, express.json(), api, async (req, res) => {
			const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true });
			await shop().connect(transport);
			await transport.handleRequest(req, res, req.body);
		});
		return app;
	},
	"tokenVerifier, in the SDK's requireBearerAuth": (options, path) => {
		const app = express();
		app.use(middleware(options).metadata);
		const { origin } = new URL(options.audience);
		const resourceMetadataUrl = `${origin}/.well-known/oauth-protected-resource${path === "/" ? "" : path}`;
		const bearer = requireBearerAuth({
			verifier: tokenVerifier(options),
			resourceMetadataUrl,
			requiredScopes: ["orders:read"],
			expectedResource: new URL(options.audience),
		});
		app.use(path, bearer, express.json(), async (req, res) => {
			const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true });
			await shop().connect(transport);
			await transport.handleRequest(req, res, req.body);
		});
		return app;
	},
};

/** Serves it; the resource identifier is the address of the server. `more`: further options. */
export async function serve(make, issuer, path, more) {
	let listener;
	const server = createServer((request, response) => listener(request, response));
	await new Promise((resolve) => server.listen(0, "localhost", resolve));
	const origin = `http://localhost:${server.address().port}`;
	const resource = path === "/" ? `${origin}/` : origin + path;
	listener = make({ issuer, audience: resource, scope: "orders:read", ...more }, path);
	const close = () => {
		server.closeAllConnections();
		return new Promise((resolve) => server.close(resolve));
	};
	return { origin, resource, close };
}
