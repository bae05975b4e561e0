// The shop that every framework serves, by the same options; and the same one by countersign/edge alone, whose answers the
// others have to equal.

import { protect } from "countersign/edge";
import { createTestIssuer } from "countersign/testing";

export const api = "https://api.example";
export const page = "https://shop.example";
export const issuer = await createTestIssuer({ audience: api, claims: { scope: "purchases:read" } });

/** Options of a guard that has used no proof yet. */
export function optionsOf(own = {}) {
	const used = new Set();
	return {
		issuer: issuer.issuer,
		audience: api,
		keys: issuer.jwks,
		scope: "purchases:read",
		realm: "shop",
		resourceMetadata: true,
		publicOrigin: api,
		cors: { origin: page },
		dpop: { seen: (jti) => used.has(jti) || !used.add(jti) },
		...own,
	};
}

/** What a call of this route demands instead. */
export const orders = { scope: "orders:write" };

/** What the shop says to a caller, and to the body of a call. */
export const greeting = (auth, body) => JSON.stringify({ sub: auth.claims.sub, scope: auth.claims.scope, body });

/** By `protect` alone: a function of a request. */
export function reference(options) {
	const answer = async (request, auth) => {
		const { pathname } = new URL(request.url);
		if (pathname === "/boom") throw new Error("the shop's own");
		if (pathname !== "/purchases" && pathname !== "/orders") return new Response("no such route", { status: 404 });
		return new Response(greeting(auth, await request.text()), { headers: { "content-type": "application/json" } });
	};
	const [site, route] = [protect(options, answer), protect({ ...options, ...orders }, answer)];
	return (request) => (new URL(request.url).pathname === "/orders" ? route : site)(request);
}
