// The first verification with a key never seen before: making the verifier, or importing the key, counts.

import { ratio, summary } from "../figures.mjs";
import { ALGORITHMS, AUDIENCE, ISSUER, mintKey, mintToken, renamed } from "../tokens.mjs";

export const title = "cold: first verification with a new key, its import included (µs, median of keys)";

const WARM_UPS = 100;

/** Made once; RSA keys take long. */
const keys = {};

/** A job for each algorithm. */
export function make({ quick, algorithms }) {
	return algorithms.map((algorithm) => {
		const kind = ALGORITHMS[algorithm].key?.[0];
		const count = (kind === "rsa" ? 1 : 3) * (quick ? 8 : 24);
		keys[kind === "rsa" ? kind : algorithm] ??= Array.from({ length: count }, () => mintKey(algorithm));
		const pairs = keys[kind === "rsa" ? kind : algorithm]
			.map((key) => (kind === "rsa" ? renamed(key, algorithm) : key))
			.map((key) => ({ jwk: key.jwk, token: mintToken(key) }));
		return { algorithm, alg: ALGORITHMS[algorithm].alg, issuer: ISSUER, audience: AUDIENCE, pairs };
	});
}

/** The first quarter of the keys warms up the code, many times over; each of the others is new to it. */
export async function measure({ algorithm, alg, issuer, audience, pairs }) {
	const { createVerifier } = await import("countersign");
	const { importJWK, jwtVerify } = await import("jose");
	const shared = { issuer, audience, typ: "at+jwt", algorithms: [alg] };
	const contenders = {
		countersign({ jwk, token }) {
			const verifier = createVerifier({ ...shared, keys: jwk });
			verifier.verifySync(token);
			return () => verifier.dispose();
		},
		async jose({ jwk, token }) {
			await jwtVerify(token, await importJWK(jwk, alg), shared);
		},
	};
	const results = { countersign: { samples: [] }, jose: { samples: [] } };
	const warm = Math.ceil(pairs.length / 4);
	for (let i = 0; i < WARM_UPS; i++) {
		contenders.countersign(pairs[i % warm])();
		await contenders.jose(pairs[i % warm]);
	}
	for (const [index, pair] of pairs.slice(warm).entries()) {
		const order = index % 2 ? ["jose", "countersign"] : ["countersign", "jose"];
		for (const name of order) {
			const began = performance.now();
			// Without a promise there is nothing to wait for.
			const made = contenders[name](pair);
			const done = made instanceof Promise ? await made : made;
			const took = performance.now() - began;
			done?.();
			results[name].samples.push(took * 1000);
		}
	}
	const { countersign, jose } = results;
	return {
		algorithm,
		countersign: summary(countersign),
		jose: summary(jose),
		ratio: ratio(countersign, jose),
	};
}

export const columns = ["algorithm", "countersign", "jose", "countersign / jose"];
export const row = ({ algorithm, countersign, jose, ratio }, { us, times }) => [
	algorithm,
	us(countersign),
	us(jose),
	times(ratio),
];
