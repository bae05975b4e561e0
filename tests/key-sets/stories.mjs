// What takes more than one answer: rotations, floods, clocks, moved key sets. `on` makes a scene (scene.mjs).

import assert from "node:assert/strict";
import { answer, drip, hang, inTurn, slow, status } from "./behaviours.mjs";
import { evil, good, goodSet, second, token } from "./material.mjs";

const DAY = 86_400;
const YEAR = 365 * DAY;
const right = answer(goodSet);
const rotated = { keys: [second.jwk] };
const both = { keys: [good.jwk, second.jwk] };
const known = async (on, keys = right) => {
	on.set({ keys });
	assert.equal(await on.verify(), "accepted");
	return on;
};
const crowd = (count, ask) => Promise.all(Array.from({ length: count }, (_, at) => ask(at)));
const seconds = async (work) => {
	const began = performance.now();
	await work();
	return (performance.now() - began) / 1000;
};

export const STORIES = {
	"a crowd before the first answer: one request, and nobody is refused": async (make) => {
		const on = make({});
		on.set({ keys: slow(200, goodSet) });
		const told = await crowd(40, (at) => [on.verify, on.guard][at % 2]());
		assert.deepEqual([...new Set(told)], ["accepted"]);
		assert.equal(on.place.requests, 1);
	},
	"a crowd before a failure: all hear of it, and one request was sent": async (make) => {
		const on = make({});
		on.set({ keys: (exchange) => setTimeout(status(500), 200, exchange) });
		const told = await crowd(40, (at) => [on.verify, on.guard][at % 2]());
		assert.deepEqual([...new Set(told)], ["keys_unavailable"]);
		assert.equal(on.place.requests, 1);
	},
	"without keys, failures are followed by rests of 0, 1, 2, 4 … and never more than 30 s": async (make) => {
		const on = make({});
		on.set({ keys: status(500) });
		const asked = [];
		for (let second = 0; second <= 100; second++) {
			on.at(second);
			const before = on.place.requests;
			assert.equal(await on.verify(), "keys_unavailable");
			if (on.place.requests > before) asked.push(second);
		}
		assert.deepEqual(asked, [0, 1, 2, 4, 8, 16, 32, 62, 92]);
	},
	"a flood of invented kids: one request a window, and good tokens pass": async (make) => {
		const on = await known(make({}));
		on.at(40);
		const told = await crowd(60, (at) =>
			at % 6 === 0 ? on.verify() : on.verify({ ...evil, kid: `invented-${at}-${"x".repeat(at)}` }),
		);
		const good = told.filter((_, at) => at % 6 === 0);
		assert.deepEqual([...new Set(good)], ["accepted"]);
		for (const code of told.filter((_, at) => at % 6 !== 0)) assert.match(code, /^(key_not_found|keys_unavailable)$/);
		assert.equal(on.place.requests, 2);
		on.at(69);
		assert.equal(await on.verify({ ...evil, kid: "invented" }), "keys_unavailable");
		assert.equal(on.place.requests, 2);
		on.at(71);
		assert.equal(await on.verify({ ...evil, kid: "invented" }), "key_not_found");
		assert.equal(await on.verifySync({ ...evil, kid: "invented" }), "key_not_found");
		assert.equal(on.place.requests, 3);
	},
	"a flood of forged signatures: one request a window, and all are refused": async (make) => {
		const on = await known(make({}));
		on.at(40);
		const told = await crowd(40, (at) => [on.verify, on.guard, on.verifySync][at % 3](evil));
		assert.deepEqual([...new Set(told)], ["signature_invalid"]);
		assert.ok(on.place.requests <= 2, `${on.place.requests} requests`);
	},
	"a kid of 16 KiB in a token is too large a token": async (make) => {
		const on = await known(make({}));
		on.at(40);
		assert.equal(await on.verify({ ...evil, kid: "k".repeat(16_384) }), "token_too_large");
		assert.equal(on.place.requests, 1);
	},
	"a key is added: found at once, in every way": async (make) => {
		for (const way of ["verify", "guard"]) {
			const on = await known(make({}));
			on.set({ keys: answer(both) });
			on.at(40);
			assert.equal(await on[way](second), "accepted");
			assert.equal(await on[way](), "accepted");
			assert.equal(on.place.requests, 2);
		}
		const on = await known(make({}));
		on.set({ keys: answer(both) });
		on.at(40);
		assert.equal(await on.verifySync(second), "keys_unavailable");
		await on.idle();
		assert.equal(await on.verifySync(second), "accepted");
		assert.equal(on.place.requests, 2);
	},
	"a key is added while an answer is on its way that lacks it: not now, then yes": async (make) => {
		const on = make({});
		on.set({ keys: slow(300, goodSet) });
		const first = on.verify();
		while (on.place.requests === 0) await new Promise((resolve) => setTimeout(resolve, 5));
		on.set({ keys: answer(both) });
		const early = await on.verify(second);
		assert.equal(await first, "accepted");
		assert.match(early, /^(accepted|keys_unavailable)$/);
		on.at(40);
		assert.equal(await on.verify(second), "accepted");
		assert.equal(on.place.requests, 2);
	},
	"a key is replaced under its kid: the new one passes, the old one is refused": async (make) => {
		const fresh = { ...second, kid: "k1" };
		const on = await known(make({}));
		on.set({ keys: answer({ keys: [{ ...second.jwk, kid: "k1" }] }) });
		on.at(40);
		assert.equal(await on.verify(fresh), "accepted");
		for (const ask of [on.verify, on.verifySync, on.guard]) assert.equal(await ask(good), "signature_invalid");
		assert.equal(on.place.requests, 2);
	},
	"keys that alternate with each answer: no more than a request a window": async (make) => {
		const on = await known(make({}), inTurn(right, answer(rotated), right, answer(rotated), right));
		let asked = on.place.requests;
		for (let at = 40; at < 400; at += 5) {
			on.at(at);
			await on.verify(second);
			await on.verify(good);
		}
		asked = on.place.requests - asked;
		assert.ok(asked <= 24, `${asked} requests in 360 s`);
	},
	"a published secret signs nothing": async (make) => {
		const secret = { kty: "oct", kid: "s1", k: Buffer.alloc(64, 7).toString("base64url") };
		const on = await known(make({ algorithms: ["ES256", "HS256"] }), answer({ keys: [good.jwk, secret] }));
		const { createHmac } = await import("node:crypto");
		const input = token(on.place.issuer, { ...good, kid: "s1" }, { alg: "HS256" })
			.split(".")
			.slice(0, 2)
			.join(".");
		const forged = `${input}.${createHmac("sha256", Buffer.alloc(64, 7)).update(input).digest("base64url")}`;
		for (const ask of [on.verify, on.verifySync, on.guard]) assert.equal(await ask(forged), "key_not_found");
	},
	"the key set has moved: found where the metadata says now": async (make) => {
		const on = await known(make({ discovers: true }));
		const metadata = answer((place) => ({ issuer: place.issuer, jwks_uri: `${place.issuer}/moved` }));
		on.set({ metadata, keys: status(404), elsewhere: answer(both) });
		on.at(700);
		assert.equal(await on.verify(second), "accepted");
		assert.equal(await on.verify(good), "accepted");
		assert.equal(on.place.requests, 5);
	},
	"key set and metadata are gone: withdrawn, and found again where it was": async (make) => {
		const on = await known(make({ discovers: true }));
		const gone = status(404);
		on.set({ keys: gone, metadata: gone, openid: gone });
		on.at(700);
		for (const ask of [on.verify, on.verifySync, on.guard]) assert.equal(await ask(), "keys_unavailable");
		on.set({ keys: answer(rotated) });
		on.at(800);
		assert.equal(await on.verify(second), "accepted");
		assert.notEqual(await on.verify(good), "accepted");
		on.at(840);
		assert.equal(await on.verify(good), "key_not_found");
	},
	"nothing answers, and nothing is set: refused within the default timeout": async (make) => {
		const on = make({});
		on.set({ keys: hang });
		const took = await seconds(async () => assert.equal(await on.verify(), "keys_unavailable"));
		assert.ok(took > 4 && took < 6.5, `${took} s`);
	},
	"overdue, and nothing answers: served within the default patience": async (make) => {
		const on = await known(make({ keySets: { timeout: 2, patience: 0.08 } }));
		on.set({ keys: hang });
		on.at(4000);
		const took = await seconds(async () => assert.equal(await on.verify(), "accepted"));
		assert.ok(took < 1.5, `${took} s`);
		await on.idle();
		// From now on the failure is known: nobody waits.
		on.at(4040);
		const again = await seconds(async () => assert.equal(await on.verify(), "accepted"));
		assert.ok(again < 1.5, `${again} s`);
	},
	"stale, and nothing answers: nobody waits": async (make) => {
		const on = await known(make({ keySets: { timeout: 2 } }));
		on.set({ keys: hang });
		on.at(615);
		const took = await seconds(async () => assert.equal(await on.verify(), "accepted"));
		assert.ok(took < 1.5, `${took} s`);
	},
	"a body that drips on does not extend its time": async (make) => {
		const on = make({ keySets: { timeout: 0.5 } });
		on.set({ keys: drip(20, goodSet) });
		const took = await seconds(async () => assert.equal(await on.verify(), "keys_unavailable"));
		assert.ok(took < 2, `${took} s`);
	},
	"the policy's clock jumps ahead by ten years, and back": async (make) => {
		const on = await known(make({}));
		on.set({ keys: status(500) });
		on.at(10 * YEAR);
		for (const ask of [on.verify, on.verifySync, on.guard]) assert.equal(await ask(), "keys_unavailable");
		on.set({ keys: right });
		on.at(10 * YEAR + 60);
		assert.equal(await on.verify(), "accepted");
		// Set back, it makes nothing older.
		const before = on.place.requests;
		on.at(60);
		for (const ask of [on.verify, on.verifySync, on.guard]) assert.equal(await ask(), "accepted");
		assert.equal(on.place.requests, before);
	},
	"both clocks are set back by a year: the keys serve, are renewed, and a withdrawn one is noticed": async (make) => {
		const on = await known(make({}));
		on.set({ keys: answer(rotated) });
		on.at(-YEAR);
		on.machineAt(-YEAR);
		await on.verify();
		await on.idle();
		assert.equal(on.place.requests, 2);
		on.at(-YEAR + 40);
		for (const ask of [on.verify, on.verifySync, on.guard]) assert.equal(await ask(), "key_not_found");
		assert.equal(await on.verify(second), "accepted");
		on.machineAt(0);
	},
	"both clocks are set back while the issuer is down: served no longer than age and stale bound": async (make) => {
		const on = await known(make({}));
		on.set({ keys: status(500) });
		on.at(-YEAR);
		on.machineAt(-YEAR);
		assert.equal(await on.verify(), "accepted");
		on.at(-YEAR + 600 + DAY);
		for (const ask of [on.verify, on.verifySync, on.guard]) assert.equal(await ask(), "keys_unavailable");
		on.machineAt(0);
	},
	"both clocks jump ahead by a year and the issuer is well: one wait, then all is as before": async (make) => {
		const on = await known(make({}));
		on.at(YEAR);
		on.machineAt(YEAR);
		for (const ask of [on.verify, on.verifySync, on.guard]) assert.equal(await ask(), "accepted");
		assert.equal(on.place.requests, 2);
		on.machineAt(0);
	},
	"a clock that tells no time is the caller's mistake, and harms nothing": async (make) => {
		const on = await known(make({}));
		for (const now of ["soon", null, -5, {}]) {
			on.clock(now);
			for (const ask of [on.verify, on.verifySync, on.guard]) assert.equal(await ask(), "TypeError");
		}
		on.at(1);
		for (const ask of [on.verify, on.verifySync, on.guard]) assert.equal(await ask(), "accepted");
		assert.equal(on.place.requests, 1);
	},
};
