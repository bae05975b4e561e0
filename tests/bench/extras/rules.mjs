// What rules about claims cost: a verdict without any, with three, and with a provider's preset and three.

import { mintKey, mintTokens, subjectOf } from "../tokens.mjs";

export const title = "rules: claim rules and presets (µs)";

/** HMAC is the cheapest signature, so the rest of a verdict shows best. */
const SUBJECTS = ["HS256", "ES256"];

export function make() {
	return SUBJECTS.map((algorithm) => {
		const key = mintKey(algorithm);
		return subjectOf(key, mintTokens(key));
	});
}

const CLAIMS = {
	client_id: ["storefront", "ios"],
	scope: { pattern: "*purchases:read*" },
	sub: { present: true },
};

export async function measure(subject, settings, say) {
	const { createVerifier } = await import("countersign");
	const { createVerifier: createBefore } = await import("countersign-before");
	const { median, ratio, summary } = await import("../figures.mjs");
	const { interleave, lane } = await import("../rounds.mjs");
	const { prepareAll } = await import("../trial.mjs");
	const { policyOf } = await import("../contenders/ours.mjs");
	const contender = (name, options, create = createVerifier) => ({
		name,
		prepare() {
			if (!create) return null;
			const verifier = create({ ...policyOf(subject), ...options });
			return { sync: true, check: (token) => verifier.verifySync(token), told: ({ claims }) => claims };
		},
	});
	const contenders = [
		contender("none", {}),
		contender("three", { claims: CLAIMS }),
		contender("preset", { provider: "auth0", claims: CLAIMS }),
		contender("before", {}, createBefore ?? null),
	];
	const prepared = (await prepareAll(contenders, subject, say)).filter(({ entry }) => entry);
	const results = await interleave(
		prepared.map(({ name, entry }) => lane(name, entry)),
		settings,
		say,
	);
	const least = (name) => Math.min(...results[name].samples);
	const more = (name) => ({
		rounds: median(results[name].samples.map((sample, round) => sample - results.none.samples[round])),
		fastest: least(name) - least("none"),
	});
	return {
		algorithm: subject.algorithm,
		none: summary(results.none),
		three: summary(results.three),
		preset: summary(results.preset),
		more: { three: more("three"), preset: more("preset") },
		before: results.before && summary(results.before),
		ratio: results.before && ratio(results.none, results.before),
		fastest: results.before && least("none") / least("before"),
	};
}

export const columns = [
	...["", "no rules", "three", "more", "of the fastest", "preset and three", "more", "of the fastest"],
	...["before, no rules", "no rules / before", "of the fastest"],
];
export const row = ({ algorithm, none, three, preset, more, before, ratio, fastest }, { us, times }) => [
	...[algorithm, us(none), us(three), more.three.rounds.toFixed(2), more.three.fastest.toFixed(2)],
	...[us(preset), more.preset.rounds.toFixed(2), more.preset.fastest.toFixed(2)],
	...[us(before), times(ratio), times(fastest)],
];
