// What a flood of forged tokens costs those that are good: the time in which 99 in 100 good tokens are through, each amid
// twenty others, forged ones in one half of the turns and good ones in the other.

import { quantile, ratio, summary } from "../figures.mjs";
import { claims, mintKey, mintToken, subjectOf } from "../tokens.mjs";

export const title = "flood: p99 of good tokens amid forged ones and amid good ones, keys by jwksUri, ES256 (µs)";

const OTHERS = 20;
const TOKENS = 4096;
const SIZES = { quick: { rounds: 3, good: 100 }, full: { rounds: 21, good: 1000 } };

/** A process for each state that the issuer is in meanwhile. */
export function make({ quick }) {
	const key = mintKey("ES256");
	const subject = subjectOf(
		key,
		Array.from({ length: TOKENS }, () => mintToken(key)),
	);
	const forged = Array.from({ length: TOKENS }, (_, nth) => mintToken(...forgery(key, nth)));
	return ["well", "failing"].map((state) => ({ state, ...subject, forged, ...SIZES[quick ? "quick" : "full"] }));
}

const stranger = mintKey("ES256");

/** By another key: under a `kid` that nobody knows, of an issuer that nobody knows, and under the right `kid`. */
function forgery(key, nth) {
	const unknown = { ...stranger, jwk: { ...stranger.jwk, kid: `k${nth}` } };
	if (nth % 3 === 0) return [unknown];
	if (nth % 3 === 1) return [unknown, claims({ iss: `https://i${nth}.example.com` })];
	return [{ ...stranger, jwk: { ...stranger.jwk, kid: key.jwk.kid } }];
}

export async function measure({ state, issuer, audience, jwk, tokens, forged, rounds, good }, _settings, say) {
	const { createVerifier } = await import("countersign");
	let isWell = true;
	const verifier = createVerifier({
		issuer,
		audience,
		jwksUri: `${issuer}/jwks`,
		fetch: async () => (isWell ? Response.json({ keys: [jwk] }) : new Response("", { status: 500 })),
	});
	for (const token of tokens) await verifier.verify(token);
	isWell = state === "well";
	const crowds = { good: turn(tokens), forged: turn(forged) };
	const results = { good: { samples: [] }, forged: { samples: [] } };
	const next = turn(tokens);
	for (let round = -2; round < rounds; round++) {
		say(`issuer ${state}, round ${round + 1} of ${rounds}`);
		for (const name of round % 2 ? ["good", "forged"] : ["forged", "good"]) {
			const took = await slowest99(verifier, next, crowds[name], name === "good", good);
			if (round >= 0) results[name].samples.push(took);
		}
	}
	return {
		state,
		good: summary(results.good),
		forged: summary(results.forged),
		ratio: ratio(results.forged, results.good),
	};
}

function turn(items) {
	let at = 0;
	return () => items[at++ % items.length];
}

/** Microseconds in which 99 in 100 good tokens are through. */
async function slowest99(verifier, next, other, isAccepted, count) {
	const times = [];
	for (let nth = 0; nth < count; nth++) {
		const began = performance.now();
		const others = Array.from({ length: OTHERS / 2 }, () => verifier.verify(other()));
		const timed = verifier.verify(next()).then(() => performance.now() - began);
		others.push(...Array.from({ length: OTHERS / 2 }, () => verifier.verify(other())));
		const [took, outcomes] = await Promise.all([timed, Promise.allSettled(others)]);
		if (outcomes.some(({ status }) => (status === "fulfilled") !== isAccepted)) throw new Error("a wrong verdict");
		times.push(took * 1000);
	}
	return quantile(times, 0.99);
}

export const columns = ["issuer", "amid good ones", "amid forged ones", "the one over the other"];
export const row = ({ state, good, forged, ratio }, { us, times }) => [state, us(good), us(forged), times(ratio)];
