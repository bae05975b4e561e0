// A browser whose tabs share a session: IndexedDB, Web Locks and channels, as far as `storage: "shared"` uses them.

import assert from "node:assert/strict";
import { IDBFactory } from "fake-indexeddb";
import { issuer } from "./helpers.mjs";
import { browser, loggedIn, loginAt, server } from "./login-kit.mjs";

export const name = `countersign:${issuer}:shop`;
export const home = "https://shop.example.com/";
const shared = { storage: "shared" };

/** Web Locks: whoever fits to all that is held, and to all that wait before, is next. */
export class FakeLocks {
	#held = [];
	#pending = [];
	/** The names that somebody has asked for. */
	asked = [];

	request(name, { mode = "exclusive", signal } = {}, work) {
		this.asked.push(name);
		return new Promise((resolve, reject) => {
			const one = { name, mode };
			one.run = () =>
				Promise.resolve(work(one))
					.then(resolve, reject)
					.finally(() => this.#leave(one));
			signal?.addEventListener("abort", () => {
				if (!this.#pending.includes(one)) return;
				this.#pending.splice(this.#pending.indexOf(one), 1);
				reject(signal.reason);
				this.#grant();
			});
			this.#pending.push(one);
			queueMicrotask(() => this.#grant());
		});
	}

	async query() {
		const shown = ({ name, mode }) => ({ name, mode });
		return { held: this.#held.map(shown), pending: this.#pending.map(shown) };
	}

	/** Holds a lock, as another page does. Resolves to how it is given back. */
	hold(name, mode = "exclusive") {
		return new Promise((held) => {
			this.request(name, { mode }, () => new Promise(held));
		});
	}

	#grant() {
		const before = [...this.#held];
		for (const one of [...this.#pending]) {
			const fits = ({ name, mode }) => name !== one.name || (mode === "shared" && one.mode === "shared");
			if (before.every(fits)) {
				this.#pending.splice(this.#pending.indexOf(one), 1);
				this.#held.push(one);
				one.run();
			}
			before.push(one);
		}
	}

	#leave(one) {
		this.#held.splice(this.#held.indexOf(one), 1);
		this.#grant();
	}
}

/** Replaces a property of the process until the test ends. */
export function replace(t, object, property, value) {
	const before = Object.getOwnPropertyDescriptor(object, property);
	Object.defineProperty(object, property, { value, configurable: true, writable: true });
	t.after(() => (before ? Object.defineProperty(object, property, before) : delete object[property]));
}

/** A browser with all that tabs share. What they say to each other is in `said`. */
export function sharedBrowser(t, { hasLocks = true } = {}) {
	const machine = browser();
	const indexedDB = new IDBFactory();
	const locks = hasLocks ? new FakeLocks() : undefined;
	const said = [];
	const channels = [];
	class Channel extends BroadcastChannel {
		constructor(name) {
			super(name);
			channels.push(this);
		}
		postMessage(message) {
			said.push(message);
			super.postMessage(message);
		}
	}
	replace(t, globalThis, "navigator", { locks });
	const quit = () => {
		for (const channel of channels) channel.close();
	};
	t.after(quit);
	return {
		...machine,
		/** No tab hears anything any more. */
		quit,
		indexedDB,
		locks,
		/** What the tabs have said, each as an object. */
		messages: () => said.filter((one) => typeof one === "string").map((text) => JSON.parse(text)),
		channel: () => new Channel(name),
		tab: (href = home, storage = undefined) =>
			Object.assign(machine.tab(href, storage), { indexedDB, BroadcastChannel: Channel }),
		/** A tab with a login. */
		open(op, options = {}, storage = undefined) {
			const page = this.tab(home, storage);
			return { page, login: loginAt(op, { ...shared, ...options }) };
		},
		/** Works on the entries as anybody of this origin can. */
		entries: (work) => inStore(indexedDB, work),
		/** What is kept of the session. */
		kept: async () => JSON.parse((await inStore(indexedDB, (entries) => entries.get(`${name}:tokens`))) ?? "null"),
		keep: (entry) => inStore(indexedDB, (entries) => entries.put(JSON.stringify(entry), `${name}:tokens`)),
	};
}

/** Somebody has logged in. */
export async function sharedLogin(t, { machine = sharedBrowser(t), op = server(), options = {} } = {}) {
	const all = await loggedIn({ op, machine, options: { ...shared, ...options } });
	/** Another tab of this browser. */
	const another = (more = {}, storage = undefined) => machine.open(op, { ...options, ...more }, storage);
	return { ...all, another };
}

/** Timers of half a second and more strike from now on when the test says so. */
export function heldTimers(t) {
	const timers = [];
	const { setTimeout: set, clearTimeout: clear } = globalThis;
	replace(t, globalThis, "setTimeout", (work, milliseconds, ...args) => {
		if (!(milliseconds >= 500)) return set(work, milliseconds, ...args);
		const handle = set(() => {}, 2 ** 30).unref();
		timers.push({ handle, milliseconds, is: "running", work: () => work(...args) });
		return handle;
	});
	replace(t, globalThis, "clearTimeout", (handle) => {
		const timer = timers.find((one) => one.handle === handle);
		if (timer?.is === "running") timer.is = "cleared";
		clear(handle);
	});
	const of = (milliseconds) => timers.filter((one) => one.milliseconds === milliseconds);
	return {
		/** What became of those of so many milliseconds. */
		of: (milliseconds) => of(milliseconds).map(({ is }) => is),
		strike(milliseconds) {
			for (const timer of of(milliseconds).filter(({ is }) => is === "running")) {
				timer.is = "over";
				timer.work();
			}
		},
	};
}

/** Resolves when something has happened. */
export async function until(happened) {
	for (let times = 0; times < 1_000; times++) {
		if (await happened()) return;
		await new Promise((resolve) => setTimeout(resolve, 2));
	}
	assert.fail(`never: ${happened}`);
}

async function inStore(indexedDB, work) {
	const outcome = (request) =>
		new Promise((resolve, reject) => {
			request.onsuccess = () => resolve(request.result);
			request.onerror = () => reject(request.error);
		});
	const opening = indexedDB.open("countersign");
	opening.onupgradeneeded = () => opening.result.createObjectStore("sessions");
	const database = await outcome(opening);
	try {
		return await outcome(work(database.transaction("sessions", "readwrite").objectStore("sessions")));
	} finally {
		database.close();
	}
}
