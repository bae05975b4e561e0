// jose with a key imported beforehand.

import { importJWK, jwtVerify } from "jose";

export const jose = {
	name: "jose",
	async prepare({ alg, issuer, audience, jwk }) {
		const key = await importJWK(jwk, alg);
		const options = { issuer, audience, typ: "at+jwt", algorithms: [alg] };
		return { sync: false, check: (token) => jwtVerify(token, key, options), told: ({ payload }) => payload };
	},
};
