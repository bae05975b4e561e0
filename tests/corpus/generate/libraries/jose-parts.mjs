// jose, asked about what is no JWT: signatures, DPoP proofs as far as their key and signature go,
// thumbprints; and node:crypto and oauth4webapi about PKCE.
import { calculateJwkThumbprint, compactVerify, createLocalJWKSet, EmbeddedJWK, jwtVerify } from "jose";
import { calculatePKCECodeChallenge } from "oauth4webapi";
import { ASYMMETRIC, headerOf, isToken, tokenText } from "./material.mjs";

export const name = "jose (parts)";
export const package_ = "jose";

export const skips = (entry) => {
	if (isToken(entry)) return "asked as a whole";
	if (
		entry.kind === "pkce" &&
		entry.call === "verify" &&
		(entry.method === "plain" || !["boolean"].includes(typeof entry.expect))
	)
		return "judges S256 only";
	if (entry.kind === "pkce" && entry.call === "challenge" && entry.expect === "pkce_verifier_invalid")
		return "takes any verifier";
	if (entry.kind === "signature" || entry.kind === "dpop")
		return headerOf(entry).alg === "ES256K" ? "has no ES256K" : undefined;
	return undefined;
};

// What a DPoP proof is refused for once its signature holds is for the caller of jose to check.
export const expected = ({ kind, expect }) => {
	if (kind === "dpop") return expect === "accept" || (expect.startsWith("dpop_") && expect !== "dpop_invalid");
	if (kind === "signature") return expect === "accept";
	if (kind === "pkce") return expect !== false;
	return expect !== "key_invalid";
};

export const accepts = async (entry) => {
	if (entry.kind === "signature") {
		const { keys, options } = entry;
		const list = keys.keys ?? [keys];
		const secret = list.find((key) => key.kty === "oct");
		const crit = options.crit && Object.fromEntries(options.crit.map((extension) => [extension, true]));
		await compactVerify(tokenText(entry), secret ?? createLocalJWKSet({ keys: list }), {
			algorithms: options.algorithms,
			crit,
		});
		return true;
	}
	if (entry.kind === "dpop") {
		const { options } = entry;
		const { payload } = await jwtVerify(tokenText(entry), EmbeddedJWK, {
			typ: "dpop+jwt",
			algorithms: options.algorithms ?? ASYMMETRIC,
			currentDate: new Date(options.now * 1000),
			requiredClaims: ["jti", "htm", "htu", "iat", ...(options.accessToken ? ["ath"] : [])],
		});
		return (
			["jti", "htm", "htu"].every((claim) => typeof payload[claim] === "string") && typeof payload.iat === "number"
		);
	}
	if (entry.kind === "thumbprint") return (await calculateJwkThumbprint(entry.jwk)) === entry.expect;
	const challenge = await calculatePKCECodeChallenge(entry.verifier);
	return entry.call === "challenge" ? challenge === entry.expect : challenge === entry.challenge;
};
