// Every block of docs/frameworks, run as a reader would run it: in its runtime or framework, asked over HTTP.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { findBun, findDeno } from "../runtimes/launchers/others.mjs";
import { folder as here } from "./install.mjs";
import { good, pages, poor, started, workplace } from "./recipes.mjs";

const { fetch: platformFetch } = globalThis;
const all = await pages();
const used = new Set();

/** A block, counted as used. */
function block(page, at = 0) {
	used.add(`${page} ${at}`);
	return all[page][at];
}

const node = [process.execPath, ["--import", "./world.mjs", "recipe.mjs"]];

/** Recipes that listen: `[name, block, command]`. */
const LISTENING = [
	["Hono", block("hono"), node],
	["Express", block("express"), node],
	["Fastify", block("fastify"), node],
	["node:http", block("node"), node],
	["Connect", block("node", 1), node],
	["Koa", block("node", 2), node],
	["h3", block("h3"), node],
	["Deno", block("deno"), [findDeno(), ["run", "-A", "--node-modules-dir=manual", "entry.mjs"]]],
	["Bun", block("bun"), [findBun(), ["run", "--preload", "./world.mjs", "recipe.mjs"]]],
	["Elysia, in Bun", block("elysia"), [findBun(), ["run", "--preload", "./world.mjs", "recipe.mjs"]]],
];

for (const [name, code, [command, args]] of LISTENING) {
	test(`${name}: refuses, lets through, asks for scope`, async (t) => {
		const entry = 'import "./world.mjs";\nawait import("./recipe.mjs");\n';
		const folder = await workplace(t, { "recipe.mjs": code, "entry.mjs": entry });
		const origin = await started(t, command, args, folder);
		await asked((path, init) => fetch(origin + path, init), "/purchases");
	});
}

/** The three answers of a guarded route. */
async function asked(call, path) {
	const ask = (token) => call(path, { headers: token ? { authorization: `Bearer ${token}` } : {} });
	const [bare, passed, refused] = [await ask(), await ask(good), await ask(poor)];
	assert.equal(bare.status, 401);
	assert.match(bare.headers.get("www-authenticate"), /^Bearer/);
	assert.deepEqual([passed.status, await passed.json()], [200, { hello: "user-1" }]);
	assert.deepEqual([refused.status, (await refused.json()).code], [403, "insufficient_scope"]);
}

/** Loads a block here, with the issuer in place of the network. */
async function load(t, code) {
	const folder = await workplace(t, { "recipe.mjs": code });
	t.after(() => {
		globalThis.fetch = platformFetch;
	});
	await import(pathToFileURL(join(folder, "world.mjs")).href);
	return import(pathToFileURL(join(folder, "recipe.mjs")).href);
}

const url = (path) => new URL(path, "https://api.shop.example.com");

test("SvelteKit: its hook, called as SvelteKit calls it", async (t) => {
	const { handle } = await load(t, block("sveltekit"));
	const resolve = ({ locals }) => Response.json({ hello: locals.auth?.claims.sub ?? "nobody" });
	const call = (path, init) =>
		handle({ event: { url: url(path), request: new Request(url(path), init), locals: {} }, resolve });
	await asked(call, "/api/purchases");
	assert.deepEqual(await (await call("/about", {})).json(), { hello: "nobody" });
});

test("Astro: its middleware, called as Astro calls it", async (t) => {
	const { onRequest } = await load(t, block("astro"));
	const call = (path, init) => {
		const context = { url: url(path), request: new Request(url(path), init), locals: {} };
		return onRequest(context, async () => Response.json({ hello: context.locals.auth?.claims.sub ?? "nobody" }));
	};
	await asked(call, "/api/purchases");
	assert.deepEqual(await (await call("/about", {})).json(), { hello: "nobody" });
});

test("React Router: its middleware and loader, in React Router's own static handler", async (t) => {
	const { middleware, loader } = await load(t, block("react-router"));
	const { createStaticHandler, RouterContextProvider } = await import("react-router");
	const { queryRoute } = createStaticHandler([{ id: "purchases", path: "/purchases", middleware, loader }]);
	const call = (path, init) =>
		queryRoute(new Request(url(path), init), {
			routeId: "purchases",
			requestContext: new RouterContextProvider(),
			generateMiddlewareResponse: async (query) => {
				try {
					return await query(new Request(url(path), init));
				} catch (error) {
					if (error instanceof Response) return error;
					throw error;
				}
			},
		});
	await asked(call, "/purchases");
});

test("Lambda authorizer: the events of API Gateway, simple answers and policies", async (t) => {
	const requestContext = { domainName: "api.shop.example.com", http: { method: "GET", path: "/purchases" } };
	const simple = await load(t, block("aws-lambda"));
	const ask = (token) => simple.handler({ headers: token ? { authorization: `Bearer ${token}` } : {}, requestContext });
	assert.deepEqual(await ask(good), { isAuthorized: true, context: { sub: "user-1", scope: "purchases:read" } });
	assert.deepEqual([await ask(poor), await ask()], [{ isAuthorized: false }, { isAuthorized: false }]);

	const { handler } = await load(t, block("aws-lambda", 1));
	const methodArn = "arn:aws:execute-api:eu-central-1:123456789012:abcdef/prod/GET/purchases";
	const event = { httpMethod: "GET", path: "/purchases", methodArn, requestContext };
	const policy = (token) => handler({ ...event, headers: { Authorization: `Bearer ${token}` } });
	const [allowed, denied] = [await policy(good), await policy(poor)];
	assert.deepEqual(allowed.policyDocument.Statement, [
		{ Action: "execute-api:Invoke", Effect: "Allow", Resource: methodArn },
	]);
	assert.deepEqual([allowed.principalId, denied.policyDocument.Statement[0].Effect], ["user-1", "Deny"]);
	await assert.rejects(handler({ ...event, headers: {} }), /^Error: Unauthorized$/);
});

test("Next.js: its route handlers and its proxy, in Next.js", async (t) => {
	const proxied =
		'import { api } from "./lib/api.js";\nexport const proxy = api;\nexport const config = { matcher: "/inside" };\n';
	const files = {
		"lib/api.js": block("next").replace(/^/, 'import "../world.mjs";\n'),
		"app/purchases/route.js": block("next", 1),
		"app/.well-known/oauth-protected-resource/route.js": block("next", 2),
		"app/inside/route.js": 'export const GET = () => Response.json({ hello: "user-1" });\n',
		"app/layout.js": "export default ({ children }) => children;\n",
		"proxy.js": proxied,
		"next.config.mjs": `export default { turbopack: { root: ${JSON.stringify(join(here))} } };\n`,
	};
	const folder = await workplace(t, files, { inside: true });
	const next = join(here, "node_modules", "next", "dist", "bin", "next");
	const origin = await started(t, process.execPath, [next, "dev"], folder, {
		NEXT_TELEMETRY_DISABLED: "1",
	});
	await asked((path, init) => fetch(origin + path, init), "/purchases");
	await asked((path, init) => fetch(origin + path, init), "/inside");
	const metadata = await (await fetch(`${origin}/.well-known/oauth-protected-resource`)).json();
	assert.deepEqual(metadata.authorization_servers, ["https://auth.example.com"]);
});

test("no block is left out", () => {
	// Those of mcp.md are for mcp-recipes.test.mjs.
	const { mcp: _, ...others } = all;
	const blocks = Object.entries(others).flatMap(([page, codes]) => codes.map((_, at) => `${page} ${at}`));
	assert.deepEqual(
		blocks.filter((one) => !used.has(one)),
		[],
	);
});
