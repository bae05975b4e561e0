// A build of Countersign with a trusted key: without a promise, and with one awaited for each token.

export const policyOf = ({ alg, issuer, audience, jwk }) => ({
	issuer,
	audience,
	typ: "at+jwt",
	algorithms: [alg],
	keys: jwk,
});

/** Both contenders of the build that `createVerifier` is of. Without one, as where no other build was given, none. */
export const contendersOf = (createVerifier, build = "") =>
	["verifySync", "verify"].map((method) => ({
		name: `${method}${build}`,
		prepare(subject) {
			if (!createVerifier) return null;
			const verifier = createVerifier(policyOf(subject));
			const sync = method === "verifySync";
			return { sync, check: (token) => verifier[method](token), told: ({ claims }) => claims };
		},
	}));
