// Test issuers on real HTTP: one server on loopback answers for all of them, and a `fetch` finds them there by their own
// addresses.

import { createServer } from "node:http";

/** Listens on a free port of loopback; resolves to the origin and what closes it. */
export async function listen(handler) {
	const server = createServer((request, response) => {
		Promise.resolve(handler(request)).then(
			(answer) => send(response, answer),
			(error) => send(response, new Response(String(error.stack ?? error), { status: 500 })),
		);
	});
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	const close = () => {
		server.closeAllConnections();
		return new Promise((resolve) => server.close(resolve));
	};
	return { origin: `http://127.0.0.1:${server.address().port}`, close };
}

async function send(response, answer) {
	response.writeHead(answer.status, Object.fromEntries(answer.headers));
	response.end(Buffer.from(await answer.arrayBuffer()));
}

/** A request of Node.js as the platform's, to this address. */
export async function asRequest(incoming, url) {
	const { method, headers } = incoming;
	const chunks = [];
	for await (const chunk of incoming) chunks.push(chunk);
	const body = chunks.length > 0 ? Buffer.concat(chunks) : undefined;
	return new Request(url, {
		method,
		headers: Object.entries(headers).flatMap(([name, value]) => [[name, value]]),
		body,
	});
}

/**
 * Serves issuers, and documents by their addresses. `at` gives the loopback address of one of theirs, and `fetch` asks
 * there; `asked` has the addresses that were asked for.
 */
export async function serveIssuers(issuers, documents = {}) {
	const asked = [];
	const { origin, close } = await listen(async (incoming) => {
		const url = `https:/${incoming.url}`;
		asked.push(url);
		const request = await asRequest(incoming, url);
		const { origin: host, pathname } = new URL(url);
		if (Object.hasOwn(documents, host + pathname)) return Response.json(await documents[host + pathname]());
		const issuer = issuers.find((one) => addressesOf(one).includes(host + pathname));
		return issuer ? issuer.fetch(request) : new Response("no such address", { status: 404 });
	});
	const at = (url) => `${origin}/${String(url).replace(/^https:\/\//, "")}`;
	const { fetch } = globalThis;
	return {
		at,
		asked,
		close,
		fetch: (input, init) => {
			const url = input instanceof Request ? input.url : String(input);
			return fetch(
				at(url),
				input instanceof Request ? { method: input.method, headers: input.headers, ...init } : init,
			);
		},
	};
}

/** Where an issuer's documents and endpoints are. RFC 8414 §3.1, OpenID Connect Discovery §4 */
function addressesOf({ issuer, metadata }) {
	const { origin, pathname } = new URL(issuer);
	const path = pathname.replace(/\/$/, "");
	return [
		`${origin}/.well-known/oauth-authorization-server${path}`,
		`${origin}${path}/.well-known/openid-configuration`,
		metadata.jwks_uri,
		metadata.authorization_endpoint,
		metadata.token_endpoint,
	];
}
