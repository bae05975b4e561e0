// A guard whose options are a function of the second argument, on platforms that hand over another object with each
// request: as many guards as requests, one key set.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { answer } from "./behaviours.mjs";
import { hostileIssuer } from "./hostile-issuer.mjs";
import { evil, good, goodSet, second } from "./material.mjs";
import { inNode, inWorkerd } from "./runtimes.mjs";
import { scene } from "./scene.mjs";

const REQUESTS = 300;
const WAVE = 20;
const MIB = 1_048_576;

/** What the platform's second argument is; in both runtimes each request has one of its own. */
const PLATFORMS = {
	"Deno.serve": (at) => ({ remoteAddr: { transport: "tcp", hostname: "127.0.0.1", port: 40_000 + at }, completed: {} }),
	"Next.js": (at) => ({ params: { id: String(at) } }),
	"Hono on Node.js": (at) => ({ incoming: { url: `/${at}`, headers: {} }, outgoing: { statusCode: 200 } }),
	nothing: () => undefined,
};

for (const [runtime, start] of Object.entries({ "Node.js": inNode, workerd: inWorkerd })) {
	const at = {};
	before(async () => {
		Object.assign(at, { issuer: await hostileIssuer(), runtime: await start() });
	});
	after(async () => {
		await at.runtime.end();
		at.issuer.close();
	});

	for (const [platform, second] of Object.entries(PLATFORMS)) {
		for (const discovers of [false, true]) {
			const how = discovers ? "discovered" : "at a known address";
			test(`${runtime}, ${platform}, keys ${how}: one key set for all requests`, async () => {
				const on = scene(at.runtime, at.issuer, { discovers });
				on.set({ keys: answer(goodSet) });
				const told = await ask(on, second, () => good);
				assert.deepEqual(told, { accepted: REQUESTS });
				assert.equal(on.place.requests, discovers ? 2 : 1);
			});
		}
		test(`${runtime}, ${platform}: a rotation costs one more request, and so does who still comes with the old key`, async () => {
			const on = scene(at.runtime, at.issuer);
			on.set({ keys: answer(goodSet) });
			assert.deepEqual(await ask(on, second, () => good), { accepted: REQUESTS });
			on.set({ keys: answer({ keys: [rotated.jwk] }) });
			on.at(40);
			assert.deepEqual(await ask(on, second, () => rotated), { accepted: REQUESTS });
			assert.equal(on.place.requests, 2);
			on.at(80);
			assert.deepEqual(await ask(on, second, () => good), { key_not_found: REQUESTS });
			assert.equal(on.place.requests, 3);
		});
	}
	test(`${runtime}: forged tokens among good ones: two requests in all`, async () => {
		const on = scene(at.runtime, at.issuer);
		on.set({ keys: answer(goodSet) });
		await ask(on, PLATFORMS["Next.js"], () => good);
		on.at(40);
		const told = await ask(on, PLATFORMS["Next.js"], (turn) => (turn % 3 === 0 ? evil : good));
		assert.deepEqual(told, { accepted: (REQUESTS * 2) / 3, signature_invalid: REQUESTS / 3 });
		assert.equal(on.place.requests, 2);
	});
	test(`${runtime}: guards that are no longer used leave nothing behind that grows`, async () => {
		const on = scene(at.runtime, at.issuer);
		on.set({ keys: answer(goodSet) });
		const memory = async () => (await at.runtime.ask({ question: "memory" })).wasm;
		await ask(on, PLATFORMS["Next.js"], () => good);
		const before = await memory();
		for (let round = 0; round < 4; round++) await ask(on, PLATFORMS["Next.js"], () => good);
		const grown = (await memory()) - before;
		assert.ok(grown <= 8 * MIB, `${grown / MIB} MiB more after ${4 * REQUESTS} requests`);
	});
}

const rotated = second;

/** How often each code was told, in waves of requests at once. */
async function ask(on, second, keyOf) {
	const told = {};
	for (let at = 0; at < REQUESTS; at += WAVE) {
		const wave = Array.from({ length: WAVE }, (_, i) => on.protect(keyOf(at + i), { second: second(at + i) }));
		for (const code of await Promise.all(wave)) told[code] = (told[code] ?? 0) + 1;
	}
	return told;
}
