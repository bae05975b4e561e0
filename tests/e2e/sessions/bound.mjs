// Stories of tokens that are bound to a key of the browser (RFC 9449).

import assert from "node:assert/strict";
import { nothingLost, SHARED, works } from "./renewals.mjs";
import { call } from "./world.mjs";

/** The key in a page's IndexedDB: what becomes of trying to export it. `null`: there is none. */
async function exported() {
	const database = await new Promise((done, failed) => {
		const opened = indexedDB.open("countersign", 1);
		opened.onsuccess = () => done(opened.result);
		opened.onerror = () => failed(opened.error);
	});
	const request = (work) =>
		new Promise((done) => {
			const asked = work(database.transaction("sessions").objectStore("sessions"));
			asked.onsuccess = () => done(asked.result);
		});
	const names = await request((entries) => entries.getAllKeys());
	const name = names.find((name) => name.endsWith(":dpop-key"));
	const key = name && (await request((entries) => entries.get(name))).privateKey;
	database.close();
	if (!key) return null;
	const attempts = ["jwk", "pkcs8", "raw"].map((format) =>
		crypto.subtle.exportKey(format, key).then(
			() => "exported",
			({ name }) => name,
		),
	);
	return { extractable: key.extractable, usages: [...key.usages], attempts: await Promise.all(attempts) };
}

/** The browser deletes what the site has in IndexedDB, but for sessions. */
async function loseKey() {
	const opened = indexedDB.open("countersign", 1);
	await new Promise((done) => {
		opened.onsuccess = done;
	});
	const transaction = opened.result.transaction("sessions", "readwrite");
	const entries = transaction.objectStore("sessions");
	entries.getAllKeys().onsuccess = ({ target }) => {
		for (const name of target.result) if (name.endsWith(":dpop-key")) entries.delete(name);
	};
	await new Promise((done) => {
		transaction.oncomplete = done;
	});
	opened.result.close();
}

async function bound(world, work) {
	world.options.dpop = true;
	world.op.state.isBound = true;
	return work(await world.signedIn());
}

export const boundStories = [
	{
		id: "w1",
		name: "one key for two tabs, renewals and a reload, which nobody can export",
		storages: ["session", "shared"],
		everywhere: SHARED,
		run: (world, storage) =>
			bound(world, async (tab) => {
				const other = storage === "shared" ? await world.open() : await world.signedIn();
				for (let times = 0; times < 2; times++) {
					await works(tab);
					await works(other);
					await world.pass();
				}
				assert.equal((await tab.reload()).page, "ada");
				await works(tab);
				assert.equal(world.op.proofs.keys.size, 1);
				const { extractable, usages, attempts } = await tab.run(exported);
				assert.deepEqual([extractable, usages, attempts.includes("exported")], [false, ["sign"], false]);
				nothingLost(world);
				await tab.run(() => globalThis.login.logout({ global: false }));
				for (let times = 0; times < 100 && (await tab.run(exported)); times++) {
					await new Promise((resolve) => setTimeout(resolve, 50));
				}
				assert.equal(await tab.run(exported), null);
				return `one key; ${attempts.join(", ")}; a logout deletes it`;
			}),
	},
	{
		id: "w2",
		name: "the browser has deleted the key",
		storages: SHARED,
		everywhere: SHARED,
		run: (world) =>
			bound(world, async (tab) => {
				await tab.run(loseKey);
				const before = world.op.seen.requests;
				for (let times = 0; times < 2; times++) assert.deepEqual(await tab.reload(), { page: null, fails: "" });
				assert.equal((await tab.run(call)).api, "login_required");
				assert.equal(world.op.seen.requests, before, "nobody was asked");
				await world.signIn(tab, "ada");
				await works(tab);
				assert.equal(world.op.proofs.keys.size, 2);
				return "needs a login, which makes another key";
			}),
	},
	{
		id: "w3",
		name: "two tabs log in at once, and neither has a key yet",
		storages: SHARED,
		everywhere: SHARED,
		async run(world) {
			world.options.dpop = true;
			world.op.state.isBound = true;
			const tabs = [await world.open(), await world.open()];
			const pages = await Promise.all(tabs.map((tab) => tab.leave(() => void globalThis.login.start())));
			assert.deepEqual(
				pages.map(({ page }) => page),
				["ada", "ada"],
			);
			for (const tab of tabs) await works(tab);
			assert.equal(world.op.proofs.keys.size, 1);
			return "one key for both";
		},
	},
];
