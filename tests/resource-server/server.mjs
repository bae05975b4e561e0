// A fetch handler behind a real HTTP server of Node.js.

import { createServer } from "node:http";
import { after } from "node:test";

/** Serves a handler on this machine until the tests are over. Resolves to its origin. */
export async function serve(handler, server = createServer()) {
	server.on("request", async (incoming, outgoing) => {
		const headers = new Headers();
		for (let at = 0; at < incoming.rawHeaders.length; at += 2) {
			headers.append(incoming.rawHeaders[at], incoming.rawHeaders[at + 1]);
		}
		const url = new URL(incoming.url, `http://${incoming.headers.host}`);
		const response = await handler(new Request(url, { method: incoming.method, headers }), incoming);
		outgoing.writeHead(response.status, [...response.headers].flat());
		outgoing.end(Buffer.from(await response.arrayBuffer()));
	});
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	after(() => {
		server.closeAllConnections();
		server.close();
	});
	return `http://127.0.0.1:${server.address().port}`;
}
