// The same tokens again, answered from a cache of verdicts: ours, where this build has one, and fast-jwt's.

import { mintKey, mintTokens, subjectOf } from "../tokens.mjs";

export const title = "verdict-cache: tokens seen before, ES256 (µs)";

export function make() {
	const key = mintKey("ES256");
	return [subjectOf(key, mintTokens(key))];
}

export async function measure(subject, settings, say) {
	const { createVerifier } = await import("countersign");
	const { trial } = await import("../trial.mjs");
	const { policyOf, verifySync } = await import("../contenders/ours.mjs");
	const { fastJwtCached } = await import("../contenders/fast-jwt.mjs");
	const options = { ...policyOf(subject), verdictCache: { maxEntries: 1000 } };
	const refusal = (attempted) => {
		try {
			createVerifier(attempted).dispose();
			return undefined;
		} catch (error) {
			return error;
		}
	};
	const refused = refusal(options);
	// Every option that it knows is checked, so nonsense is taken only where nobody looks at it.
	const ignored = !refused && !refusal({ ...options, verdictCache: "nonsense" });
	let note;
	if (refused) note = `this build of Countersign has no verdictCache: ${refused.message}`;
	if (ignored) note = "this build of Countersign has no verdictCache: it ignores the option";
	const cached = {
		name: "verifySync, cache hit",
		prepare() {
			if (note) return null;
			const verifier = createVerifier(options);
			return { sync: true, check: (token) => verifier.verifySync(token), told: ({ claims }) => claims };
		},
	};
	const { contenders } = await trial([verifySync, cached, fastJwtCached], subject, settings, say);
	return { contenders, note };
}

export const columns = ["verifySync, no cache", "verifySync, cache hit", "fast-jwt, cache hit"];
export const row = ({ contenders }, { us }) => [
	us(contenders.verifySync),
	us(contenders["verifySync, cache hit"]),
	us(contenders["fast-jwt, cache hit"]),
];
