// After a trap of the core: a guard goes on with the keys and the answers that it had.

import assert from "node:assert/strict";
import { test } from "node:test";
import { audience, edge, issuer, json, network, refusal, signer, start } from "./helpers.mjs";
import { memories } from "./memories.mjs";

const key = signer("k1");
const jwksUri = `${issuer}/jwks`;
const token = key.token({ client_id: "shop" }, { typ: "at+jwt" });
const ask = (api) => refusal(() => api.check(new Request(audience, { headers: { authorization: `Bearer ${token}` } })));

/** Makes the core trap, and lets one request hear of it. */
async function trap(api) {
	new Uint8Array(memories.at(-1).buffer).fill(0xff);
	assert.equal(await ask(api), "internal");
}

test("keys that were fetched serve, and are not fetched again", async () => {
	const net = network({ [jwksUri]: () => json({ keys: [key.jwk] }) });
	const api = edge.guard({ issuer, audience, jwksUri, fetch: net.fetch, now: () => start });
	for (let round = 0; round < 3; round++) {
		assert.equal(await ask(api), "accepted");
		await trap(api);
	}
	assert.equal(await ask(api), "accepted");
	assert.equal(net.calls.length, 1);
});

test("opaque tokens are asked about again", async () => {
	const endpoint = `${issuer}/introspect`;
	const net = network({ [endpoint]: () => json({ active: true, iss: issuer, aud: audience, exp: start + 60 }) });
	const introspection = { clientId: "api", clientSecret: "secret", endpoint };
	const options = { issuer, audience, tokens: "opaque", introspection, fetch: net.fetch, now: () => start };
	const api = edge.guard(options);
	assert.equal(await ask(api), "accepted");
	await trap(api);
	assert.equal(await ask(api), "accepted");
	assert.equal(net.count(endpoint), 2);
});
