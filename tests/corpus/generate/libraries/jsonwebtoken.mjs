import jsonwebtoken from "jsonwebtoken";
import { ASYMMETRIC, candidates, headerOf, isToken, requiredClaims, tokenText, wantedType } from "./material.mjs";

export const name = "jsonwebtoken";

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
];

export const skips = (entry) => {
	if (!isToken(entry)) return "asked about tokens only";
	const { alg } = headerOf(entry);
	return ASYMMETRIC.includes(alg) && !KNOWN.includes(alg) ? `has no ${alg}` : undefined;
};

export const accepts = (entry) => {
	const { policy, now } = entry;
	const accept = (key) => {
		try {
			const { header, payload } = jsonwebtoken.verify(tokenText(entry), key, {
				algorithms: (policy.algorithms ?? ASYMMETRIC).filter((alg) => KNOWN.includes(alg)),
				issuer: policy.issuer ?? undefined,
				audience: policy.audience ?? undefined,
				subject: policy.subject,
				nonce: policy.nonce,
				clockTimestamp: now,
				clockTolerance: policy.clockTolerance,
				maxAge: policy.maxTokenAge,
				complete: true,
			});
			// It has no option for required claims and typ; its documentation leaves them to the caller.
			const type = wantedType(entry);
			const plain = (typ) =>
				String(typ)
					.toLowerCase()
					.replace(/^application\//, "");
			return (
				requiredClaims(entry).every((claim) => Object.hasOwn(payload, claim)) &&
				(type === undefined || plain(type) === plain(header.typ))
			);
		} catch {
			return false;
		}
	};
	return candidates(entry).some(accept);
};
