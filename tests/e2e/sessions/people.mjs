// Stories of what users do: log out, share a browser, copy a tab.

import assert from "node:assert/strict";
import { ADA, ALL, begins, nothingLost, SHARED, works } from "./renewals.mjs";
import { call } from "./world.mjs";

/** Waits until it is so. */
async function until(what, isSo) {
	const end = performance.now() + 8_000;
	while (!(await isSo())) {
		if (performance.now() > end) throw new Error(`not within 8 s: ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}

const signOut = () => globalThis.login.logout({ global: false });

async function isOver(world, tabs) {
	await until("what was granted is revoked", () => world.op.live() === 0);
	for (const tab of tabs) {
		assert.deepEqual(await tab.run(call), { page: null, api: "login_required" });
		assert.equal((await tab.reload()).page, null);
	}
	assert.equal(world.op.live(), 0);
	assert.equal(world.op.seen.authorizations, 1);
}

/** The API is used without a pause, and who the page and who the API says is there are written down. */
const watch = () => {
	globalThis.watched = [];
	const go = async () => {
		while (globalThis.watched) {
			globalThis.watched.push(await globalThis.call());
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
	};
	go();
};
const watched = () => {
	const all = globalThis.watched;
	globalThis.watched = undefined;
	return all;
};

async function agree(tab) {
	const all = await tab.run(watched);
	const mixed = all.filter(({ page, api }) => page && ["ada", "bob"].includes(api) && page !== api);
	assert.deepEqual(mixed, [], "the page says one, the API another");
	assert.ok(all.length > 0);
}

/** What becomes of the tab that was signed in first. */
async function second(first, other, storage) {
	await until("the first has heard of it", async () => {
		const isAnswered = await first.run(() => globalThis.watched.length > 0);
		return isAnswered && ((await first.run(call)).page !== "ada" || storage === "session");
	});
	await agree(first);
	const [now, theirs] = [await first.run(call), await other.run(call)];
	assert.deepEqual(theirs, { page: "bob", api: "bob" });
	assert.deepEqual(now, storage === "session" ? ADA : { page: null, api: "login_required" });
	return storage === "session" ? "each keeps a session of its own" : "the first tab's session ends";
}

export const people = [
	...["here", "in another tab"].map((where, at) => ({
		id: `i${at + 1}`,
		name: `logout in mid-renewal, ${where}`,
		storages: ALL,
		everywhere: SHARED,
		async run(world) {
			world.options.silent = "redirect";
			const tab = await world.signedIn();
			const other = await world.copy(tab);
			await world.pass();
			const held = world.hold("after");
			await begins(tab);
			await held.arrived;
			await (at === 0 ? tab : other).run(signOut);
			held.release();
			await isOver(world, [tab, other]);
			return "over in both; what was granted is revoked";
		},
	})),
	{
		id: "j1",
		name: "another user signs in in another tab",
		storages: ALL,
		everywhere: SHARED,
		async run(world, storage) {
			const first = await world.signedIn("ada");
			const other = await world.open();
			await first.run(watch);
			await world.signIn(other, "bob");
			await world.pass();
			return second(first, other, storage);
		},
	},
	{
		id: "j2",
		name: "the same while the first renews",
		storages: SHARED,
		everywhere: SHARED,
		async run(world, storage) {
			const first = await world.signedIn("ada");
			const other = await world.open();
			await world.pass();
			const held = world.hold("after");
			await first.run(watch);
			await held.arrived;
			await world.signIn(other, "bob");
			held.release();
			return second(first, other, storage);
		},
	},
	{
		id: "k",
		name: "a copied tab: both renew in turn, and at once",
		storages: ALL,
		everywhere: ALL,
		async run(world) {
			const tab = await world.signedIn();
			const copy = await world.copy(tab);
			for (let times = 0; times < 2; times++) {
				for (const one of [tab, copy]) {
					await world.pass();
					await works(one);
				}
				await works(tab);
			}
			await world.pass();
			await Promise.all([works(tab), works(copy)]);
			nothingLost(world);
			// A tab that a browser has put to sleep hands nothing on: then the copy renews once when it is opened.
			assert.ok(world.op.seen.renewals <= 6, `${world.op.seen.renewals} renewals`);
			return `5 expiries, ${world.op.seen.renewals} renewals, none lost`;
		},
	},
];
