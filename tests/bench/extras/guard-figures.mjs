// The table of the guards: each less the handler's own time, ours beside the others.

import { held } from "../against.mjs";
import { NOTHING } from "../contenders/names.mjs";
import { median, ratio, summary } from "../figures.mjs";

const CONTENDERS = ["ours", "before", "jose", "hono"];
const CASES = ["keys", "jwksUri", "keys and DPoP"];

export const rowsOf = (algorithm, results) => CASES.map((name) => ({ algorithm, name, ...figures(results, name) }));

function figures(results, name) {
	const handler = median(results[NOTHING].samples);
	const [ours, before, jose, hono] = CONTENDERS.map((who) => {
		const samples = results[`${who}, ${name}`]?.samples.map((sample) => sample - handler);
		return samples && { samples };
	});
	return {
		handler: summary(results[NOTHING]),
		ours: summary(ours),
		before: before && summary(before),
		jose: summary(jose),
		hono: hono && summary(hono),
		ratio: ratio(ours, jose),
		toHono: hono && ratio(ours, hono),
		against: before && held(ours, before, jose),
	};
}

export const columns = [
	"algorithm",
	"given",
	"handler",
	"ours",
	"before",
	"jose by hand",
	"hono jwk",
	"ours / jose",
	"ours / hono",
	"before / jose",
	"ours / before",
];
export const row = ({ algorithm, name, handler, ours, before, jose, hono, ...quotients }, { us, times }) => [
	algorithm,
	name,
	us(handler),
	us(ours),
	us(before),
	us(jose),
	us(hono),
	times(quotients.ratio),
	times(quotients.toHono),
	times(quotients.against?.before),
	times(quotients.against?.quotient),
];
