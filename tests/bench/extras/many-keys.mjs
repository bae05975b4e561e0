// The same tokens under the same key: alone, and among 10,000 keys of the set.

import { ecKeys, mintTokens, subjectOf } from "../tokens.mjs";

export const title = "many-keys: the same key alone and among 10,000 P-256 keys of a set (µs)";

const MANY = 10_000;

/** The key in the middle of the set is the one in use. */
export function make() {
	const all = ecKeys(MANY);
	const key = all[MANY / 2];
	return [{ ...subjectOf(key, mintTokens(key)), jwks: all.map(({ jwk }) => jwk) }];
}

export async function measure({ jwks, ...subject }, settings, say) {
	const { createVerifier } = await import("countersign");
	const { createLocalJWKSet, jwtVerify } = await import("jose");
	const { ratio, summary } = await import("../figures.mjs");
	const { interleave, lane } = await import("../rounds.mjs");
	const { prepareAll } = await import("../trial.mjs");
	const { alg, issuer, audience, jwk } = subject;
	const shared = { issuer, audience, typ: "at+jwt", algorithms: [alg] };
	const ours = (name, keys) => ({
		name,
		prepare() {
			const verifier = createVerifier({ ...shared, keys: { keys } });
			return { sync: true, check: (token) => verifier.verifySync(token), told: ({ claims }) => claims };
		},
	});
	const jose = (name, keys) => ({
		name,
		prepare() {
			const set = createLocalJWKSet({ keys });
			return { sync: false, check: (token) => jwtVerify(token, set, shared), told: ({ payload }) => payload };
		},
	});
	const contenders = [
		ours("countersign, 1", [jwk]),
		ours("countersign, many", jwks),
		jose("jose, 1", [jwk]),
		jose("jose, many", jwks),
	];
	const prepared = await prepareAll(contenders, subject, say);
	const results = await interleave(
		prepared.map(({ name, entry }) => lane(name, entry)),
		settings,
		say,
	);
	const told = (name) => ({
		name,
		one: summary(results[`${name}, 1`]),
		many: summary(results[`${name}, many`]),
		ratio: ratio(results[`${name}, many`], results[`${name}, 1`]),
	});
	return [told("countersign"), { ...told("jose"), name: "jose, createLocalJWKSet" }];
}

export const columns = ["", "1 key", "10,000 keys", "10,000 / 1"];
export const row = ({ name, one, many, ratio }, { us, times }) => [name, us(one), us(many), times(ratio)];
