// The store in the platform's Cache API, in real workerd: what one key set has fetched, another need not fetch.

import assert from "node:assert/strict";
import { test } from "node:test";
import { countedIssuer } from "./counted-issuer.mjs";
import { fleet } from "./fleet.mjs";
import { audience, goodSet, start, token } from "./material.mjs";

test("a new key set with a warm Cache API answers without the issuer, in an outage too", async (t) => {
	const issuer = await countedIssuer();
	const workers = await fleet("cache-api-worker.mjs");
	t.after(async () => {
		await workers.end();
		issuer.close();
	});
	const place = issuer.place("cached", goodSet.keys);
	const policy = { issuer: place.issuer, jwksUri: place.jwksUri, audience, profile: "access-token" };
	const ask = (at, more = {}) => workers.ask({ ...policy, token: token(place.issuer), at, ...more });
	assert.deepEqual(await ask(start), { outcome: "user-1", state: "fresh" });
	const asked = place.requests;
	for (let times = 0; times < 3; times++)
		assert.deepEqual(await ask(start + 300), { outcome: "user-1", state: "fresh" });
	assert.equal(place.requests, asked);
	place.mood = "failing";
	assert.equal((await ask(start + 3_000)).outcome, "user-1");
	assert.equal((await ask(start + 600 + 86_400)).outcome, "keys_unavailable");
});
