// A guard in front of a handler, in workerd: the whole of `protect` beside jose by hand, the handler's own time taken
// off. Every request has a token of its own out of so many that none comes back soon.

import { note } from "../../../pkg-template/scripts/cli.mjs";
import { held } from "../against.mjs";
import { NOTHING } from "../contenders/names.mjs";
import { median, ratio, summary } from "../figures.mjs";
import { bundleWorker, inWorker, workerd } from "../runtimes/workerd.mjs";
import { mintKey, mintTokens, subjectOf } from "../tokens.mjs";

export const title = "guard: Request in, Response out, less an empty handler, in workerd (µs per request)";
/** That it runs in. */
export const runtime = workerd.id;

const KINDS = ["ES256", "RS256"];
const CONTENDERS = ["ours", "before", "jose"];
const SOURCES = ["keys", "jwksUri"];
const TOKENS = { quick: 512, full: 4096 };

/** Measured by the driver: miniflare is a process of its own. */
export async function drive(folder, { quick, algorithms, settings }) {
	note("bundling");
	await bundleWorker(folder, "guard-worker.mjs");
	const chosen = KINDS.filter((algorithm) => algorithms.includes(algorithm));
	const rows = [];
	let where;
	for (const algorithm of chosen.length > 0 ? chosen : KINDS) {
		note(`${algorithm}: minting tokens`);
		const key = mintKey(algorithm);
		const data = subjectOf(key, mintTokens(key, quick ? TOKENS.quick : TOKENS.full));
		const { version, results } = await inWorker(folder, "guard-worker.mjs", {
			data,
			settings: { ...settings, turn: settings.turn * workerd.settings.turn },
		});
		where = `workerd ${version}`;
		for (const keys of SOURCES) rows.push({ algorithm, keys, ...figures(results, keys) });
	}
	return { where, rows };
}

function figures(results, keys) {
	const handler = median(results[NOTHING].samples);
	const [ours, before, jose] = CONTENDERS.map((name) => {
		const samples = results[`${name}, ${keys}`]?.samples.map((sample) => sample - handler);
		return samples && { samples };
	});
	return {
		handler: summary(results[NOTHING]),
		ours: summary(ours),
		before: before && summary(before),
		jose: summary(jose),
		ratio: ratio(ours, jose),
		against: before && held(ours, before, jose),
	};
}

export const columns = [
	"algorithm",
	"keys by",
	"handler",
	"ours",
	"before",
	"jose by hand",
	"ours / jose",
	"before / jose",
	"ours / before",
];
export const row = ({ algorithm, keys, handler, ours, before, jose, ratio, against }, { us, times }) => [
	algorithm,
	keys,
	us(handler),
	us(ours),
	us(before),
	us(jose),
	times(ratio),
	times(against?.before),
	times(against?.quotient),
];
