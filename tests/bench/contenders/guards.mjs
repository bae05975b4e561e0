// Guards in front of the same handler: a Request in, a Response out. Ours by `protect`; jose as people write it by
// hand; Hono with its own middleware; and the handler alone, which is taken off the others.

import { protect } from "countersign/edge";
import { protect as protectBefore } from "countersign-before/edge";
import { createLocalJWKSet, createRemoteJWKSet, customFetch } from "jose";
import { withJose } from "./guard-by-hand.mjs";
import { withHono } from "./guard-hono.mjs";
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

const ours = (name, guard, optionsOf, more = {}) => ({
	name,
	...more,
	prepare(subject) {
		if (!guard) return null;
		const { issuer, audience } = subject;
		return guard({ issuer, audience, ...optionsOf(subject) }, (_request, { claims }) => greet(claims));
	},
});

const byHand = (name, keysOf, more = {}) => ({
	name,
	...more,
	prepare: (subject) => withJose(keysOf(subject), subject, greet, more),
});

const given = ({ jwk }) => ({ keys: { keys: [jwk] } });
const fetched = (subject) => ({ jwksUri: jwksUriOf(subject), fetch: jwksServer(subject) });
const localSet = ({ jwk }) => createLocalJWKSet({ keys: [jwk] });
/** The proofs are made once, before anybody is timed: the clock of those who judge them stands at that moment. */
const bound = (subject) => ({ ...given(subject), dpop: "required", now: () => subject.madeAt });
const DPOP = { bound: true };

/** In the figures: "ours, keys", "jose, jwksUri" and so on; and NOTHING. `bound`: asks for DPoP proofs. */
export const guards = [
	ours("ours, keys", protect, given),
	ours("before, keys", protectBefore, given),
	byHand("jose, keys", localSet),
	{ name: "hono, keys", prepare: (subject) => withHono(subject, greet) },
	ours("ours, jwksUri", protect, fetched),
	ours("before, jwksUri", protectBefore, fetched),
	byHand("jose, jwksUri", (subject) =>
		createRemoteJWKSet(new URL(jwksUriOf(subject)), { [customFetch]: jwksServer(subject) }),
	),
	ours("ours, keys and DPoP", protect, bound, DPOP),
	byHand("jose, keys and DPoP", localSet, DPOP),
	{ name: NOTHING, prepare: () => async (_request) => greet(NOBODY) },
];
