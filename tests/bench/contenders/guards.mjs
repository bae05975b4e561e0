// Guards in front of the same handler: a Request in, a Response out. Ours by `protect`; jose as people write it by
// hand; and the handler alone, which is taken off the others.

import { protect } from "countersign/edge";
import { protect as protectBefore } from "countersign-before/edge";
import { createLocalJWKSet, createRemoteJWKSet, customFetch, jwtVerify } from "jose";
import { NOTHING } from "./names.mjs";

const jwksUriOf = ({ issuer }) => `${issuer}/jwks.json`;
const greet = (claims) => new Response(claims.sub);
/** As long as a `sub` here, so that the response is the same. */
const NOBODY = { sub: "00000000-0000-0000-0000-000000000000" };

/** The key set's server, which needs no network. */
const jwksServer =
	({ jwk }) =>
	async () =>
		Response.json({ keys: [jwk] });

const ours = (name, guard, keysOf) => ({
	name,
	prepare(subject) {
		if (!guard) return null;
		const { issuer, audience } = subject;
		return guard({ issuer, audience, ...keysOf(subject) }, (_request, { claims }) => greet(claims));
	},
});

const byHand = (name, keysOf) => ({
	name,
	prepare(subject) {
		const keys = keysOf(subject);
		const { issuer, audience, alg } = subject;
		const options = {
			issuer,
			audience,
			typ: "at+jwt",
			algorithms: [alg],
			requiredClaims: ["exp", "iat", "sub", "jti", "client_id"],
		};
		const challenge = (error, description) =>
			new Response(JSON.stringify({ error, error_description: description }), {
				status: 401,
				headers: {
					"content-type": "application/json",
					"www-authenticate": `Bearer error="${error}", error_description="${description.replaceAll('"', "'")}"`,
				},
			});
		return async (request) => {
			const [, token] = /^Bearer ([^ ]+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
			if (!token) return new Response(null, { status: 401, headers: { "www-authenticate": "Bearer" } });
			try {
				const { payload } = await jwtVerify(token, keys, options);
				return greet(payload);
			} catch (error) {
				return challenge("invalid_token", error.message);
			}
		};
	},
});

const given = ({ jwk }) => ({ keys: { keys: [jwk] } });
const fetched = (subject) => ({ jwksUri: jwksUriOf(subject), fetch: jwksServer(subject) });

/** In the figures: "ours, keys", "jose, jwksUri" and so on; and NOTHING. */
export const guards = [
	ours("ours, keys", protect, given),
	ours("before, keys", protectBefore, given),
	byHand("jose, keys", ({ jwk }) => createLocalJWKSet({ keys: [jwk] })),
	ours("ours, jwksUri", protect, fetched),
	ours("before, jwksUri", protectBefore, fetched),
	byHand("jose, jwksUri", (subject) =>
		createRemoteJWKSet(new URL(jwksUriOf(subject)), { [customFetch]: jwksServer(subject) }),
	),
	{ name: NOTHING, prepare: () => async (_request) => greet(NOBODY) },
];
