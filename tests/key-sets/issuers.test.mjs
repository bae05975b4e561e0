// Tenants in a directory, in workerd over HTTP: asked about once, in outages too, and strangers in their hundred thousands
// cost a bounded number of questions.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { countedIssuer } from "./counted-issuer.mjs";
import { fleet } from "./fleet.mjs";
import { forgery } from "./forgery.mjs";
import { audience, good, goodSet, second, start, token } from "./material.mjs";

const CROWD = 200;
const FLOOD = 100_000;
const BATCH = 1_000;
/** Questions at once and a second, as the table has them. */
const [BURST, RATE] = [200, 20];
/** Seconds. */
const TIMEOUT = 0.6;

const at = {};
let places = 0;

/** A directory of tenants that fails as it is told. */
async function directoryOf() {
	const state = { known: new Map(), mood: "fine", delay: 0, asked: {} };
	const server = createServer(async ({ url }, response) => {
		response.on("error", () => {});
		const issuer = new URL(url, "http://localhost").searchParams.get("issuer");
		state.asked[issuer] = (state.asked[issuer] ?? 0) + 1;
		if (state.delay > 0) await pause(state.delay);
		if (state.mood === "hanging") return;
		if (state.mood === "failing") return response.writeHead(500).end("the password is sesame");
		const answer = state.mood === "rubbish" ? { issuer: "https://evil.example" } : state.known.get(issuer);
		response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer ?? null));
	});
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	state.url = `http://127.0.0.1:${server.address().port}/`;
	state.close = () => {
		server.close();
		server.closeAllConnections();
	};
	return state;
}

before(async () => {
	at.issuer = await countedIssuer();
	at.modern = await fleet("issuers-worker.mjs");
	at.bare = await fleet("issuers-worker.mjs", { waitsUntil: false });
});
after(async () => {
	await at.modern?.end();
	await at.bare?.end();
	at.issuer.close();
});

/** A directory with two tenants, each of which publishes one key. */
async function stage(t, { on = at.modern, ...issuerTable } = {}) {
	const directory = await directoryOf();
	t.after(directory.close);
	const tenants = [good, second].map((key) => {
		const place = at.issuer.place(`tenant-${++places}`, key === good ? goodSet.keys : [key.jwk]);
		directory.known.set(place.issuer, { issuer: place.issuer, jwksUri: place.jwksUri });
		return { place, token: token(place.issuer, key), foreign: token(place.issuer, key === good ? second : good) };
	});
	const options = { audience, directory: directory.url, issuerTable: { timeout: TIMEOUT, ...issuerTable } };
	const ask = (more) => on.ask({ options, at: start, ...more });
	const crowd = (more, size = CROWD) => Promise.all(Array.from({ length: size }, () => ask(more)));
	return { directory, tenants, ask, crowd, alone: (more) => on.askAlone({ options, at: start, ...more }) };
}

const codes = (answers) => [...new Set(answers.map(({ told }) => told.code))];

test("a crowd of several tenants: one question and one request for keys each", async (t) => {
	const { directory, tenants, crowd, ask } = await stage(t);
	directory.delay = 200;
	const [one, other] = tenants;
	const came = await Promise.all([crowd({ token: one.token }), crowd({ token: other.token })]);
	assert.deepEqual(codes(came.flat()), ["accepted"]);
	assert.deepEqual(directory.asked, { [one.place.issuer]: 1, [other.place.issuer]: 1 });
	assert.deepEqual([one.place.requests, other.place.requests], [1, 1]);
	// Neither tenant's key checks the other's tokens.
	assert.notEqual((await ask({ token: one.foreign })).told.code, "accepted");
	const { status } = await ask({ token: other.token });
	assert.deepEqual(
		status.sort(),
		[
			[one.place.issuer, "fresh"],
			[other.place.issuer, "fresh"],
		].sort(),
	);
	const stranger = await ask({ token: forgery("https://stranger.example", "k1") });
	assert.deepEqual([stranger.told.code, stranger.told.status], ["issuer_mismatch", 401]);
	assert.equal(stranger.status.length, 2);
});

