// One table of requests, asked over HTTP of every framework: each answers as `protect` of countersign/edge does.

import assert from "node:assert/strict";
import { request as send } from "node:http";
import { test } from "node:test";
import { REQUESTS } from "./requests.mjs";
import { SERVERS } from "./servers.mjs";
import { api, optionsOf, reference } from "./shop.mjs";

/** What a server adds to every answer. */
const TRANSPORT = new Set([
	"connection",
	"content-length",
	"date",
	"keep-alive",
	"transfer-encoding",
	"x-powered-by",
	"etag",
]);

/** A request as it is written, headers that come twice included. */
export function ask(port, { method = "GET", path = "/purchases", headers = [], body }) {
	return new Promise((resolve, reject) => {
		const named = headers.some(([name]) => name === "host") ? [] : [["host", "api.example"]];
		const length =
			body === undefined
				? []
				: [
						["content-type", "text/plain"],
						["content-length", String(body.length)],
					];
		const all = [...named, ...headers, ...length].flat();
		const request = send({ host: "127.0.0.1", port, method, path, headers: all, agent: false }, async (response) => {
			const parts = [];
			for await (const part of response) parts.push(part);
			resolve({
				status: response.statusCode,
				headers: entries(response.headers),
				body: Buffer.concat(parts).toString(),
			});
		});
		request.on("error", reject).end(body);
	});
}

/** The same by `protect` alone. */
async function expectedOf(fetch, { method = "GET", path = "/purchases", headers = [], body }) {
	const [own, init] = [new Headers(), { method, body }];
	for (const [name, value] of headers) if (name !== "host") own.append(name, value);
	try {
		const response = await fetch(new Request(api + path, { ...init, headers: own }));
		const text = method === "HEAD" ? "" : await response.text();
		return { status: response.status, headers: entries(Object.fromEntries(response.headers)), body: text };
	} catch {
		return { status: 500, headers: {}, body: "" };
	}
}

const entries = (headers) =>
	Object.fromEntries(
		Object.entries(headers)
			.filter(([name]) => !TRANSPORT.has(name))
			// The type is what counts, in the letters of either.
			.map(([name, value]) => [name, name === "content-type" ? value.split(";")[0] : value]),
	);

for (const [framework, start] of Object.entries(SERVERS)) {
	test(`${framework}: ${REQUESTS.length} requests, each answered as by protect`, async (t) => {
		const server = await start(optionsOf());
		t.after(() => server.close());
		const alone = reference(optionsOf());
		for (const [name, request, [status, code]] of REQUESTS) {
			const expected = await expectedOf(alone, request);
			const answer = await ask(server.port, request);
			await t.test(name, () => {
				if (answer.status === request.or) return;
				assert.equal(answer.status, status, answer.body.slice(0, 200));
				if (request.own) return;
				if (code) assert.equal(JSON.parse(answer.body).code, code);
				assert.deepEqual(answer, expected);
			});
		}
	});
}
