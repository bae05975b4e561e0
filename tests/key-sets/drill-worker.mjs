// A worker that checks tokens by a clock that it is told, with this package or with jose.

import { createVerifier, TokenError } from "countersign";
import { kvStore } from "countersign/edge";
import { createRemoteJWKSet, jwtVerify } from "jose";

let time = 0;
let verify;

/** This package: with the KV namespace, or without. */
function countersign({ issuer, jwksUri, audience, timeout, store }, env) {
	const cache = store ? { cache: kvStore(env.KEYS) } : {};
	const options = { issuer, jwksUri, audience, profile: "access-token", keySets: { timeout }, ...cache };
	const verifier = createVerifier({ ...options, now: () => time });
	return async (token) => {
		try {
			await verifier.verify(token);
			return "accepted";
		} catch (error) {
			if (error instanceof TokenError) return error.code;
			throw error;
		}
	};
}

/** jose, whose key sets live by the machine's clock: that is the drill's here. */
function jose({ issuer, jwksUri, audience, timeout }) {
	Date.now = () => time * 1000;
	const keys = createRemoteJWKSet(new URL(jwksUri), { timeoutDuration: timeout * 1000 });
	return async (token) => {
		try {
			await jwtVerify(token, keys, { issuer, audience, typ: "at+jwt", currentDate: new Date(time * 1000) });
			return "accepted";
		} catch (error) {
			return error.code ?? error.name;
		}
	};
}

export default {
	async fetch(request, env) {
		const { at, token, policy } = await request.json();
		time = at;
		verify ??= (policy.jose ? jose : countersign)(policy, env);
		return Response.json(await verify(token));
	},
};
