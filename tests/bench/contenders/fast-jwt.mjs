// fast-jwt: every token checked anew, and answers from its cache alone.

import { createPublicKey } from "node:crypto";
import { createVerifier } from "fast-jwt";

const optionsOf = ({ alg, issuer, audience, jwk }) => ({
	key: jwk.kty === "oct" ? Buffer.from(jwk.k, "base64url") : createPublicKey({ key: jwk, format: "jwk" }).export(pem),
	algorithms: [alg],
	allowedIss: issuer,
	allowedAud: audience,
	checkTyp: "at+jwt",
});
const pem = { type: "spki", format: "pem" };

export const fastJwt = {
	name: "fast-jwt",
	prepare: (subject) => ({ sync: true, check: createVerifier({ ...optionsOf(subject), cache: false }) }),
};

/** Its proof fills the cache: after that, every check is a hit. */
export const fastJwtCached = {
	name: "fast-jwt, cache hit",
	prepare: (subject) => ({ sync: true, check: createVerifier({ ...optionsOf(subject), cache: 1000 }) }),
};
