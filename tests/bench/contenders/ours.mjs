// Countersign with a trusted key: without a promise, and with one awaited for each token.

import { createVerifier } from "countersign";

export const policyOf = ({ alg, issuer, audience, jwk }) => ({
	issuer,
	audience,
	typ: "at+jwt",
	algorithms: [alg],
	keys: jwk,
});

export const verifySync = {
	name: "verifySync",
	prepare(subject) {
		const verifier = createVerifier(policyOf(subject));
		return { sync: true, check: (token) => verifier.verifySync(token), told: ({ claims }) => claims };
	},
};

export const verify = {
	name: "verify",
	prepare(subject) {
		const verifier = createVerifier(policyOf(subject));
		return { sync: false, check: (token) => verifier.verify(token), told: ({ claims }) => claims };
	},
};
