// What a JWK Set costs before the first token comes: ours makes a verifier with it, jose imports key by key.

import { ratio, summary } from "../figures.mjs";
import { AUDIENCE, ecKeys, ISSUER } from "../tokens.mjs";

export const title = "imports: a JWK Set of P-256 keys (µs for the whole set)";

export function make({ quick }) {
	const jwks = ecKeys(1000).map(({ jwk }) => jwk);
	return [1, 10, 1000].map((count) => ({
		issuer: ISSUER,
		audience: AUDIENCE,
		keys: jwks.slice(0, count),
		rounds: Math.max(5, Math.ceil((quick ? 20 : 200) / Math.sqrt(count))),
	}));
}

/** A third of the rounds more comes first and does not count. */
export async function measure({ issuer, audience, keys, rounds }) {
	const { createVerifier } = await import("countersign");
	const { importJWK } = await import("jose");
	const text = JSON.stringify({ keys });
	const countersign = { samples: [] };
	const jose = { samples: [] };
	const turns = [
		async (count) => {
			const set = JSON.parse(text);
			const began = performance.now();
			const verifier = createVerifier({ issuer, audience, keys: set });
			const took = performance.now() - began;
			verifier.dispose();
			if (count) countersign.samples.push(took * 1000);
		},
		async (count) => {
			const set = JSON.parse(text);
			const began = performance.now();
			for (const jwk of set.keys) await importJWK(jwk, "ES256");
			const took = performance.now() - began;
			if (count) jose.samples.push(took * 1000);
		},
	];
	for (let round = -Math.ceil(rounds / 3); round < rounds; round++) {
		for (const turn of round % 2 ? turns : turns.toReversed()) await turn(round >= 0);
	}
	return {
		keys: keys.length,
		countersign: summary(countersign),
		jose: summary(jose),
		ratio: ratio(countersign, jose),
	};
}

export const columns = ["keys", "countersign", "jose", "countersign / jose"];
export const row = ({ keys, countersign, jose, ratio }, { us, times }) => [
	String(keys),
	us(countersign),
	us(jose),
	times(ratio),
];
