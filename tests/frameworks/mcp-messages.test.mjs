// Messages of MCP over HTTP before countersign/mcp: which are read, which tool they call, and what is no message.

import assert from "node:assert/strict";
import { test } from "node:test";
import { middleware, protect } from "countersign/mcp";
import { createTestIssuer } from "countersign/testing";

const audience = "https://mcp.example.com/mcp";
const { issuer, jwks, mint, metadata, fetch } = await createTestIssuer({ audience });
const page = "https://agent.example.com";
const options = { issuer, audience, keys: jwks, scope: "orders:read", cors: { origin: page } };
const guarded = { ...options, toolScopes: { refund: "orders:write", audit: ["orders:write", "audit"] } };
const reader = await mint({ scope: "orders:read" });
const writer = await mint({ scope: "orders:read orders:write" });
const auditor = await mint({ scope: "orders:read orders:write audit" });

/** As the SDK's own transport has it. */
const MOST_BYTES = 4 * 1024 * 1024;

const toolCall = (name, id = 1) => ({ jsonrpc: "2.0", id, method: "tools/call", params: { name, arguments: {} } });
const post = (token, body, more = {}) =>
	new Request(audience, {
		method: "POST",
		headers: { ...(token && { authorization: `Bearer ${token}` }), origin: page },
		body: typeof body === "string" || body instanceof ReadableStream ? body : JSON.stringify(body),
		duplex: "half",
		...more,
	});

/** A handler behind the guard that keeps what it was given. */
function kept(of) {
	const given = [];
	const handle = protect(of, (...args) => {
		given.push(args);
		return new Response("handled", { headers: { vary: "Accept" } });
	});
	return { handle, given };
}

const byRequest = protect(guarded, () => new Response());
const byMiddleware = middleware(guarded);

/** The same by protect and by middleware in Express: the status, and the challenge. */
const WAYS = {
	protect: async (token, message) => {
		const answer = await byRequest(post(token, message));
		return [answer.status, answer.headers.get("www-authenticate")];
	},
	middleware: (token, body) =>
		new Promise((resolve) => {
			const headers = new Headers();
			const rawHeaders = ["Host", "mcp.example.com", "Authorization", `Bearer ${token}`];
			const response = {
				getHeader: (name) => headers.get(name) ?? undefined,
				setHeader: (name, value) => headers.set(name, value),
				end: () => resolve([response.statusCode, headers.get("www-authenticate")]),
			};
			const request = { method: "POST", url: "/mcp", rawHeaders, headers: {}, body };
			byMiddleware(request, response, () => resolve([200, null]));
		}),
};

/** `[message, token, scope]`: where a scope is missing, the challenge names all that the call needs. RFC 6750 §3.1 */
const CALLS = [
	[toolCall("refund"), writer],
	[toolCall("refund"), reader, "orders:read orders:write"],
	[toolCall("audit"), writer, "orders:read orders:write audit"],
	[toolCall("audit"), auditor],
	[toolCall("list_orders"), reader],
	[toolCall("toString"), reader],
	// Batches, as in the versions of the protocol up to 2025-03-26.
	[[toolCall("list_orders"), toolCall("refund", 2)], reader, "orders:read orders:write"],
	[[toolCall("refund"), toolCall("audit", 2)], writer, "orders:read orders:write audit"],
	[[toolCall("refund"), toolCall("audit", 2)], auditor],
	[[], reader],
	[{ ...toolCall("refund"), method: "tools/list" }, reader],
	[{ ...toolCall("refund"), method: "" }, reader],
	[{ method: "tools/call", params: { name: ["refund"] } }, reader, "orders:read orders:write"],
	[{ method: "tools/call" }, reader],
	[{ method: "tools/call", params: null }, reader],
	[[null, 1, "tools/call"], reader],
	[null, reader],
];

for (const [way, ask] of Object.entries(WAYS)) {
	test(`${way}: a tool is called by a token with its scope, and the challenge names all that is needed`, async () => {
		for (const [message, token, needed] of CALLS) {
			const [status, challenge] = await ask(token, message);
			const text = JSON.stringify(message);
			assert.equal(status, needed ? 403 : 200, text);
			if (needed) assert.ok(challenge.includes(`scope="${needed}"`), `${text}: ${challenge}`);
		}
	});
}

test("a refused call reaches no handler, and a page may read why", async () => {
	const { handle, given } = kept(guarded);
	for (const [token, status] of [
		[reader, 403],
		[undefined, 401],
	]) {
		const answer = await handle(post(token, toolCall("refund")));
		assert.equal(answer.status, status);
		assert.equal(answer.headers.get("access-control-allow-origin"), page);
		assert.match(answer.headers.get("www-authenticate"), /^Bearer /);
	}
	assert.deepEqual(given, []);
});

