import { createVerifier } from "fast-jwt";
import { ASYMMETRIC, candidates, headerOf, isToken, requiredClaims, tokenText, wantedType } from "./material.mjs";

export const name = "fast-jwt";

const KNOWN = [
	"HS256",
	"HS384",
	"HS512",
	"RS256",
	"RS384",
	"RS512",
	"PS256",
	"PS384",
	"PS512",
	"ES256",
	"ES384",
	"ES512",
	"EdDSA",
];

export const skips = (entry) => {
	if (!isToken(entry)) return "asked about tokens only";
	const { alg } = headerOf(entry);
	return ASYMMETRIC.includes(alg) && !KNOWN.includes(alg) ? `has no ${alg}` : undefined;
};

export const accepts = (entry) => {
	const { policy, now } = entry;
	const seconds = (value) => (value === undefined ? undefined : value * 1000);
	const accept = (key) => {
		try {
			const verify = createVerifier({
				key: key.type === "secret" ? key.export() : key.export({ type: "spki", format: "pem" }),
				algorithms: (policy.algorithms ?? ASYMMETRIC).filter((alg) => KNOWN.includes(alg)),
				allowedIss: policy.issuer ?? undefined,
				allowedAud: policy.audience ?? undefined,
				allowedSub: policy.subject,
				allowedNonce: policy.nonce,
				checkTyp: wantedType(entry),
				clockTimestamp: now * 1000,
				clockTolerance: seconds(policy.clockTolerance) ?? 0,
				maxAge: seconds(policy.maxTokenAge),
				requiredClaims: [
					...requiredClaims(entry),
					...(policy.issuer == null ? [] : ["iss"]),
					...(policy.audience == null ? [] : ["aud"]),
					...(policy.subject === undefined ? [] : ["sub"]),
					...(policy.maxTokenAge === undefined ? [] : ["iat"]),
					...(policy.nonce === undefined ? [] : ["nonce"]),
				],
				allowedCritHeaders: policy.crit,
				cache: false,
			});
			verify(tokenText(entry));
			return true;
		} catch {
			return false;
		}
	};
	return candidates(entry).some(accept);
};
