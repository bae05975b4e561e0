// Durable Objects with SQLite and an alarm, KV and the Cache API, as Cloudflare's documentation describes them, in small.
// The stores run in workerd itself in tests/resource-server and tests/key-sets.

/** A namespace whose objects are of this class. `objects` has them by name, each with its storage. */
export function durableObjects(DurableObject) {
	const objects = new Map();
	const opened = (name) => {
		const storage = storageOf(objects.get(name)?.storage);
		const object = { storage, instance: new DurableObject({ storage }) };
		objects.set(name, object);
		return object;
	};
	return {
		objects,
		idFromName: (name) => ({ name: String(name) }),
		get: ({ name }) => ({
			async fetch(url, init) {
				const { instance } = objects.get(name) ?? opened(name);
				return instance.fetch(new Request(url, init));
			},
		}),
		/** What happens to an object that had nothing to do for a while: its memory goes, its storage stays. */
		evict: () => [...objects.keys()].forEach(opened),
		/** Runs the alarms that are due. */
		async ring() {
			for (const { storage, instance } of objects.values()) {
				if (storage.alarm === null || storage.alarm > Date.now()) continue;
				// While it runs there is none, unless it sets one.
				storage.alarm = null;
				await instance.alarm();
			}
		},
	};
}

function storageOf({ tables = new Map(), alarm = null } = {}) {
	const storage = {
		tables,
		alarm,
		alarmsSet: 0,
		sql: {
			exec(query, ...values) {
				const rows = execute(tables, query, values);
				return { toArray: () => rows };
			},
		},
		getAlarm: async () => storage.alarm,
		async setAlarm(milliseconds) {
			if (!Number.isFinite(milliseconds)) throw new TypeError("setAlarm: no time");
			storage.alarmsSet++;
			storage.alarm = milliseconds;
		},
	};
	return storage;
}

/** SQLite's answer to the kinds of statements that are used; whatever else is a syntax error. Rows are kept by their first column. */
function execute(tables, query, values) {
	const table = (name) => tables.get(name) ?? fail(`no such table: ${name}`);
	const bound = (count) => count === values.length || fail("wrong number of bindings");
	for (const [pattern, run] of [
		[
			/^CREATE TABLE IF NOT EXISTS (\w+) \((.+)\) WITHOUT ROWID$/,
			([name, columns]) => {
				if (!/^\w+ TEXT PRIMARY KEY,/.test(columns)) fail("PRIMARY KEY missing");
				const names = columns.split(", ").map((column) => column.split(" ")[0].replaceAll('"', ""));
				if (!tables.has(name)) tables.set(name, { names, rows: new Map() });
				return [];
			},
		],
		[
			/^INSERT OR IGNORE INTO (\w+) VALUES \(\?, \?\) RETURNING (\w+)$/,
			([name, column]) => {
				const { names, rows } = table(name);
				bound(2);
				if (rows.has(values[0])) return [];
				rows.set(values[0], rowOf(names, values));
				return [{ [column]: rows.get(values[0])[column] }];
			},
		],
		[
			/^INSERT INTO (\w+) VALUES \(\?, \?, \?\) ON CONFLICT DO UPDATE SET (.+)$/,
			([name, changes]) => {
				const { names, rows } = table(name);
				bound(3);
				const [before, given] = [rows.get(values[0]), rowOf(names, values)];
				for (const [, column, one, other] of before
					? changes.matchAll(/"?(\w+)"? = max\("?(\w+)"?, excluded\."?(\w+)"?\)/g)
					: []) {
					given[column] = Math.max(before[one], given[other]);
				}
				rows.set(values[0], { ...before, ...given });
				return [];
			},
		],
		[
			/^DELETE FROM (\w+) WHERE (\w+) < \?$/,
			([name, column]) => {
				const { rows } = table(name);
				bound(1);
				for (const [key, row] of rows) if (row[column] < values[0]) rows.delete(key);
				return [];
			},
		],
		[
			/^SELECT (MAX|MIN)\((\w+)\) AS (\w+) FROM (\w+)$/,
			([which, column, as, name]) => {
				const all = [...table(name).rows.values()].map((row) => row[column]);
				return [{ [as]: all.length === 0 ? null : Math[which.toLowerCase()](...all) }];
			},
		],
		[
			/^SELECT "(\w+)" FROM (\w+) WHERE (\w+) = \?$/,
			([column, name, key]) => {
				bound(1);
				const found = [...table(name).rows.values()].filter((row) => row[key] === values[0]);
				return found.map((row) => ({ [column]: row[column] }));
			},
		],
	]) {
		const parts = pattern.exec(query);
		if (parts) return run(parts.slice(1));
	}
	return fail(`syntax error: ${query}`);
}

const rowOf = (names, values) => Object.fromEntries(names.map((name, at) => [name, values[at]]));

function fail(why) {
	throw new Error(`SQLITE_ERROR: ${why}`);
}

/** A KV namespace. `entries` has what was put, with its options. */
export function kvNamespace() {
	const entries = new Map();
	return {
		entries,
		get: async (key) => entries.get(key)?.value ?? null,
		async put(key, value, options) {
			const { expirationTtl } = options;
			// "Expiration targets that are less than 60 seconds into the future are not supported", nor are fractions.
			if (!Number.isInteger(expirationTtl) || expirationTtl < 60) throw new Error(`400 Invalid expiration_ttl`);
			entries.set(key, { value, ...options });
		},
	};
}

/** The Cache API: answers by their address, without its fragment, for as long as they say. */
export function cacheStorage() {
	const caches = new Map();
	const addressOf = (address) => new Request(address).url.split("#")[0];
	const cacheOf = (kept) => ({
		async match(address) {
			const found = kept.get(addressOf(address));
			return found && Date.now() < found.until ? found.response.clone() : undefined;
		},
		async put(address, response) {
			const age = Number(/max-age=(\d+)$/.exec(response.headers.get("cache-control"))?.[1] ?? 0);
			kept.set(addressOf(address), { response, until: Date.now() + age * 1000 });
		},
	});
	return {
		caches,
		async open(name) {
			if (!caches.has(name)) caches.set(name, new Map());
			return cacheOf(caches.get(name));
		},
	};
}
