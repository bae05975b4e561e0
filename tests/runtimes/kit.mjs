// countersign/testing in this runtime: what its WebCrypto signs, our verifier takes, over the kit's own `fetch`.

import * as countersign from "countersign";
import { createTestIssuer } from "countersign/testing";

/** Every runtime has these; the others it has, or the kit says that it has not. */
const EVERYWHERE = ["ES256", "ES384", "RS256", "PS256", "HS256"];
const SOMEWHERE = ["ES512", "Ed25519", "EdDSA", "ML-DSA-44"];

/** What is wrong, in the form of a suite's failures. */
export async function kitFailures() {
	const failures = [];
	for (const alg of [...EVERYWHERE, ...SOMEWHERE]) {
		const found = await outcome(alg).catch((error) => `${error?.name}: ${error?.message}`);
		const isRefused = SOMEWHERE.includes(alg) && found.startsWith(`TypeError: alg: this runtime's WebCrypto makes no`);
		// ML-DSA is checked by countersign/ml-dsa alone, which the suite has linked in.
		if (found !== "user-1, then token_expired, then key-2, then keys_unavailable" && !isRefused) {
			failures.push({ name: `countersign/testing, ${alg}`, expected: "a token that passes", found });
		}
	}
	return failures;
}

async function outcome(alg) {
	const kit = await createTestIssuer({ alg });
	const { issuer, audience, fetch, now, mint } = kit;
	const trust = (serving) => (alg.startsWith("HS") ? { keys: kit.jwks, algorithms: [alg] } : { fetch: serving });
	const verifier = (serving = fetch) => countersign.createVerifier({ issuer, audience, now, ...trust(serving) });
	const token = await mint();
	const { claims } = await verifier().verify(token);
	kit.advance(300);
	const late = await verifier()
		.verify(token)
		.catch((error) => error);
	await kit.rotate();
	const again = (...given) => fetch(...given);
	const { header } = await verifier(again).verify(await mint());
	kit.down();
	const missing = alg.startsWith("HS")
		? { code: "keys_unavailable" }
		: await verifier((...given) => fetch(...given))
				.verify(token)
				.catch((error) => error);
	return `${claims.sub}, then ${late.code}, then ${header.kid}, then ${missing.code}`;
}
