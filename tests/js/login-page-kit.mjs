// What tests of a login's page share: names, pages that forbid something, and errors to look at.

import assert from "node:assert/strict";
import { issuer } from "./helpers.mjs";

/** What the login of the kit is called in storages. */
export const name = `countersign:${issuer}:shop`;
export const home = "https://shop.example.com/";

/** What a promise is rejected with. */
export async function rejection(promise) {
	const outcome = await promise.then(
		(value) => value,
		(error) => error,
	);
	assert.ok(outcome instanceof Error, `not rejected: ${JSON.stringify(outcome)}`);
	return outcome;
}

/** A page whose browser blocks one of its storages. */
export function blocked(page, storage) {
	return Object.defineProperty(page, storage, {
		get() {
			throw new DOMException("blocked", "SecurityError");
		},
	});
}

/** Puts something else in the place of a global until the test ends. */
export function replaceGlobal(t, property, value) {
	const own = Object.getOwnPropertyDescriptor(globalThis, property);
	t.after(() => Object.defineProperty(globalThis, property, own));
	Object.defineProperty(globalThis, property, { value, configurable: true, writable: true });
}

/** Things are done beside: until they are. */
export async function until(happened) {
	for (let times = 0; times < 1_000 && !(await happened()); times++) await new Promise((go) => setTimeout(go, 2));
	assert.ok(await happened());
}

/** The options of a kit's server whose token responses are bent; tests of inherited options put theirs into every object. */
export const bent = (tamper) =>
	Object.assign(Object.create(null), { tamper: Object.assign(Object.create(null), tamper) });

/** What listeners throw, which is the page's own to see: the messages, as they come. */
export function thrownByListeners(t) {
	const thrown = [];
	t.mock.method(globalThis, "queueMicrotask", (work) => {
		try {
			work();
		} catch ({ message }) {
			thrown.push(message);
		}
	});
	return thrown;
}
