// A listener of Node.js's own server, on a port of this machine.

import { once } from "node:events";
import { createServer } from "node:http";

/** Listens until `close`. */
export async function listen(listener) {
	const server = createServer(listener).listen(0, "localhost");
	await once(server, "listening");
	return {
		origin: `http://localhost:${server.address().port}`,
		async close() {
			const closed = new Promise((resolve) => server.close(resolve));
			server.closeAllConnections();
			await closed;
		},
	};
}
