// A worker as people deploy it: jose by hand before a handler.
import { createLocalJWKSet } from "jose";
import { withJose } from "../contenders/guard-by-hand.mjs";

let guarded;

export default {
	fetch(request, { SUBJECT }) {
		guarded ??= withJose(createLocalJWKSet({ keys: [SUBJECT.jwk] }), SUBJECT, ({ sub }) => new Response(sub));
		return guarded(request);
	},
};
