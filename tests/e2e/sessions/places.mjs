// Stories of devices, browsers and servers that are as they are.

import assert from "node:assert/strict";
import { ALL, begins, nothingLost, SHARED, works } from "./renewals.mjs";
import { refusal } from "./server.mjs";
import { call } from "./world.mjs";

const HOURS = 8 * 3_600;

/** The clock jumps, and timers that are due fire late. */
async function sleep(world, tab) {
	world.op.state.skew += HOURS;
	await tab.page.clock.fastForward(HOURS * 1_000);
}

async function signedInWithClock(world) {
	await world.context.clock.install();
	world.options.silent = "redirect";
	return world.signedIn();
}

/** A browser without some of its parts. */
const without = (world, parts) =>
	world.context.addInitScript((parts) => {
		for (const part of parts) {
			const get = () => {
				if (part.endsWith("Storage")) throw new DOMException("blocked", "SecurityError");
				return undefined;
			};
			Object.defineProperty(part === "locks" ? Navigator.prototype : window, part, { get });
		}
	}, parts);

const started = () =>
	globalThis.login.start().then(
		() => "left",
		(error) => error.message,
	);

function refusing(id, name, answer, { mends = 61 } = {}) {
	return {
		id,
		name: `a renewal is answered ${name}`,
		storages: SHARED,
		async run(world) {
			const tab = await world.signedIn();
			world.op.state.renewal = answer;
			await world.pass(280);
			for (let times = 0; times < 20; times++) await works(tab);
			const first = world.op.seen.requests;
			await world.pass(21);
			const calls = [];
			for (let times = 0; times < 10; times++) calls.push(await tab.run(call));
			assert.ok(calls.every(({ page, api }) => page === "ada" && api === calls[0].api));
			assert.equal(first, 1);
			assert.ok(world.op.seen.requests <= 2);
			world.mend();
			await world.pass(mends);
			if (mends) await works(tab);
			else await world.signIn(tab, "ada");
			nothingLost(world);
			return `30 calls, ${first} request; afterwards ${calls[0].api}, until ${mends ? "it is mended" : "the user signs in"}`;
		},
	};
}

export const places = [
	{
		id: "m1",
		name: "a laptop sleeps for 8 h",
		storages: SHARED,
		async run(world) {
			const tab = await signedInWithClock(world);
			await sleep(world, tab);
			for (let times = 0; times < 3; times++) await works(tab);
			assert.equal(world.op.seen.requests, 1);
			return "renewed once";
		},
	},
	{
		id: "m2",
		name: "the same in mid-renewal",
		storages: SHARED,
		async run(world) {
			const tab = await signedInWithClock(world);
			await tab.page.clock.fastForward(400_000);
			world.op.state.skew += 400;
			const held = world.hold("before");
			await begins(tab);
			await held.arrived;
			await sleep(world, tab);
			await works(tab);
			nothingLost(world);
			assert.ok(world.op.seen.requests <= 2);
			return "given up, and renewed by the next call";
		},
	},
	{
		id: "m3",
		name: "the same, and the server has forgotten everybody",
		storages: SHARED,
		async run(world) {
			const tab = await signedInWithClock(world);
			world.op.forgetAll();
			world.op.state.user = null;
			await sleep(world, tab);
			assert.deepEqual(await tab.run(call), { page: null, api: "session_ended" });
			assert.equal((await tab.leave(() => void login.restore())).page, null);
			for (let times = 0; times < 3; times++) assert.equal((await tab.reload()).page, null);
			assert.ok(world.op.seen.authorizations <= 3, `${world.op.seen.authorizations} redirects`);
			return `ended, ${world.op.seen.authorizations - 1} silent redirect in 4 page loads`;
		},
	},
	{
		id: "n1",
		name: "no localStorage, sessionStorage, IndexedDB",
		storages: ALL,
		async run(world) {
			await without(world, ["localStorage", "sessionStorage", "indexedDB"]);
			const tab = await world.open();
			assert.deepEqual(await tab.settled(), { page: null, fails: "" });
			const said = await tab.run(started);
			assert.match(said, /blocks sessionStorage/);
			return "nobody is there, the page lives; start says why";
		},
	},
	{
		id: "n2",
		name: "no Web Locks",
		storages: ALL,
		async run(world, storage) {
			await without(world, ["locks"]);
			const tab = await world.open();
			if (storage === "shared") {
				assert.deepEqual(await tab.settled(), { page: null, fails: "" });
				assert.match(await tab.run(started), /"shared" needs Web Locks.*use "session"/);
				return "nobody is there, the page lives; start says why";
			}
			await world.signIn(tab, "ada");
			await world.pass();
			await works(tab);
			await world.pass();
			assert.equal((await tab.reload()).page, "ada");
			await works(tab);
			nothingLost(world);
			return "works";
		},
	},
	{
		id: "n3",
		name: "no IndexedDB",
		storages: ALL,
		async run(world, storage) {
			await without(world, ["indexedDB"]);
			world.options.silent = "redirect";
			const tab = await world.signedIn();
			for (let times = 0; times < 2; times++) {
				await world.pass();
				await works(tab);
			}
			assert.equal((await tab.reload()).page, "ada");
			nothingLost(world);
			return storage === "session" ? "works" : "lives as long as the page; a silent redirect brings it back";
		},
	},
	refusing("o1", "interaction_required", () => refusal("interaction_required"), { mends: 0 }),
	refusing("o2", "429 with Retry-After: 30", () => refusal("slow_down", 429, { "retry-after": "30" })),
	refusing("o3", "invalid_client", () => refusal("invalid_client", 401)),
];