test("the handler gets the request, who called, and the message that was read; and the platform's env and context", async () => {
	const { handle, given } = kept(guarded);
	const [request, env, ctx] = [post(writer, toolCall("refund")), { A: 1 }, { waitUntil() {} }];
	const answer = await handle(request, env, ctx);
	assert.equal(await answer.text(), "handled");
	assert.equal(answer.headers.get("vary"), "Accept, Origin");
	assert.equal(answer.headers.get("access-control-allow-origin"), page);
	const [[its, called, ...platform]] = given;
	assert.equal(its, request);
	assert.deepEqual(called.parsedBody, toolCall("refund"));
	assert.equal(called.authInfo.token, writer);
	assert.deepEqual(platform, [env, ctx]);
});

test("no message is read where it decides nothing: the handler reads it", async () => {
	for (const [of, request] of [
		[options, post(reader, toolCall("refund"))],
		[{ ...options, toolScopes: {} }, post(reader, "no JSON")],
		[guarded, new Request(audience, { headers: { authorization: `Bearer ${reader}` } })],
		[guarded, post(reader, "no JSON", { method: "DELETE" })],
	]) {
		const { handle, given } = kept(of);
		assert.equal((await handle(request)).status, 200);
		assert.equal("parsedBody" in given[0][1], false);
		assert.equal(request.bodyUsed, false);
	}
});

test("what is no JSON is answered as the SDK does, and a page may read it", async () => {
	const { handle, given } = kept(guarded);
	for (const body of ["", "no JSON", "{", '{"method":"tools/call"} {}']) {
		const answer = await handle(post(writer, body));
		assert.equal(answer.status, 400);
		assert.equal(answer.headers.get("access-control-allow-origin"), page);
		const { jsonrpc, id, error } = await answer.json();
		// JSON-RPC 2.0 §5.1: Parse error.
		assert.deepEqual([jsonrpc, id, error.code], ["2.0", null, -32700]);
		assert.equal(error.message, "Parse error: Invalid JSON");
	}
	assert.equal((await handle(post(writer, "x", { body: undefined }))).status, 400);
	assert.deepEqual(given, []);
});

const sized = (bytes) => `"${"x".repeat(bytes - 2)}"`;

test("a message of 4 MiB is taken, one byte more is not, however it comes", async () => {
	const { handle, given } = kept(guarded);
	assert.equal((await handle(post(writer, sized(MOST_BYTES)))).status, 200);
	assert.equal(given[0][1].parsedBody.length, MOST_BYTES - 2);
	const answer = await handle(post(writer, sized(MOST_BYTES + 1)));
	assert.equal(answer.status, 413);
	const { jsonrpc, id, error } = await answer.json();
	// JSON-RPC 2.0 §5.1 leaves -32000 to servers.
	assert.deepEqual([jsonrpc, id, error.code], ["2.0", null, -32000]);
	assert.match(error.message, /4194304 bytes/);
	assert.equal(given.length, 1);
});

test("a message without end is left as soon as it is too long", async () => {
	const part = new Uint8Array(MOST_BYTES / 4).fill(0x20);
	let [pulled, cancelled] = [0, false];
	const endless = new ReadableStream(
		{
			pull: (controller) => {
				pulled++;
				// Who goes on reading would do so forever.
				if (pulled > 8) controller.error(new Error("read on"));
				else controller.enqueue(part);
			},
			cancel: () => {
				cancelled = true;
			},
		},
		{ highWaterMark: 0 },
	);
	assert.equal((await kept(guarded).handle(post(writer, endless))).status, 413);
	assert.deepEqual([pulled, cancelled], [5, true]);
});

test("letters that come in two parts are one", async () => {
	const bytes = new TextEncoder().encode(JSON.stringify({ method: "ping", params: { note: "für 5 € 😀" } }));
	const { handle, given } = kept(guarded);
	await handle(post(writer, ReadableStream.from([...bytes].map((byte) => Uint8Array.of(byte)))));
	assert.equal(given[0][1].parsedBody.params.note, "für 5 € 😀");
});

test("options of the platform's env are made once for each, and work goes on behind the answer", async () => {
	let made = 0;
	const keys = { jwksUri: metadata.jwks_uri, fetch: (...args) => fetch(...args) };
	const optionsOf = (env) => {
		made++;
		return { issuer, audience: env?.AUDIENCE ?? audience, ...keys };
	};
	const handle = protect(optionsOf, () => new Response());
	assert.equal(made, 0);
	const env = { AUDIENCE: audience };
	let calls = 0;
	const context = { waitUntil: () => void calls++ };
	assert.equal((await handle(post(reader, "{}"), env, context)).status, 200);
	assert.ok(calls > 0);
	assert.equal((await handle(post(reader, "{}"), env)).status, 200);
	assert.equal(made, 1);
	assert.equal((await handle(post(reader, "{}"), { AUDIENCE: "https://other.example.com" })).status, 401);
	assert.equal((await handle(post(reader, "{}"))).status, 200);
	assert.equal(made, 3);
});
