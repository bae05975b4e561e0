// aws-jwt-verify with a cached JWK Set. It knows neither HMAC nor PSS. Its verifySync needs node:crypto.

import { JwtVerifier } from "aws-jwt-verify";

const KNOWN = ["RS256", "ES256", "ES384", "ES512", "EdDSA"];

const contender = (method) => ({
	name: "aws-jwt-verify",
	prepare({ alg, issuer, audience, jwk }) {
		if (!KNOWN.includes(alg)) return null;
		const customJwtCheck = ({ header }) => {
			if (header.typ !== "at+jwt") throw new Error("another typ");
		};
		const jwksUri = `${issuer}/jwks.json`;
		const verifier = JwtVerifier.create({ issuer, audience, jwksUri, customJwtCheck });
		verifier.cacheJwks({ keys: [jwk] });
		return { sync: method === "verifySync", check: (token) => verifier[method](token) };
	},
});

export const awsSync = contender("verifySync");
export const awsAsync = contender("verify");
