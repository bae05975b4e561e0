// Two hundred requests at once to workerd: whatever the issuer does, and whoever leaves, it is asked once or twice.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { countedIssuer } from "./counted-issuer.mjs";
import { fleet } from "./fleet.mjs";
import { forgery } from "./forgery.mjs";
import { audience, goodSet, start, token } from "./material.mjs";

const CROWD = 200;
/** Seconds: what hangs is given up soon. */
const TIMEOUT = 0.6;
const LATENCY = 300;
/** Milliseconds; the patience of a token whose keys are overdue is 80, the rest is for a machine that is busy. */
const PATIENCE = 400;
/** Milliseconds that a client which leaves may cost the others, beside the request itself. */
const LOSS = 1200;

const at = {};
let places = 0;
let forged = 0;

before(async () => {
	at.issuer = await countedIssuer();
	at.modern = await fleet("crowd-worker.mjs");
	at.bare = await fleet("crowd-worker.mjs", { waitsUntil: false });
});
after(async () => {
	await at.modern?.end();
	await at.bare?.end();
	at.issuer.close();
});

/** One place on the issuer, and the policy that trusts it. */
function stage({ on = at.modern, discovers = false, ...given } = {}) {
	const place = at.issuer.place(`place-${++places}`, goodSet.keys);
	const passes = token(place.issuer);
	const options = {
		issuer: place.issuer,
		...(!discovers && { jwksUri: place.jwksUri }),
		audience,
		keySets: { timeout: TIMEOUT, renewAhead: 60 },
		...given,
	};
	const question = ({ forges, ...more } = {}) => {
		const given = forges ? forgery(place.issuer, `forged-${++forged}`) : passes;
		return { options, token: given, at: start, ...more };
	};
	return {
		place,
		alone: (more) => on.askAlone(question(more)),
		one: (more) => on.ask(question(more)),
		/** What a crowd is told, how long it took, and how long who waited longest has waited inside the worker. */
		async crowd(more) {
			const began = performance.now();
			const told = await Promise.all(Array.from({ length: CROWD }, () => on.ask(question(more))));
			return {
				codes: [...new Set(told.map(({ code }) => code))],
				told,
				took: performance.now() - began,
				waited: Math.max(...told.map(({ waited }) => waited)),
			};
		},
	};
}

/** One request, and once more as the first failure may be chance; the third may begin a second later. */
function few(place, { took }) {
	const most = took < 1000 + LATENCY ? 2 : 3;
	for (const [path, count] of Object.entries(place.asked)) assert.ok(count <= most, `${path}: ${count} requests`);
	return Math.max(0, ...Object.values(place.asked));
}

function refused({ codes, told }) {
	assert.deepEqual(codes, ["keys_unavailable"]);
	for (const { status, retryAfter } of told) {
		assert.equal(status, 503);
		assert.match(retryAfter, /^[1-9]\d*$/);
	}
}

const figures = ({ took, waited }) => `${Math.round(took)} ms in all, at most ${waited} ms in the worker`;

for (const discovers of [false, true]) {
	const where = discovers ? "discovered" : "jwksUri";

	test(`${where}: cold, the issuer is well: one request`, async (t) => {
		const { place, crowd } = stage({ discovers });
		place.delay = LATENCY;
		const came = await crowd();
		assert.deepEqual(came.codes, ["accepted"]);
		for (const [path, count] of Object.entries(place.asked)) assert.equal(count, 1, path);
		assert.equal(place.requests, discovers ? 2 : 1);
		t.diagnostic(figures(came));
	});

	for (const mood of ["failing", "reset", "hanging"]) {
		test(`${where}: cold, the issuer is ${mood}: two requests at most, and all hear of it`, async (t) => {
			const { place, crowd } = stage({ discovers });
			place.mood = mood;
			place.delay = mood === "hanging" ? 0 : LATENCY;
			const came = await crowd();
			refused(came);
			const asked = few(place, came);
			assert.ok(asked >= 1);
			// A request that hangs is given up after its time: there are two at most, of two addresses each.
			assert.ok(came.waited < 4 * TIMEOUT * 1000 + 1000, figures(came));
			t.diagnostic(`${asked} requests a place, ${figures(came)}`);
		});
	}
}

test("cold, nobody listens where the issuer should be: two requests at most", async (t) => {
	const gone = await countedIssuer();
	const { issuer, jwksUri } = gone.place("gone", []);
	gone.close();
	const { crowd } = stage({ issuer, jwksUri });
	const { fetched } = await at.modern.ask({});
	const came = await crowd();
	refused(came);
	const asked = (await at.modern.ask({})).fetched - fetched;
	assert.ok(asked >= 1 && asked <= (came.took < 1000 ? 2 : 3), `${asked} requests`);
	t.diagnostic(`${asked} requests, ${figures(came)}`);
});

