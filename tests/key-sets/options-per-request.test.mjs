// A verifier, a guard and a protected handler that are made anew with each request: one key set, so two requests for
// all of them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { countersign, edge } from "../js/helpers.mjs";
import { countedIssuer } from "./counted-issuer.mjs";
import { forgery } from "./forgery.mjs";
import { audience, goodSet, start, token } from "./material.mjs";

const REQUESTS = 300;
const now = () => start;
const request = (token) => new Request(audience, { headers: { authorization: `Bearer ${token}` } });

/** The status that a token comes to, by options made for it. */
const WAYS = {
	verifier: async (options, token) => {
		const verifier = countersign.createVerifier({ ...options, profile: "access-token" });
		return verifier.verify(token).then(
			() => 200,
			({ status }) => status,
		);
	},
	guard: async (options, token) => {
		const { check, refuse } = edge.guard(options);
		return check(request(token)).then(
			() => 200,
			(error) => refuse(error).status,
		);
	},
	"protected handler": async (options, token) => {
		const handler = edge.protect(options, () => new Response("through"));
		return (await handler(request(token))).status;
	},
};

for (const [what, statusOf] of Object.entries(WAYS)) {
	for (const order of ["at once", "in turn"]) {
		test(`a ${what} of each request, ${REQUESTS} ${order}: two requests to the issuer`, async (t) => {
			const issuer = await countedIssuer();
			t.after(issuer.close);
			const place = issuer.place("here", goodSet.keys);
			const given = (text) => statusOf({ issuer: place.issuer, audience, now, keySets: { cooldown: 30 } }, text);
			const tokens = Array.from({ length: REQUESTS }, () => token(place.issuer));
			const statuses = order === "at once" ? await Promise.all(tokens.map(given)) : [];
			if (order === "in turn") for (const text of tokens) statuses.push(await given(text));
			assert.deepEqual([...new Set(statuses)], [200]);
			assert.deepEqual(Object.values(place.asked), [1, 1], JSON.stringify(place.asked));
			assert.equal(await given(forgery(place.issuer, "k1")), 401);
		});
	}
}
