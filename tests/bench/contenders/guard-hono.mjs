// Hono's own middleware for tokens: it checks signature, `typ`, `iss`, `aud`, `exp`, `nbf` and `iat`, and knows no
// proofs. The time is that of the app, routing included.

import { Hono } from "hono";
import { jwk } from "hono/jwk";

export function withHono({ issuer, audience, alg, jwk: key }, greet) {
	const app = new Hono();
	app.use("*", jwk({ keys: [key], alg: [alg], verification: { typ: "at+jwt", iss: issuer, aud: audience } }));
	app.get("/purchases", (context) => greet(context.get("jwtPayload")));
	return (request) => app.fetch(request);
}
