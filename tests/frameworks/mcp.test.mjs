// countersign/mcp end to end: the MCP SDK's own client finds the authorization server by metadata and challenge, registers
// itself, logs its user in for this resource (RFC 8707), and asks for more scope where a tool needs it.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js";
import { startAuthorizationServer } from "./mcp/authorization-server.mjs";
import { serve, WAYS } from "./mcp/servers.mjs";
import { startClient } from "./mcp/user.mjs";

const resources = new Set();
const { issuer, close } = await startAuthorizationServer(resources);
after(close);

const told = ({ content: [{ text }] }) => JSON.parse(text);

for (const [way, make] of Object.entries(WAYS)) {
	for (const path of ["/mcp", "/"]) {
		test(`${way}, at ${path}: discovery, registration, login, a call, more scope for a tool`, async (t) => {
			const { resource, close } = await serve(make, issuer, path);
			t.after(close);
			resources.add(resource);
			const client = await startClient(resource);
			t.after(client.close);

			await assert.rejects(client.begin(), UnauthorizedError);
			const [first] = client.user.asked;
			assert.equal(first.origin, issuer, "found by the metadata");
			assert.equal(first.searchParams.get("resource"), resource, "RFC 8707");
			assert.equal(first.searchParams.get("scope"), "orders:read", "by the challenge");
			await client.visit();
			await client.begin();

			const caller = told(await client.call("list_orders"));
			assert.equal(caller.clientId, client.user.clientInformation().client_id);
			assert.deepEqual([caller.scopes, caller.resource, caller.hasToken], [["orders:read"], resource, true]);
			assert.ok(Math.abs(caller.expiresAt - Date.now() / 1000 - 300) < 60, caller.expiresAt);
			assert.equal(caller.extra.claims.sub, "ada");

			if (way.startsWith("tokenVerifier")) return;
			await assert.rejects(client.call("refund"), UnauthorizedError);
			const more = client.user.asked.at(-1);
			assert.notEqual(more, first);
			assert.equal(more.searchParams.get("scope"), "orders:read orders:write");
			await client.visit();
			assert.deepEqual(told(await client.call("refund")).scopes, ["orders:read", "orders:write"]);
		});
	}
}
