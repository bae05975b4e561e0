// One proof, sent to two isolates of real workerd at the same moment, which share one namespace of Durable Objects:
// accepted once (RFC 9449 §11.1).

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { fleet } from "../key-sets/fleet.mjs";
import { accessToken, base, holder } from "./material.mjs";

const PROOFS = 1000;
const AT_ONCE = 20;

const url = "https://api.example.com/purchases";
const isolates = await fleet(new URL("replay-worker.mjs", import.meta.url), {
	isolates: 2,
	objects: { REPLAY: "DpopReplay" },
});
after(() => isolates.end());

test(`of two isolates exactly one accepts a proof, ${PROOFS} times`, async (t) => {
	const one = await holder();
	const token = await accessToken({ cnf: one.cnf });
	const outcomes = {};
	const send = async () => {
		const headers = { authorization: `DPoP ${token}`, dpop: await one.proof(token, url) };
		const question = { options: base, url, headers };
		const told = await Promise.all([0, 1].map((isolate) => isolates.ask(question, isolate)));
		const pair = told
			.map(({ outcome }) => outcome)
			.sort()
			.join(", ");
		outcomes[pair] = (outcomes[pair] ?? 0) + 1;
	};
	for (let sent = 0; sent < PROOFS; sent += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, send));
	t.diagnostic(JSON.stringify(outcomes));
	assert.deepEqual(outcomes, { "accepted, dpop_replayed": PROOFS });
});
