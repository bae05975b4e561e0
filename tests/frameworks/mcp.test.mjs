// countersign/mcp end to end: the MCP SDK's own client finds the authorization server by metadata and challenge, registers
// itself, logs its user in for this resource (RFC 8707), and asks for more scope where a tool needs it. With tokens that are
// JWTs, and with opaque ones, about which the server is asked (RFC 7662).

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js";
import { introspection, startAuthorizationServer } from "./mcp/authorization-server.mjs";
import { serve, WAYS } from "./mcp/servers.mjs";
import { startClient } from "./mcp/user.mjs";

const opaque = { tokens: "opaque", introspection: { ...introspection, cacheFor: 0 } };

/** Tokens of a server: how they look, and what a guard has to know of them. */
const KINDS = {
	jwt: { jwt: {}, "jwt, where others may be opaque": { ...opaque, tokens: "both" } },
	opaque: { opaque, "opaque, where others may be JWTs": { ...opaque, tokens: "both" } },
};

const told = ({ content: [{ text }] }) => JSON.parse(text);

for (const [format, kinds] of Object.entries(KINDS)) {
	const resources = new Set();
	const { issuer, revoke, close } = await startAuthorizationServer(resources, format);
	after(close);
	for (const [kind, more] of Object.entries(kinds)) {
		for (const [way, make] of Object.entries(WAYS)) {
			for (const path of kind === "jwt" ? ["/mcp", "/"] : ["/mcp"]) {
				test(`${kind}, ${way}, at ${path}: discovery, registration, login, a call, more scope for a tool`, async (t) => {
					const { resource, close } = await serve(make, issuer, path, more);
					t.after(close);
					resources.add(resource);
					const client = await startClient(resource);
					t.after(client.close);
					await agentsDay(client, { issuer, resource, hasToolScopes: !way.startsWith("tokenVerifier") });
					const token = client.user.tokens().access_token;
					assert.equal(token.split(".").length, format === "jwt" ? 3 : 1, "what it is about");
					if (format === "jwt") return;
					await revoke(token);
					await assert.rejects(client.call("list_orders"), UnauthorizedError, "its issuer is asked each time");
				});
			}
		}
	}
}

async function agentsDay(client, { issuer, resource, hasToolScopes }) {
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

	if (!hasToolScopes) return;
	await assert.rejects(client.call("refund"), UnauthorizedError);
	const more = client.user.asked.at(-1);
	assert.notEqual(more, first);
	assert.equal(more.searchParams.get("scope"), "orders:read orders:write");
	await client.visit();
	assert.deepEqual(told(await client.call("refund")).scopes, ["orders:read", "orders:write"]);
}
