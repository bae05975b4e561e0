// Stories of a renewal that something happens to. Each resolves to its outcome in a few words.

import assert from "node:assert/strict";
import { call } from "./world.mjs";

export const ADA = { page: "ada", api: "ada" };
export const ALL = ["session", "shared"];
/** Where the storage makes no difference. */
export const SHARED = ["shared"];
export const nothingLost = ({ op }) => assert.equal(op.seen.killed, 0, "families that were ended");

export const works = async (tab) => assert.deepEqual(await tab.run(call), ADA);
export const begins = (tab) => tab.run(() => void globalThis.call());

/** The server's own session brings a lost one back, without a word to the user. */
async function comesBack(world, tab) {
	await works(tab);
	assert.ok(world.op.seen.authorizations <= 2, `${world.op.seen.authorizations} redirects`);
	return world.op.seen.killed ? "the server ends it; a silent redirect brings it back" : "goes on";
}

async function reloaded(world, when) {
	world.options.silent = "redirect";
	const tab = await world.signedIn();
	await world.pass();
	for (let times = 0; times < 2; times++) {
		const held = world.hold(when);
		if (times === 0) await begins(tab);
		else await tab.beginReload();
		await held.arrived;
	}
	assert.equal((await tab.reload()).page, "ada");
	return comesBack(world, tab);
}

export const renewals = [
	{
		id: "b1",
		name: "F5 twice in mid-renewal, before the server has granted it",
		storages: ALL,
		everywhere: SHARED,
		run: (world) => reloaded(world, "before"),
	},
	{
		id: "b2",
		name: "F5 in mid-renewal, granted but not read",
		storages: ALL,
		everywhere: SHARED,
		async run(world) {
			world.options.silent = "redirect";
			const tab = await world.signedIn();
			await world.pass();
			const held = world.hold("after");
			await begins(tab);
			await held.arrived;
			assert.equal((await tab.reload()).page, "ada");
			const outcome = await comesBack(world, tab);
			await world.pass();
			await works(tab);
			return outcome;
		},
	},
	{
		id: "c1",
		name: "tab closed in mid-renewal, before it is granted: the other one",
		storages: ALL,
		everywhere: SHARED,
		async run(world) {
			const first = await world.signedIn();
			const other = await world.copy(first);
			await world.pass();
			const held = world.hold("before");
			await begins(first);
			await held.arrived;
			await world.close(first);
			const closed = performance.now();
			await works(other);
			assert.ok(performance.now() - closed < 15_000, "the lock went with the tab");
			nothingLost(world);
			return "goes on";
		},
	},
	{
		id: "c2",
		name: "the same, granted but not read",
		storages: ALL,
		everywhere: ALL,
		async run(world) {
			world.options.silent = "redirect";
			const first = await world.signedIn();
			const other = await world.copy(first);
			await world.pass();
			const held = world.hold("after");
			await begins(first);
			await held.arrived;
			await world.close(first);
			assert.deepEqual(await other.run(call), { page: null, api: "session_ended" });
			assert.equal((await other.leave(() => void login.restore())).page, "ada");
			await works(other);
			return "the server ends it; a silent redirect brings it back";
		},
	},
	{
		id: "d1",
		name: "network cut before it is granted",
		storages: SHARED,
		async run(world) {
			const tab = await world.signedIn();
			await world.pass();
			world.cut("before");
			assert.deepEqual(await tab.run(call), { page: "ada", api: "token_request_failed" });
			world.mend();
			await works(tab);
			nothingLost(world);
			return "that call fails, the next one renews";
		},
	},
	...["answered", "unheard"].map((when, at) => ({
		id: `d${at + 2}`,
		name: `granted, network cut ${when === "unheard" ? "before the first byte of" : "within"} the answer`,
		storages: SHARED,
		async run(world) {
			world.options.silent = "redirect";
			const tab = await world.signedIn();
			await world.pass(280);
			world.cut(when);
			const { api } = await tab.run(call);
			await world.pass();
			assert.deepEqual(await tab.run(call), { page: null, api: api === "ada" ? "session_ended" : "login_required" });
			assert.equal((await tab.leave(() => void login.restore())).page, "ada");
			await works(tab);
			return `that call: ${api}; the server ends it; a silent redirect brings it back`;
		},
	})),
	{
		id: "e",
		name: "the token endpoint takes 12 s",
		storages: SHARED,
		async run(world) {
			const tab = await world.signedIn();
			await world.pass();
			world.op.state.renewal = async (grant) => {
				await new Promise((resolve) => setTimeout(resolve, 12_000));
				return grant();
			};
			await works(tab);
			assert.equal(world.op.seen.requests, 1);
			nothingLost(world);
			return "renewed by one request";
		},
	},
	...[true, false].map((renewsIdToken) => ({
		id: renewsIdToken ? "f1" : "f2",
		name: `key server down, the answer with${renewsIdToken ? "" : "out"} an ID token`,
		storages: SHARED,
		async run(world) {
			const { state } = world.op;
			const tab = await world.signedIn();
			Object.assign(state, { renewsIdToken, hasKeys: false });
			await world.pass();
			const open = await tab.run(call);
			assert.equal(open.page, "ada");
			const reloaded = await tab.reload();
			const without = await tab.run(call);
			state.hasKeys = true;
			await world.pass(60);
			assert.equal((await tab.reload()).page, "ada");
			await works(tab);
			nothingLost(world);
			return `open page: ${open.api}; reloaded: ${reloaded.fails || without.api}; goes on with the keys`;
		},
	})),
	{
		id: "g",
		name: "the server has rotated its signing key",
		storages: SHARED,
		async run(world) {
			const { op } = world;
			const tab = await world.signedIn();
			await op.rotateKey();
			await world.pass();
			await works(tab);
			// And the kept ID token's key is gone while the server gives no other.
			await op.rotateKey();
			op.state.renewsIdToken = false;
			assert.equal((await tab.reload()).page, "ada");
			await works(tab);
			nothingLost(world);
			return "goes on";
		},
	},
	{
		id: "h",
		name: "the store is full: three renewals",
		storages: ALL,
		everywhere: ALL,
		async run(world) {
			const tab = await world.signedIn();
			await tab.run(() => {
				const full = () => {
					throw new DOMException("full", "QuotaExceededError");
				};
				IDBObjectStore.prototype.put = full;
				Storage.prototype.setItem = full;
			});
			for (let times = 0; times < 3; times++) {
				await world.pass();
				await works(tab);
			}
			nothingLost(world);
			assert.equal(world.op.seen.renewals, 3);
			return "goes on in this page";
		},
	},
	{
		id: "l",
		name: "renewed without an ID token, reloaded after the ID token's expiry",
		storages: ALL,
		async run(world) {
			Object.assign(world.op.state, { idTokenLifetime: 300, renewsIdToken: false });
			const tab = await world.signedIn();
			await world.pass();
			await works(tab);
			await world.pass();
			assert.equal((await tab.reload()).page, "ada");
			await works(tab);
			nothingLost(world);
			return "goes on";
		},
	},
	{
		id: "p",
		name: "tokens that live 20 s",
		storages: SHARED,
		async run(world) {
			world.op.state.lifetime = 20;
			const tab = await world.signedIn();
			for (let seconds = 0; seconds < 14; seconds += 2) {
				await works(tab);
				await world.pass(2);
			}
			assert.equal(world.op.seen.requests, 0);
			await world.pass(3);
			for (let times = 0; times < 5; times++) await works(tab);
			assert.equal(world.op.seen.requests, 1);
			return "renewed once, in their last fifth";
		},
	},
];
