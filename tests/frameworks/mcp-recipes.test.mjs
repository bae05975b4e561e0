// The blocks of docs/frameworks/mcp.md: the worker in real workerd, the application in Express; what each is asked, and what
// is no message.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { good, issuer, pages, started, startedWorker, workplace } from "./recipes.mjs";

const [worker, application] = (await pages()).mcp;
const writer = await issuer.mint({ scope: "purchases:read orders:write" });

async function call(origin, token, tool) {
	const client = new Client({ name: "agent", version: "1.0.0" });
	const requestInit = { headers: { authorization: `Bearer ${token}` } };
	await client.connect(new StreamableHTTPClientTransport(new URL(origin), { requestInit }));
	try {
		const { content } = await client.callTool({ name: tool, arguments: {} });
		return content[0].text;
	} finally {
		await client.close();
	}
}

/** A message as it is written. */
const post = (origin, token, body) =>
	fetch(origin, {
		method: "POST",
		headers: {
			"content-type": "application/json",
			accept: "application/json, text/event-stream",
			...(token && { authorization: `Bearer ${token}` }),
		},
		body,
	});

const toolCall = (name, id = 1) => ({ jsonrpc: "2.0", id, method: "tools/call", params: { name, arguments: {} } });

test("the worker, in workerd: callers, scopes by tool, and what is no message", async (t) => {
	const entry = 'import "./world.mjs";\nexport { default } from "./recipe.mjs";\n';
	const folder = await workplace(t, { "recipe.mjs": worker, "entry.mjs": entry });
	const origin = await startedWorker(t, folder);

	assert.equal(await call(origin, good, "list_orders"), "hello user-1");
	assert.equal(await call(origin, writer, "refund"), "hello user-1");
	await assert.rejects(call(origin, good, "refund"), /403|scope|Forbidden/i);

	const bare = await post(origin, undefined, JSON.stringify(toolCall("refund")));
	assert.equal(bare.status, 401);
	const place = "https://api.shop.example.com/.well-known/oauth-protected-resource";
	assert.ok(bare.headers.get("www-authenticate").includes(`resource_metadata="${place}"`));
	const metadata = await (await fetch(`${origin}/.well-known/oauth-protected-resource`)).json();
	assert.deepEqual(
		[metadata.resource, metadata.authorization_servers],
		["https://api.shop.example.com", [issuer.issuer]],
	);

	const REFUSED = {
		"the tool": toolCall("refund"),
		"a list of calls, the second of which is of the tool": [toolCall("list_orders"), toolCall("refund", 2)],
	};
	for (const [name, message] of Object.entries(REFUSED)) {
		const answer = await post(origin, good, JSON.stringify(message));
		assert.equal(answer.status, 403, name);
		const challenge = answer.headers.get("www-authenticate");
		assert.match(challenge, /error="insufficient_scope".*scope="purchases:read orders:write"/, name);
	}
	// The last of two names counts, for the guard and for the SDK.
	const twice = JSON.stringify(toolCall("list_orders")).replace('"name":', '"name":"list_orders","name":');
	const asRefund = twice.replace(/"name":"list_orders"(?=,"arguments")/, '"name":"refund"');
	assert.equal((await post(origin, good, asRefund)).status, 403);
	for (const name of ["constructor", "__proto__", "", "REFUND"]) {
		const answer = await (await post(origin, good, JSON.stringify(toolCall(name)))).json();
		assert.ok(answer.error ?? answer.result.isError, name);
	}
	for (const [body, status] of [
		["{", 400],
		["", 400],
		[`"${"x".repeat(4 * 1024 * 1024)}"`, 413],
		["null", 400],
		["[[]]", 400],
		['{"method":"tools/call","params":null}', 400],
	]) {
		assert.equal((await post(origin, good, body)).status, status, body.slice(0, 40));
	}
});

test("the application, in Express", async (t) => {
	const folder = await workplace(t, { "recipe.mjs": application });
	// Tokens for the address of this server, path included.
	const own = await issuer.mint({ aud: "https://api.shop.example.com/mcp", scope: "purchases:read" });
	const origin = await started(t, process.execPath, ["--import", "./world.mjs", "recipe.mjs"], folder);
	assert.equal(await call(`${origin}/mcp`, own, "hello"), "hello user-1");
	assert.equal((await post(`${origin}/mcp`, good, "{}")).status, 401, "for another server");
	const metadata = await (await fetch(`${origin}/.well-known/oauth-protected-resource/mcp`)).json();
	assert.equal(metadata.resource, "https://api.shop.example.com/mcp");
});
