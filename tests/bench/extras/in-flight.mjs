// Many tokens under way at once, as on a busy server: where the platform checks signatures on threads of its own, it
// can use other cores meanwhile. Ours stays on its thread.

import { mintKey, mintTokens, subjectOf } from "../tokens.mjs";

export const title = "in-flight: 32 tokens under way at once (µs per token)";

const AT_ONCE = 32;
const KINDS = ["RS256", "ES256", "Ed25519"];

export function make({ algorithms }) {
	const chosen = KINDS.filter((algorithm) => algorithms.includes(algorithm));
	return (chosen.length > 0 ? chosen : KINDS).map((algorithm) => {
		const key = mintKey(algorithm);
		return subjectOf(key, mintTokens(key));
	});
}

export async function measure(subject, settings, say) {
	const { verify, verifySync } = await import("../contenders/ours.mjs");
	const { jose } = await import("../contenders/jose.mjs");
	const { ratio, summary } = await import("../figures.mjs");
	const { interleave, lane } = await import("../rounds.mjs");
	const { prepareAll } = await import("../trial.mjs");
	const contenders = await prepareAll([verifySync, verify, jose], subject, say);
	const results = await interleave(
		contenders.map(({ name, entry }) => lane(name, crowd(entry))),
		settings,
		say,
	);
	for (const result of Object.values(results)) result.samples = result.samples.map((sample) => sample / AT_ONCE);
	const { algorithm } = subject;
	const told = Object.fromEntries(Object.entries(results).map(([name, result]) => [name, summary(result)]));
	return { algorithm, contenders: told, ratio: ratio(results.verifySync, results.jose) };
}

/** An entry whose items are groups of tokens, all of which have to pass. */
function crowd({ items, check, sync }) {
	const groups = [];
	for (let at = 0; at + AT_ONCE <= items.length; at += AT_ONCE) groups.push(items.slice(at, at + AT_ONCE));
	const all = sync ? (group) => group.map(check) : (group) => Promise.all(group.map(check));
	return { items: groups, check: all, sync };
}

export const columns = ["algorithm", "verifySync", "verify", "jose", "verifySync / jose"];
export const row = ({ algorithm, contenders, ratio }, { us, times }) => [
	algorithm,
	us(contenders.verifySync),
	us(contenders.verify),
	us(contenders.jose),
	times(ratio),
];
