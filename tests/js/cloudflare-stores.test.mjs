// The stores for Cloudflare: what they keep, for how long, and what they make of bindings that are none.

import assert from "node:assert/strict";
import { test } from "node:test";
import { cacheStorage, durableObjects, kvNamespace } from "./cloudflare-kit.mjs";
import { edge } from "./helpers.mjs";

const { cacheApiStore, DpopReplay, durableObjectReplay, durableObjectSessions, EndedSessions, kvStore } = edge;
const start = 1_800_000_000;

/** Stops the clock of the machine at `start`; gives what sets it to so many seconds later. */
function stopped({ mock }) {
	mock.timers.enable({ apis: ["Date"], now: start * 1000 });
	return (seconds) => mock.timers.setTime((start + seconds) * 1000);
}

/** The only object of a namespace. */
const only = ({ objects }) => {
	assert.equal(objects.size, 1);
	return [...objects.values()][0];
};
const rowsOf = ({ storage }) => [...storage.tables.values()].flatMap(({ rows }) => [...rows.values()]);

test("a proof is used once, whichever isolate asks, and by the object's own clock", async (t) => {
	const at = stopped(t);
	const namespace = durableObjects(DpopReplay);
	const [one, other] = [durableObjectReplay(namespace), durableObjectReplay(namespace)];
	assert.equal(await one.use("a1", start + 10), true);
	assert.equal(await other.use("a1", start + 10), false);
	assert.equal(await other.use("a2", start + 10), true);
	const crowd = await Promise.all(Array.from({ length: 20 }, () => one.use("a3", start + 10)));
	assert.equal(crowd.filter(Boolean).length, 1);
	at(10);
	assert.equal(await one.use("a4", start + 10), true, "the last moment counts");
	at(10.001);
	for (const until of [start + 10, Number.NaN, "soon"]) {
		await assert.rejects(
			one.use("a5", until),
			/^Error: DpopReplay answered 400: the proof has ended by the clock here/,
		);
	}
});

test("an object forgets proofs that have ended, by an alarm that costs one row", async (t) => {
	const at = stopped(t);
	const namespace = durableObjects(DpopReplay);
	const { use } = durableObjectReplay(namespace);
	await use("a1", start + 10);
	const { storage } = only(namespace);
	const looked = t.mock.method(storage, "getAlarm");
	await use("a2", start + 10);
	await use("a3", start + 20);
	await use("a3", start + 20);
	assert.deepEqual([storage.alarm, storage.alarmsSet], [(start + 11) * 1000, 1]);
	assert.equal(looked.mock.callCount(), 0, "what is known is not read again");
	at(10.5);
	await namespace.ring();
	assert.equal(rowsOf(only(namespace)).length, 3, "not before its time");
	at(11);
	await namespace.ring();
	assert.deepEqual(rowsOf(only(namespace)), [{ key: "a3", until: start + 20 }]);
	assert.deepEqual([storage.alarm, storage.alarmsSet], [(start + 21) * 1000, 2]);
	assert.equal(await use("a3", start + 20), false);
	at(21);
	await namespace.ring();
	assert.deepEqual([rowsOf(only(namespace)), storage.alarm], [[], null]);
	await use("a1", start + 40);
	assert.equal(storage.alarm, (start + 41) * 1000);
});

test("an object that was evicted still knows its proofs, and does not put its alarm off", async (t) => {
	stopped(t);
	const namespace = durableObjects(DpopReplay);
	const { use } = durableObjectReplay(namespace);
	await use("a1", start + 10);
	namespace.evict();
	assert.equal(await use("a2", start + 30), true);
	assert.equal(await use("a1", start + 10), false);
	assert.equal(only(namespace).storage.alarm, (start + 11) * 1000);
});

test("64 objects at most share the load, by the first character of the hash", async (t) => {
	stopped(t);
	const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"];
	const namespace = durableObjects(DpopReplay);
	const { use } = durableObjectReplay(namespace);
	for (const letter of letters) await use(`${letter}x`, start + 10);
	await use("Ay", start + 10);
	assert.deepEqual(
		[...namespace.objects.keys()],
		letters.map((letter) => `countersign:${letter}`),
	);
	assert.equal(rowsOf(namespace.objects.get("countersign:A")).length, 2);
});

test("of a session the later moment counts, for as long as the later call says", async (t) => {
	stopped(t);
	const namespace = durableObjects(EndedSessions);
	const [one, other] = [durableObjectSessions(namespace), durableObjectSessions(namespace)];
	await one.end(["a1", "b1"], 200, start + 600);
	await other.end(["a1"], 100, start + 700);
	await other.end(["b1"], 300, start + 500);
	assert.equal(await one.ended(["a1"]), 200);
	assert.equal(await other.ended(["b1"]), 300);
	assert.equal(await other.ended(["a1", "c1", "b1"]), 300);
	assert.equal(await other.ended(["c1"]), null);
	const rows = [...namespace.objects.values()].flatMap(rowsOf);
	assert.deepEqual(rows, [
		{ session: "a1", at: 200, until: start + 700 },
		{ session: "b1", at: 300, until: start + 600 },
	]);
	namespace.evict();
	assert.equal(await one.ended(["a1"]), 200);
});

