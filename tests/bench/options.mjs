// The command line.

import { resolve } from "node:path";
import { BuildError } from "../../pkg-template/scripts/cli.mjs";

/** Rounds, milliseconds of a contender's turn, and milliseconds to warm each up. */
const FULL = { rounds: 41, turn: 12, warm: 150 };
const QUICK = { rounds: 7, turn: 3, warm: 30 };

/**
 * Reads the arguments; `known` has the names of runtimes, algorithms and extras. Names in --only choose within
 * their own kind: runtimes alone leave everything that runs in them, an algorithm or an extra leaves only what is named.
 */
export function readOptions(args, known) {
	const rest = [...args];
	const options = { quick: false, ...known, named: [] };
	while (rest.length > 0) {
		const argument = rest.shift();
		if (argument === "--quick") options.quick = true;
		else if (argument === "--only") Object.assign(options, choose(following(argument, rest), known));
		else if (argument === "--against") options.against = resolve(following(argument, rest));
		else if (argument === "--package") options.ours = resolve(following(argument, rest));
		else if (argument === "--rounds") options.rounds = count(argument, following(argument, rest));
		else if (argument === "--json") options.json = resolve(following(argument, rest));
		else throw new BuildError(`Unknown option ${argument}`, "npm run bench -- --help");
	}
	const settings = options.quick ? QUICK : FULL;
	return { ...options, settings: { ...settings, rounds: options.rounds ?? settings.rounds } };
}

function count(argument, text) {
	const value = Number(text);
	if (Number.isSafeInteger(value) && value >= 5) return value;
	throw new BuildError(`${argument} wants a number of at least 5, not "${text}"`, "npm run bench -- --help");
}

function following(argument, rest) {
	const value = rest.shift();
	if (!value || value.startsWith("--")) throw new BuildError(`${argument} wants a value`, "npm run bench -- --help");
	return value;
}

function choose(list, known) {
	const all = Object.values(known).flat();
	const named = list.split(",").map((word) => {
		const name = all.find((one) => one.toLowerCase() === word.trim().toLowerCase());
		if (!name) throw new BuildError(`Nothing is called "${word}"`, `choose from ${all.join(", ")}`);
		return name;
	});
	const among = (names) => names.filter((name) => named.includes(name));
	const [runtimes, algorithms, extras] = [known.runtimes, known.algorithms, known.extras].map(among);
	const everything = algorithms.length === 0 && extras.length === 0;
	return {
		named,
		runtimes: runtimes.length > 0 ? runtimes : known.runtimes,
		algorithms: everything ? known.algorithms : algorithms,
		extras: everything ? known.extras : extras,
	};
}
