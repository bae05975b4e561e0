// A flood of forged tokens, and what it costs the tokens that are good.

import { randomBytes } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { forgery } from "./forgery.mjs";
import { audience, good as first, second, start, token } from "./material.mjs";
import { wasmBytes } from "./memories.mjs";

const { countersign } = await import("../js/helpers.mjs");
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");

const issuer = "https://auth.example.com";
const keys = [first, second];

/** Bytes that are in use: the wasm memories, and what JavaScript holds. */
export async function memory() {
	await new Promise((resolve) => setTimeout(resolve, 50)); // What finalizers give back is given back.
	collect();
	return { wasm: wasmBytes(), heap: process.memoryUsage().heapUsed };
}

/** A verifier whose clock and issuer are in hand. */
export function besieged() {
	const at = { time: start, isWell: true, requests: [] };
	at.verifier = countersign.createVerifier({
		issuer,
		audience,
		jwksUri: `${issuer}/jwks`,
		profile: "access-token",
		now: () => at.time,
		fetch: async () => {
			at.requests.push(at.time - start);
			if (!at.isWell) return new Response("", { status: 500 });
			return Response.json({ keys: keys.map(({ jwk }) => jwk) });
		},
	});
	return at;
}

/** A token that is good, and another one each time. */
export const good = (nth) => token(issuer, keys[nth % 2]);

/** A forged token: with a key or an issuer that nobody knows, or with a signature that is none. */
export function forged(nth) {
	const random = randomBytes(9).toString("base64url");
	if (nth % 3 === 0) return forgery(issuer, random);
	if (nth % 3 === 1) return forgery(`https://${random}.example`, random);
	return forgery(issuer, "k1");
}

/** What becomes of tokens: how often each code. */
export async function verdicts(verifier, tokens) {
	const codes = {};
	const outcomes = await Promise.allSettled(tokens.map((token) => verifier.verify(token)));
	for (const { reason } of outcomes) {
		const code = reason === undefined ? "accepted" : (reason.code ?? reason.name);
		codes[code] = (codes[code] ?? 0) + 1;
	}
	return codes;
}

/** The time in milliseconds in which 99 in 100 good tokens are through, each among so many others. */
export async function slowest99({ verifier, rounds, others, other }) {
	const times = [];
	for (let round = 0; round < rounds; round++) {
		const crowd = Array.from({ length: others }, (_, nth) => other(round * others + nth));
		const token = good(round);
		const began = performance.now();
		const before = crowd.slice(0, others / 2).map((one) => verifier.verify(one));
		const timed = verifier.verify(token).then(() => performance.now() - began);
		const behind = crowd.slice(others / 2).map((one) => verifier.verify(one));
		times.push(await timed);
		await Promise.allSettled([...before, ...behind]);
	}
	return times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)];
}
