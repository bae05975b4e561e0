// An issuer on real loopback HTTP whose every address behaves as it is told (behaviours.mjs). Each place on it is an
// issuer of its own: `/NAME` with its key set at `/NAME/jwks` and its metadata at both well-known addresses.
// `/evil/jwks` has keys that no policy trusts, for whoever can be led there.

import { createServer } from "node:http";
import { answer, status } from "./behaviours.mjs";
import { evilSet } from "./material.mjs";

const WELL_KNOWN = [
	["metadata", /^\/\.well-known\/oauth-authorization-server\/([^/]+)$/],
	["openid", /^\/([^/]+)\/\.well-known\/openid-configuration$/],
	["keys", /^\/([^/]+)\/jwks$/],
	["elsewhere", /^\/([^/]+)\/moved$/],
];

export async function hostileIssuer() {
	const places = new Map();
	const open = new Set();
	let evil = 0;
	const server = createServer((request, response) => {
		open.add(response);
		response.once("close", () => open.delete(response));
		response.on("error", () => {});
		if (request.url.startsWith("/evil")) {
			evil++;
			return answer(evilSet)({ request, response });
		}
		const [kind, name] = read(request.url);
		const place = places.get(name);
		if (!place) return status(404)({ request, response });
		place.asked[kind]++;
		place.behaviours[kind]({ request, response, place });
	});
	// No connection ends while a client thinks of using it again.
	server.keepAliveTimeout = 300_000;
	server.on("clientError", (_error, socket) => socket.destroy());
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	const origin = `http://127.0.0.1:${server.address().port}`;
	return {
		origin,
		/** How often somebody was led to the evil keys. */
		evil: () => evil,
		/** How many requests are being answered. */
		open: () => open.size,
		place(name) {
			if (places.has(name)) throw new Error(`${name}: there is such a place`);
			const place = new Place(origin, name);
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
	constructor(origin, name) {
		this.origin = origin;
		this.issuer = `${origin}/${name}`;
		this.jwksUri = `${this.issuer}/jwks`;
		this.asked = { keys: 0, metadata: 0, openid: 0, elsewhere: 0 };
		this.behaviours = {
			keys: status(404),
			metadata: answer((place) => ({ issuer: place.issuer, jwks_uri: place.jwksUri })),
			openid: status(404),
			elsewhere: status(404),
		};
	}

	/** From now on, these addresses behave so. */
	set(behaviours) {
		Object.assign(this.behaviours, behaviours);
	}

	/** All requests. */
	get requests() {
		return Object.values(this.asked).reduce((sum, count) => sum + count);
	}
}

function read(url) {
	for (const [kind, pattern] of WELL_KNOWN) {
		const name = pattern.exec(url)?.[1];
		if (name) return [kind, name];
	}
	return [];
}
