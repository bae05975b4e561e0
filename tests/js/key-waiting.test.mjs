// Where promises belong to requests (Cloudflare Workers): a request waits for what another does, and outlives it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { audience, issuer, json, refusal, signer, start } from "./helpers.mjs";
import { gate, isPending, soon } from "./waiting-kit.mjs";
import { cutOff, guard } from "./worker-kit.mjs";

const key = signer("k1");
const jwksUri = `${issuer}/jwks`;
const DAY = 86_400;
const token = key.token({ exp: start + DAY });
/** An answer that does not come before the test has ended. */
function never(t) {
	const { opened, open } = gate();
	t.after(open);
	return () => opened;
}

/** A guard in a worker; `state.answers` is what its key server waits for. */
function setting(options) {
	const state = { now: start, keys: [key.jwk], answers: () => {}, calls: 0 };
	const fetch = async () => {
		state.calls++;
		await state.answers();
		return json({ keys: state.keys });
	};
	const { check } = guard({ issuer, audience, profile: "jwt", jwksUri, fetch, now: () => state.now, ...options });
	const request = () => new Request(audience, { headers: { authorization: `Bearer ${token}` } });
	return { state, ask: (context) => refusal(() => check(request(), context)) };
}

const several = (ask) => soon(Promise.all([ask(), ask(), ask()]));

test("requests wait for the keys that the first of them fetches", async () => {
	const { state, ask } = setting();
	state.answers = () => pause(100);
	assert.deepEqual(await several(ask), ["accepted", "accepted", "accepted"]);
	assert.equal(state.calls, 1);
});

test("who fetches keys is answered as soon as they are there", async () => {
	const times = [];
	for (let nth = 0; nth < 20; nth++) {
		const { ask } = setting();
		const began = performance.now();
		assert.equal(await ask(), "accepted");
		times.push(performance.now() - began);
	}
	assert.ok(Math.min(...times) < 9, times.join());
});

test("a request that ends takes its fetch along, and another fetches anew", async (t) => {
	const { state, ask } = setting();
	state.answers = never(t);
	await cutOff(ask);
	state.answers = () => {};
	assert.deepEqual(await several(ask), ["accepted", "accepted", "accepted"]);
	assert.equal(state.calls, 2);
});

test("a slow fetch is not taken for one whose request has ended", async () => {
	const { state, ask } = setting();
	state.answers = () => pause(900);
	assert.deepEqual(await several(ask), ["accepted", "accepted", "accepted"]);
	assert.equal(state.calls, 1);
});

test("long beyond their age, keys are renewed before the verdict, where that takes no longer than patience", async () => {
	const { state, ask } = setting({ keySets: { patience: 2 } });
	assert.equal(await ask(), "accepted");
	state.now += 700;
	state.keys = [signer("k1").jwk];
	state.answers = () => pause(100);
	assert.deepEqual(await several(ask), ["signature_invalid", "signature_invalid", "signature_invalid"]);
	assert.equal(state.calls, 2);
});

test("long beyond their age, keys serve once patience is over", async (t) => {
	const { state, ask } = setting({ keySets: { patience: 0.1, timeout: 10 } });
	assert.equal(await ask(), "accepted");
	state.now += 700;
	state.answers = never(t);
	assert.deepEqual(await several(ask), ["accepted", "accepted", "accepted"]);
	assert.equal(state.calls, 2);
});

test("what a request renews behind its verdict ends before it, or is left to waitUntil", async () => {
	const left = [];
	const waitUntil = (work) => void left.push(work);
	const ended = () => {
		throw new Error("the request has ended");
	};
	for (const [context, isLeft] of [
		[undefined, false],
		[{}, false],
		[{ waitUntil: ended }, false],
		[{ waitUntil }, true],
	]) {
		const { state, ask } = setting();
		assert.equal(await ask(), "accepted");
		state.now += 610;
		const { opened, open } = gate();
		state.answers = () => opened;
		left.length = 0;
		const asked = ask(context);
		assert.equal(await isPending(asked), !isLeft);
		assert.equal(left.length, isLeft ? 1 : 0);
		open();
		assert.equal(await soon(asked), "accepted");
		assert.equal(await soon(Promise.all(left)).then(() => state.calls), 2);
	}
});

/** A guard in a worker that asks a function about issuers. */
function asking() {
	const state = { answers: () => {}, calls: 0 };
	const ask = async () => {
		state.calls++;
		await state.answers();
		return { issuer, keys: key.jwk };
	};
	return { state, ask: setting({ issuer: ask, jwksUri: undefined }).ask };
}

test("requests wait for what the first of them asks about an issuer, however slow", async () => {
	for (const milliseconds of [100, 900]) {
		const { state, ask } = asking();
		state.answers = () => pause(milliseconds);
		assert.deepEqual(await several(ask), ["accepted", "accepted", "accepted"]);
		assert.equal(state.calls, 1);
	}
});

test("a request that ends takes its question about an issuer along, and another asks anew", async (t) => {
	const { state, ask } = asking();
	state.answers = never(t);
	await cutOff(ask);
	state.answers = () => {};
	assert.deepEqual(await several(ask), ["accepted", "accepted", "accepted"]);
	assert.equal(state.calls, 2);
});
