// Entries that all tabs of this origin share. IndexedDB, since what one tab has written to it every other tab reads:
// localStorage may show another process an older value for a while.

import type { LoginStorage } from "./types.js";

const DATABASE = "countersign";
const ENTRIES = "sessions";

/** The entries. */
export function sharedEntries(): LoginStorage {
	return {
		getItem: async (name) => {
			const entry = await inEntries("readonly", (entries) => entries.get(name));
			return typeof entry === "string" ? entry : null;
		},
		setItem: async (name, entry) => void (await inEntries("readwrite", (entries) => entries.put(entry, name))),
		removeItem: async (name) => void (await inEntries("readwrite", (entries) => entries.delete(name))),
	};
}

/** Resolves when the transaction is complete: then the entry is there for everybody. */
export async function inEntries(
	mode: IDBTransactionMode,
	work: (entries: IDBObjectStore) => IDBRequest,
): Promise<unknown> {
	const database = await open();
	try {
		return await new Promise((done, failed) => {
			const transaction = database.transaction(ENTRIES, mode, { durability: "strict" });
			const request = work(transaction.objectStore(ENTRIES));
			transaction.oncomplete = () => done(request.result);
			transaction.onabort = () => failed(transaction.error ?? new Error("IndexedDB: aborted"));
		});
	} finally {
		database.close();
	}
}

function open(): Promise<IDBDatabase> {
	return new Promise((done, failed) => {
		const request = window.indexedDB.open(DATABASE, 1);
		request.onupgradeneeded = () => request.result.createObjectStore(ENTRIES);
		request.onsuccess = () => done(request.result);
		request.onerror = () => failed(request.error);
	});
}