for (const mood of ["failing", "hanging", "rubbish"]) {
	test(`the directory is ${mood}: known tenants pass, others are told to come again, and it has its rest`, async (t) => {
		const { directory, tenants, crowd, ask } = await stage(t);
		const [known, late] = tenants;
		assert.equal((await ask({ token: known.token })).told.code, "accepted");
		directory.asked = {};
		directory.mood = mood;
		const came = await crowd({ token: late.token });
		assert.deepEqual(codes(came), ["issuer_unavailable"]);
		for (const { told } of came) {
			assert.equal(told.status, 503);
			assert.match(told.retryAfter, /^[1-9]\d*$/);
			assert.doesNotMatch(told.body, /sesame|500|127\.0\.0\.1/);
		}
		assert.equal(directory.asked[late.place.issuer], 1);
		// The answer about the other is old by now: it serves, and hardly anybody waits.
		const old = await crowd({ token: known.token, at: start + 301 });
		assert.deepEqual(codes(old), ["accepted"]);
		assert.ok(directory.asked[known.place.issuer] <= 2, JSON.stringify(directory.asked));
		const waited = Math.max(...old.map(({ told }) => told.waited));
		assert.ok(waited < 400, `${waited} ms`);
		directory.mood = "fine";
		assert.equal((await ask({ token: late.token, at: start + 340 })).told.code, "accepted");
	});
}

for (const [how, on, most] of [
	["with waitUntil", "modern", 1],
	["without", "bare", 2],
]) {
	test(`a client leaves while the directory is asked, ${how}: the others lose little`, async (t) => {
		const { directory, tenants, crowd, alone } = await stage(t, { on: at[on], timeout: 5 });
		directory.delay = 500;
		const client = alone({ token: tenants[0].token });
		for (let left = 500; left > 0 && !directory.asked[tenants[0].place.issuer]; left--) await pause(5);
		client.reset();
		await assert.rejects(client.answer);
		const began = performance.now();
		assert.deepEqual(codes(await crowd({ token: tenants[0].token })), ["accepted"]);
		assert.ok(performance.now() - began < 2_500, `${performance.now() - began} ms`);
		assert.ok(directory.asked[tenants[0].place.issuer] <= most, JSON.stringify(directory.asked));
	});
}

test(`${FLOOD} strangers: a bounded number of questions, memory of none, and tenants pass`, async (t) => {
	const { directory, tenants, ask } = await stage(t);
	assert.equal((await ask({ token: tenants[0].token })).told.code, "accepted");
	const flood = async (from, size) => {
		const told = {};
		let last;
		for (let sent = 0; sent < size; sent += BATCH) {
			last = await ask({ strangers: BATCH, from: from + sent });
			for (const [code, count] of Object.entries(last.told)) told[code] = (told[code] ?? 0) + count;
		}
		return { ...last, told };
	};
	const first = await flood(0, 10 * BATCH);
	const began = performance.now();
	directory.asked = {};
	const came = await flood(10 * BATCH, FLOOD);
	const seconds = (performance.now() - began) / 1000;
	const questions = Object.values(directory.asked).reduce((sum, count) => sum + count, 0);
	t.diagnostic(`${questions} questions in ${seconds.toFixed(1)} s: ${JSON.stringify(came.told)}`);
	t.diagnostic(`wasm ${first.memory} bytes before, ${came.memory} after`);
	assert.ok(questions <= BURST + RATE * (seconds + 1), `${questions} questions`);
	assert.ok(Object.values(directory.asked).every((count) => count === 1));
	assert.ok(questions > 0);
	assert.deepEqual(Object.keys(came.told).sort(), ["issuer_mismatch", "issuer_unavailable"]);
	assert.ok(first.memory > 0);
	assert.equal(came.memory, first.memory);
	assert.equal(came.status.length, 1);
	// Who was known passes; who was not gets in as soon as a question is free.
	assert.equal((await ask({ token: tenants[0].token })).told.code, "accepted");
	await pause(200);
	assert.equal((await ask({ token: tenants[1].token })).told.code, "accepted");
});