test("an object forgets sessions that need not be kept any longer, each after its time", async (t) => {
	const at = stopped(t);
	const namespace = durableObjects(EndedSessions);
	const { end, ended } = durableObjectSessions(namespace);
	await end(["a1"], 1, start + 60);
	await end(["a2"], 2, start + 120);
	await end(["a3"], 3, start + 90);
	const { storage } = only(namespace);
	assert.deepEqual([storage.alarm, storage.alarmsSet], [(start + 61) * 1000, 1]);
	for (const [seconds, left, next] of [
		[61, [2, 3], start + 91],
		[91, [2], start + 121],
		[121, [], null],
	]) {
		at(seconds);
		await namespace.ring();
		assert.deepEqual(
			rowsOf(only(namespace)).map(({ at }) => at),
			left,
		);
		assert.equal(storage.alarm, next && next * 1000);
	}
	assert.equal(await ended(["a1", "a2", "a3"]), null);
});

test("what an object answers but a success is a failure of the store", async () => {
	for (const [store, call] of [
		[durableObjectReplay, ({ use }) => use("a", start)],
		[durableObjectSessions, ({ ended }) => ended(["a"])],
		[durableObjectSessions, ({ end }) => end(["a"], 1, start)],
	]) {
		for (const status of [201, 400, 503]) {
			const answer = new Response("true", { status });
			const namespace = { idFromName: (name) => name, get: () => ({ fetch: async () => answer }) };
			const name = store === durableObjectReplay ? "DpopReplay" : "EndedSessions";
			await assert.rejects(call(store(namespace)), { message: `${name} answered ${status}: true` });
		}
	}
});

test("what is no namespace of Durable Objects is a TypeError that names the class to bind", () => {
	const method = () => {};
	for (const [store, name] of [
		[durableObjectReplay, "DpopReplay"],
		[durableObjectSessions, "EndedSessions"],
	]) {
		for (const namespace of [undefined, null, {}, { get: method }, { idFromName: method }, { get: 1, idFromName: 1 }]) {
			assert.throws(() => store(namespace), {
				name: "TypeError",
				message: `namespace: expected a namespace of Durable Objects; bind ${name} under durable_objects in wrangler.jsonc`,
			});
		}
	}
});

test("kvStore: one store for a namespace, entries under names of its own, for a minute at least", async () => {
	const namespace = kvNamespace();
	const store = kvStore(namespace);
	assert.equal(kvStore(namespace), store);
	assert.notEqual(kvStore(kvNamespace()), store);
	assert.equal(await store.get("k"), null);
	for (const [ttl, kept] of [
		[1, 60],
		[60, 60],
		[60.2, 61],
		[3600, 3600],
	]) {
		await store.set("k", `for ${ttl}`, ttl);
		assert.equal(await store.get("k"), `for ${ttl}`);
		assert.deepEqual([...namespace.entries], [["countersign:k", { value: `for ${ttl}`, expirationTtl: kept }]]);
	}
	for (const wrong of [undefined, null, {}, { get() {} }, { put() {} }, { get: 1, put: 1 }]) {
		assert.throws(() => kvStore(wrong), {
			name: "TypeError",
			message: "namespace: expected a KV namespace; bind one under kv_namespaces in wrangler.jsonc",
		});
	}
});

/** Gives the runtime a Cache API, or none, until the test is over. */
function withCaches(t, caches) {
	const before = Object.getOwnPropertyDescriptor(globalThis, "caches");
	Object.defineProperty(globalThis, "caches", { value: caches, configurable: true, writable: true });
	t.after(() => {
		delete globalThis.caches;
		if (before) Object.defineProperty(globalThis, "caches", before);
	});
}

test("cacheApiStore: entries by their whole names, in a cache of its own, until their time is over", async (t) => {
	const at = stopped(t);
	const storage = cacheStorage();
	withCaches(t, storage);
	const store = cacheApiStore();
	assert.equal(cacheApiStore(), store);
	const names = ["https://a.example/jwks", "https://a.example/jwks?a=1", "https://a.example/jwks#1", "jwks: a/../b"];
	assert.equal(await store.get(names[0]), undefined);
	for (const name of names) await store.set(name, `of ${name}`, 600.5);
	for (const name of names) assert.equal(await store.get(name), `of ${name}`);
	const [[, kept], ...others] = storage.caches;
	assert.deepEqual([kept.size, others, [...storage.caches.keys()]], [names.length, [], ["countersign"]]);
	for (const [address, { response }] of kept) {
		assert.equal(new URL(address).hostname, "countersign.invalid");
		assert.equal(response.headers.get("content-type"), "application/json");
	}
	at(600.9);
	assert.equal(await store.get(names[0]), `of ${names[0]}`);
	at(601);
	assert.equal(await store.get(names[0]), undefined);
});

test("cacheApiStore: a runtime without the Cache API is told so", (t) => {
	withCaches(t, undefined);
	assert.throws(() => cacheApiStore(), {
		name: "TypeError",
		message: "cacheApiStore: this runtime has no Cache API; give a store of your own, or kvStore(namespace)",
	});
});
