// What an adapter gives has the framework's own types, and the claims theirs: compiled with the types of the real ones.

import assert from "node:assert/strict";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "../../pkg-template/scripts/cli.mjs";
import { inRoot } from "../../pkg-template/scripts/paths.mjs";
import { folder } from "./install.mjs";

const tsc = inRoot("node_modules", "typescript", "bin", "tsc");

const SHARED = `
import type { StandardSchema } from "countersign/edge";
export const options = { issuer: "https://auth.example.com", audience: "https://api.shop.example.com" };
export declare const schema: StandardSchema<{ readonly tenant: string }>;
`;

const SOURCES = {
	hono: `
import { protect } from "countersign/hono";
import { Hono } from "hono";
import { options, schema } from "./shared.js";
const api = protect({ ...options, schema });
const app = new Hono();
app.use(api);
app.get("/a", api, (c) => c.json({ tenant: c.var.auth.claims.tenant satisfies string }));
app.get("/b", api.with({ scope: "b" }), (c) => c.text(c.var.auth.claims.tenant));
app.get("/c", protect({ ...options, required: false }), (c) => c.text(c.var.auth?.claims.sub ?? "nobody"));
// @ts-expect-error: no such claim
app.get("/d", api, (c) => c.text(c.var.auth.claims.role));
// @ts-expect-error: perhaps nobody
app.get("/e", protect({ ...options, required: false }), (c) => c.text(c.var.auth.token));
app.use(protect((env: { AUDIENCE: string }) => ({ ...options, audience: env.AUDIENCE })));
await api.guard.loadKeys();
`,
	express: `
import express from "express";
import { protect } from "countersign/express";
import { options, schema } from "./shared.js";
const api = protect({ ...options, schema });
const app = express();
app.use(api);
app.use("/x", api.metadata);
app.get("/a", api.handler((req, res) => res.json({ tenant: req.auth.claims.tenant satisfies string, q: req.query })));
app.get("/b", api.with({ scope: "b" }), (req, res) => res.json(req.auth?.claims.sub));
// @ts-expect-error: no such claim
app.get("/c", api.handler((req, res) => res.send(req.auth.claims.role)));
app.get("/d", protect({ ...options, required: false }).handler((req, res) => res.send(req.auth?.claims.sub)));
`,
	fastify: `
import { protect } from "countersign/fastify";
import fastify from "fastify";
import { options, schema } from "./shared.js";
const api = protect({ ...options, schema });
const app = fastify();
app.addHook("onRequest", api);
app.addHook("onRequest", api.metadata);
app.get("/a", async (request) => ({ tenant: api.auth(request).claims.tenant satisfies string }));
app.get("/b", { onRequest: api.with({ scope: "b" }) }, async (request) => request.auth?.claims.sub);
// @ts-expect-error: no such claim
app.get("/c", async (request) => api.auth(request).claims.role);
`,
	node: `
import connect from "connect";
import { koa, protect, requestOf } from "countersign/node";
import Koa from "koa";
import { createServer } from "node:http";
import { createSecureServer } from "node:http2";
import { options, schema } from "./shared.js";
const api = protect({ ...options, schema });
createServer(api.handler((request, response) => { response.end(request.auth.claims.tenant satisfies string); }));
createSecureServer({}, api.handler((request, response) => { response.end(request.auth.claims.tenant); }));
// @ts-expect-error: no such claim
createServer(api.handler((request, response) => { response.end(request.auth.claims.role); }));
connect().use(api).use(api.metadata);
new Koa().use(koa(options)).use(koa(options).metadata);
createServer(async (request, response) => { response.end((await api.guard.check(requestOf(request))).claims.tenant); });
`,
	next: `
import { protect } from "countersign/next";
import type { NextRequest } from "next/server";
import { options, schema } from "./shared.js";
const api = protect({ ...options, schema });
export const GET = api.route(async (request: NextRequest, { claims }, context: { params: Promise<{ id: string }> }) =>
	Response.json({ tenant: claims.tenant satisfies string, id: (await context.params).id, at: request.nextUrl.href }));
export const POST = api.with({ scope: "b" }).route((_request, { claims }) => Response.json({ tenant: claims.tenant }));
// @ts-expect-error: no such claim
export const PUT = api.route((_request, { claims }) => Response.json({ role: claims.role }));
export const proxy: (request: NextRequest) => Promise<Response | undefined> = api;
`,
	mcp: `
import type { OAuthTokenVerifier } from "@modelcontextprotocol/sdk/server/auth/provider.js";
import { requireBearerAuth } from "@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js";
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import { middleware, protect, tokenVerifier } from "countersign/mcp";
import express from "express";
import { options } from "./shared.js";
const verifier: OAuthTokenVerifier = tokenVerifier(options);
express().use(requireBearerAuth({ verifier }), middleware({ ...options, toolScopes: { refund: "orders:write" } }));
const transport = new WebStandardStreamableHTTPServerTransport();
export default { fetch: protect(options, (request, called) => transport.handleRequest(request, called)) };
`,
};

test("each adapter in TypeScript", async (t) => {
	const work = await mkdtemp(join(tmpdir(), "countersign-frameworks-types-"));
	t.after(() => rm(work, { recursive: true, force: true }));
	await symlink(join(folder, "node_modules"), join(work, "node_modules"), "junction");
	await writeFile(join(work, "package.json"), '{"type":"module"}');
	await writeFile(join(work, "shared.ts"), SHARED);
	for (const [name, source] of Object.entries(SOURCES)) await writeFile(join(work, `${name}.ts`), source);
	const compilerOptions = {
		target: "ES2023",
		lib: ["ES2023", "DOM", "DOM.Iterable"],
		module: "ESNext",
		moduleResolution: "Bundler",
		strict: true,
		noEmit: true,
		// The frameworks' own declarations are their own affair.
		skipLibCheck: true,
		types: ["node"],
	};
	// Apart, since the MCP SDK and countersign/express each have their own type for Express's req.auth.
	const parts = [["mcp.ts"], Object.keys(SOURCES).flatMap((name) => (name === "mcp" ? [] : `${name}.ts`))];
	for (const files of parts) {
		await writeFile(join(work, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
		const output = await run(process.execPath, [tsc, "-p", work, "--pretty", "false"], { cwd: work }).catch(String);
		assert.equal(output.trim(), "");
	}
});
