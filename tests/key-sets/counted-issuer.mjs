// An issuer on real loopback HTTP that counts who asks it for what, and fails as it is told.

import { createServer } from "node:http";
import { setTimeout as pause } from "node:timers/promises";

/** What it can do with a request, apart from answering it. */
const FAILURES = {
	failing: (response) => response.writeHead(500).end(),
	reset: (response) => response.socket.resetAndDestroy(),
	hanging: () => {},
};

/** Every first part of a path is an issuer of its own, by any name. */
export async function countedIssuer() {
	const places = new Map();
	const server = createServer(async ({ url }, response) => {
		response.on("error", () => {});
		const name = /^\/(?:\.well-known\/oauth-authorization-server\/)?([^/]+)/.exec(url)?.[1];
		await places.get(name)?.answer(url, response);
		if (!places.has(name)) response.writeHead(404).end();
	});
	server.keepAliveTimeout = 300_000;
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	const origin = `http://127.0.0.1:${server.address().port}`;
	return {
		place(name, keys) {
			const place = new Place(origin, name, keys);
			places.set(name, place);
			return place;
		},
		close() {
			server.close();
			server.closeAllConnections();
		},
	};
}

class Place {
	/** `fine`, or one of the failures. */
	mood = "fine";
	/** Milliseconds before it answers or fails. */
	delay = 0;
	/** Requests by path. */
	asked = {};
	headers = { "content-type": "application/json" };

	constructor(origin, name, keys) {
		this.issuer = `${origin}/${name}`;
		this.jwksUri = `${this.issuer}/jwks`;
		this.keys = keys;
	}

	get requests() {
		return Object.values(this.asked).reduce((sum, count) => sum + count, 0);
	}

	async answer(url, response) {
		this.asked[url] = (this.asked[url] ?? 0) + 1;
		const { mood } = this;
		if (this.delay > 0) await pause(this.delay);
		if (mood !== "fine") return FAILURES[mood](response);
		if (url.endsWith("/jwks")) return response.writeHead(200, this.headers).end(JSON.stringify({ keys: this.keys }));
		const metadata = { issuer: this.issuer, jwks_uri: this.jwksUri };
		const isMetadata = url.startsWith("/.well-known/");
		response.writeHead(isMetadata ? 200 : 404, this.headers).end(isMetadata ? JSON.stringify(metadata) : "");
	}
}
