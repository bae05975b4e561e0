// From nothing to the first verdict: the import and the first verification, each time in a fresh process.

import { ratio, summary } from "../figures.mjs";
import { mintKey, mintToken, subjectOf } from "../tokens.mjs";

export const title = "startup: import and first verification in a fresh process, ES256 (ms)";

const NOTHING = "nothing";
/** By name: the package that is imported, and what a token is given to. "nothing" imports nothing. */
const CONTENDERS = {
	[NOTHING]: {},
	countersign: { build: "countersign", method: "verifySync" },
	"countersign, before": { build: "countersign-before", method: "verifySync" },
	"countersign, awaited": { build: "countersign", method: "verify" },
	"countersign, awaited, before": { build: "countersign-before", method: "verify" },
	jose: {},
};

/** One after the other in turns. */
export function make({ quick, against }) {
	const key = mintKey("ES256");
	const subject = subjectOf(key, [mintToken(key)]);
	const names = Object.keys(CONTENDERS).filter((name) => against || !name.endsWith("before"));
	return Array.from({ length: (quick ? 3 : 15) * names.length }, (_, index) => ({
		name: names[index % names.length],
		...subject,
	}));
}

export async function measure({ name, alg, issuer, audience, jwk, tokens: [token] }) {
	const options = { issuer, audience, typ: "at+jwt", algorithms: [alg] };
	const { build, method } = CONTENDERS[name];
	const began = performance.now();
	let imported = began;
	if (build) {
		const { createVerifier } = await import(build);
		imported = performance.now();
		const verdict = createVerifier({ ...options, keys: jwk })[method](token);
		if (verdict instanceof Promise) await verdict;
	}
	if (name === "jose") {
		const { importJWK, jwtVerify } = await import("jose");
		imported = performance.now();
		await jwtVerify(token, await importJWK(jwk, alg), options);
	}
	const ended = performance.now();
	// The clock of a process begins with it.
	return { name, import: imported - began, first: ended - imported, sinceStart: ended };
}

/** All processes of a name make one row; `wall` is what the driver saw of the whole process. */
export function merge(parts) {
	const of = (name, value) => ({ samples: parts.filter((part) => part.name === name).map(value) });
	const together = (name) => of(name, (part) => part.import + part.first);
	return [...new Set(parts.map(({ name }) => name))].map((name) => {
		const before = `${name}, before`;
		return {
			name,
			import: summary(of(name, (part) => part.import)),
			first: summary(of(name, (part) => part.first)),
			together: summary(together(name)),
			sinceStart: summary(of(name, (part) => part.sinceStart)),
			wall: summary(of(name, (part) => part.wall)),
			against: parts.some((part) => part.name === before) ? ratio(together(name), together(before)) : undefined,
		};
	});
}

export const columns = ["", "import", "first verdict", "together", "/ before", "since process start", "whole process"];
export const row = ({ name, import: imported, first, together, against, sinceStart, wall }, { ms, times }) => [
	name,
	ms(imported),
	ms(first),
	ms(together),
	times(against),
	ms(sinceStart),
	ms(wall),
];