// Seconds since the keys were fetched whose server says no age: due, stale, overdue.
for (const [phase, age] of Object.entries({ due: 550, stale: 610, overdue: 4000 })) {
	for (const mood of ["failing", "reset", "hanging"]) {
		test(`keys that are ${phase}, the issuer is ${mood}: nobody waits for it`, async (t) => {
			const { place, one, crowd } = stage();
			assert.equal((await one()).code, "accepted");
			place.asked = {};
			place.mood = mood;
			const came = await crowd({ at: start + age });
			assert.deepEqual(came.codes, ["accepted"]);
			const asked = few(place, came);
			assert.ok(asked >= 1);
			assert.ok(came.waited < PATIENCE, figures(came));
			t.diagnostic(`${asked} requests, ${figures(came)}`);
		});
	}
}

/** A client leaves while the worker fetches for it; then comes the crowd. */
const LEAVING = {
	"a client resets its connection": async ({ alone, place }) => {
		const client = alone();
		await until(() => place.requests === 1);
		client.reset();
		await assert.rejects(client.answer);
	},
	"all clients of a crowd reset their connections": async ({ alone, place }) => {
		const clients = Array.from({ length: CROWD }, () => alone());
		const answers = Promise.allSettled(clients.map(({ answer }) => answer));
		await until(() => place.requests === 1);
		for (const { reset } of clients) reset();
		for (const { status } of await answers) assert.equal(status, "rejected");
	},
	"a request ends before its fetch does": async ({ one, place }) => {
		assert.equal(await one({ leaves: true }), "left");
		await until(() => place.requests === 1);
	},
};

for (const [what, leave] of Object.entries(LEAVING)) {
	for (const [how, { on, lasts, requests }] of Object.entries({
		"by the platform's waitUntil": { on: "modern", requests: 1 },
		"by the context's waitUntil": { on: "bare", lasts: true, requests: 1 },
		"without waitUntil": { on: "bare", requests: 2 },
	})) {
		test(`cold, ${what}, ${how}: the others lose little`, async (t) => {
			const scene = stage({ on: at[on], keySets: { timeout: 5, renewAhead: 60 } });
			const { place, alone, one, crowd } = scene;
			place.delay = 2 * LATENCY;
			await leave({ place, alone: () => alone({ lasts }), one: (more) => one({ lasts, ...more }) });
			const came = await crowd({ lasts });
			assert.deepEqual(came.codes, ["accepted"]);
			assert.ok(place.requests <= requests, `${place.requests} requests`);
			assert.ok(came.took < place.delay + LOSS, figures(came));
			t.diagnostic(`${place.requests} requests, ${figures(came)}, of which ${place.delay} are the issuer's`);
		});
	}
}

test("keys at hand, a client resets its connection during their renewal: nobody notices", async (t) => {
	for (const on of [at.modern, at.bare]) {
		const { place, one, alone, crowd } = stage({ on });
		assert.equal((await one()).code, "accepted");
		place.asked = {};
		place.delay = 2 * LATENCY;
		const client = alone({ at: start + 4000 });
		await until(() => place.requests === 1);
		client.reset();
		await client.answer.catch(() => {});
		const came = await crowd({ at: start + 4000 });
		assert.deepEqual(came.codes, ["accepted"]);
		assert.ok(came.waited < PATIENCE, figures(came));
		assert.ok(place.requests <= 2, `${place.requests} requests`);
		t.diagnostic(`${place.requests} requests, ${figures(came)}`);
	}
});

for (const mood of ["fine", "failing", "hanging"]) {
	test(`keys at hand, 2,000 forged tokens, the issuer is ${mood}: one request, and good tokens do not wait`, async () => {
		const { place, one, crowd } = stage();
		assert.equal((await one()).code, "accepted");
		place.asked = {};
		place.mood = mood;
		for (let round = 0; round < 10; round++) {
			const forged = crowd({ at: start + 40, forges: true });
			const { code, waited } = await one({ at: start + 40 });
			assert.equal(code, "accepted");
			assert.ok(waited < PATIENCE, `${waited} ms`);
			for (const code of (await forged).codes) assert.match(code, /^(key_not_found|keys_unavailable)$/);
		}
		assert.equal(place.requests, 1);
	});
}

async function until(holds) {
	for (let left = 500; left > 0 && !holds(); left--) await pause(5);
	assert.ok(holds(), "the worker does not fetch");
}
