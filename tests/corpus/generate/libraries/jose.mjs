import { createLocalJWKSet, importSPKI, importX509, jwtVerify } from "jose";
import { ASYMMETRIC, headerOf, isToken, keysOf, requiredClaims, tokenText, wantedType } from "./material.mjs";

export const name = "jose";

export const skips = (entry) => {
	if (!isToken(entry)) return "asked about tokens only";
	const { alg } = headerOf(entry);
	if (alg === "ES256K") return "has no ES256K";
	if (String(alg).startsWith("ML-DSA") && Number(process.versions.node.split(".")[0]) < 24)
		return "needs a newer Node for ML-DSA";
	return undefined;
};

const material = async (entry) => {
	const keys = keysOf(entry);
	if (typeof keys === "string") {
		const { alg } = headerOf(entry);
		return keys.includes("CERTIFICATE") ? importX509(keys, alg) : importSPKI(keys, alg);
	}
	if (Array.isArray(keys?.keys)) {
		// Its key sets hold no secrets; those are given by themselves.
		const secret = keys.keys.filter((key) => key?.kty === "oct" && (headerOf(entry).kid ?? key.kid) === key.kid);
		return String(headerOf(entry).alg).startsWith("HS") && secret.length > 0 ? secret.at(-1) : createLocalJWKSet(keys);
	}
	// Wrapped into a set, so that kid, use and key_ops are looked at.
	return keys?.kty === "oct" ? keys : createLocalJWKSet({ keys: [keys] });
};

export const accepts = async (entry) => {
	const { policy, now } = entry;
	const options = {
		algorithms: policy.algorithms ?? ASYMMETRIC,
		issuer: policy.issuer ?? undefined,
		audience: policy.audience ?? undefined,
		subject: policy.subject,
		typ: wantedType(entry),
		clockTolerance: policy.clockTolerance,
		maxTokenAge: policy.maxTokenAge,
		requiredClaims: requiredClaims(entry),
		crit: policy.crit && Object.fromEntries(policy.crit.map((extension) => [extension, true])),
		currentDate: new Date(now * 1000),
	};
	const token = tokenText(entry);
	try {
		await jwtVerify(token, await material(entry), options);
		return true;
	} catch (error) {
		if (error?.code !== "ERR_JWKS_MULTIPLE_MATCHING_KEYS") return false;
		for await (const key of error) {
			try {
				await jwtVerify(token, key, options);
				return true;
			} catch {}
		}
		return false;
	}
};
