// One algorithm in one runtime: every contender proves that it does the work, then they take turns.

import { heldAgainst } from "./against.mjs";
import { ratio, summary } from "./figures.mjs";
import { interleave, lane } from "./rounds.mjs";

/** The quotients that are told: ours over theirs. */
const RATIOS = [
	["verifySync", "jose"],
	["verify", "jose"],
	["verifySync", "fast-jwt"],
	["verifySync", "raw"],
];

/** In Node.js and browsers: resolves to the figures of all contenders; null: it lacks this algorithm. */
export async function trial(contenders, subject, settings, say = () => {}) {
	const prepared = await prepareAll(contenders, subject, say);
	const lanes = prepared.filter(({ entry }) => entry).map(({ name, entry }) => lane(name, entry));
	return figures(contenders, await interleave(lanes, settings, say));
}

/** Prepares each contender and lets it prove itself. `entry`: { items, check, sync }, or null. */
export async function prepareAll(contenders, subject, say = () => {}) {
	const prepared = [];
	for (const { name, prepare } of contenders) {
		say(`proving ${name}`);
		const made = await prepare(subject);
		prepared.push({ name, entry: made && (await proven(name, made, subject)) });
	}
	return prepared;
}

/** Figures of { name: { samples, batch } }, in the contenders' order, with the quotients. */
export function figures(contenders, results) {
	const all = {};
	for (const { name } of contenders) all[name] = results[name] ? summary(results[name]) : null;
	const ratios = {};
	for (const [a, b] of RATIOS) {
		if (results[a] && results[b]) ratios[`${a} / ${b}`] = ratio(results[a], results[b]);
	}
	return { contenders: all, ratios, against: heldAgainst(results) };
}

/**
 * A contender has to accept every token, with the token's own claims, and to refuse each bad one: timing a call
 * that fails would be worth nothing. What only checks signatures (`claimless`) answers true or false.
 */
async function proven(name, entry, { tokens, refused }) {
	const { sync, check, item = (token) => token, told = (result) => result, claimless = false } = entry;
	const items = tokens.map(item);
	for (const [index, token] of tokens.entries()) {
		const found = await check(items[index]);
		const right = claimless ? found === true : told(found).sub === subOf(token);
		if (!right) throw new Error(`${name} does not accept token ${index}`);
	}
	for (const [reason, token] of Object.entries(refused)) {
		if (claimless && reason !== "a changed signature") continue;
		if (await accepts(check, item(token))) throw new Error(`${name} accepts ${reason}`);
	}
	return { items, check, sync };
}

async function accepts(check, token) {
	try {
		return (await check(token)) !== false;
	} catch {
		return false;
	}
}

const subOf = (token) => JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"))).sub;
