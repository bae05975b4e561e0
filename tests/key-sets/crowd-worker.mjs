// A worker that answers with what became of a token, and how long that took by its own clock.

import { TokenError } from "countersign";
import { guard } from "countersign/edge";

const guards = new Map();
let time = 0;
let fetched = 0;
const now = () => time;
/** Counts what is asked for, even where nobody is there to count it. */
const counting = (url, init) => {
	fetched++;
	return fetch(url, init);
};

function guardOf(options) {
	const name = JSON.stringify(options);
	const known = guards.get(name) ?? guard({ ...options, now, fetch: counting });
	guards.set(name, known);
	return known;
}

async function verdict(checks, token, audience, context) {
	const began = Date.now();
	const request = new Request(audience, { headers: { authorization: `Bearer ${token}` } });
	let code = "accepted";
	let answer;
	try {
		await checks.check(request, context);
	} catch (error) {
		if (!(error instanceof TokenError)) throw error;
		code = error.code;
		answer = checks.refuse(error);
	}
	const retryAfter = answer?.headers.get("retry-after") ?? null;
	return { code, status: answer?.status ?? 200, retryAfter, waited: Date.now() - began };
}

export default {
	async fetch(request, _env, context) {
		const { options, token, at, leaves, lasts } = await request.json();
		if (!options) return Response.json({ fetched });
		time = at;
		const told = verdict(guardOf(options), token, options.audience, lasts ? context : undefined);
		if (!leaves) return Response.json(await told);
		told.catch(() => {});
		await new Promise((resolve) => setTimeout(resolve, 50)); // The fetch has left.
		return Response.json("left");
	},
};
