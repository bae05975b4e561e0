// From nothing to the first verdict: the import and the first verification, each time in a fresh process.

import { summary } from "../figures.mjs";
import { mintKey, mintToken, subjectOf } from "../tokens.mjs";

export const title = "startup: import and first verification in a fresh process, ES256 (ms)";

const NAMES = ["nothing", "countersign", "jose"];

/** One after the other in turns; "nothing" is a process that imports neither. */
export function make({ quick }) {
	const key = mintKey("ES256");
	const subject = subjectOf(key, [mintToken(key)]);
	return Array.from({ length: (quick ? 3 : 15) * NAMES.length }, (_, index) => ({
		name: NAMES[index % NAMES.length],
		...subject,
	}));
}

export async function measure({ name, alg, issuer, audience, jwk, tokens: [token] }) {
	const options = { issuer, audience, typ: "at+jwt", algorithms: [alg] };
	const began = performance.now();
	let imported = began;
	if (name === "countersign") {
		const { createVerifier } = await import("countersign");
		imported = performance.now();
		createVerifier({ ...options, keys: jwk }).verifySync(token);
	}
	if (name === "jose") {
		const { importJWK, jwtVerify } = await import("jose");
		imported = performance.now();
		await jwtVerify(token, await importJWK(jwk, alg), options);
	}
	return { name, import: imported - began, first: performance.now() - imported };
}

/** All processes of a name make one row; `wall` is what the driver saw of the whole process. */
export function merge(parts) {
	return NAMES.map((name) => {
		const of = (value) => summary({ samples: parts.filter((part) => part.name === name).map(value) });
		return {
			name,
			import: of((part) => part.import),
			first: of((part) => part.first),
			together: of((part) => part.import + part.first),
			wall: of((part) => part.wall),
		};
	});
}

export const columns = ["", "import", "first verdict", "together", "whole process"];
export const row = ({ name, import: imported, first, together, wall }, { ms }) => [
	name,
	ms(imported),
	ms(first),
	ms(together),
	ms(wall),
];
