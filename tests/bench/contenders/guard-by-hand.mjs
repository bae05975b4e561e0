// What people write around jose to guard a handler: the token (RFC 6750, RFC 9068) and, where tokens are bound to keys, the
// proof (RFC 9449 §4.3).

import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from "jose";

const PROOF_AGE = 60;

/** A guard by `keys`; `bound`: each token needs a proof. */
export function withJose(keys, { issuer, audience, alg, madeAt }, greet, { bound = false } = {}) {
	const scheme = bound ? "DPoP" : "Bearer";
	const credentials = new RegExp(`^${scheme} ([^ ]+)$`, "i");
	const currentDate = bound ? new Date(madeAt * 1000) : undefined;
	const options = {
		issuer,
		audience,
		typ: "at+jwt",
		algorithms: [alg],
		requiredClaims: ["exp", "iat", "sub", "jti", "client_id"],
		currentDate,
	};
	const proofOptions = { typ: "dpop+jwt", algorithms: ["ES256"], requiredClaims: ["jti", "iat"], currentDate };

	const challenge = (error, description) =>
		new Response(JSON.stringify({ error, error_description: description }), {
			status: 401,
			headers: {
				"content-type": "application/json",
				"www-authenticate": `${scheme} error="${error}", error_description="${description.replaceAll('"', "'")}"`,
			},
		});

	async function proved(request, token, { cnf }) {
		const { payload, protectedHeader } = await jwtVerify(request.headers.get("dpop"), EmbeddedJWK, proofOptions);
		const { origin, pathname } = new URL(request.url);
		if (payload.htm !== request.method || payload.htu !== origin + pathname) throw new Error("another request's proof");
		if (Math.abs(madeAt - payload.iat) > PROOF_AGE) throw new Error("an old proof");
		if (payload.ath !== (await sha256(token))) throw new Error("another token's proof");
		if (cnf?.jkt !== (await calculateJwkThumbprint(protectedHeader.jwk))) throw new Error("another key's token");
	}

	return async (request) => {
		const [, token] = credentials.exec(request.headers.get("authorization") ?? "") ?? [];
		if (!token) return new Response(null, { status: 401, headers: { "www-authenticate": scheme } });
		try {
			const { payload } = await jwtVerify(token, keys, options);
			if (bound) await proved(request, token, payload);
			return greet(payload);
		} catch (error) {
			return challenge("invalid_token", error.message);
		}
	};
}

async function sha256(text) {
	const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
	return btoa(String.fromCharCode(...hash))
		.replaceAll("+", "-")
		.replaceAll("/", "_")
		.replaceAll("=", "");
}
