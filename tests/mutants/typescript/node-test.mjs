// What the worker gives to a test file in place of node:test: tests that can be run again, each by itself.

import { createRequire } from "node:module";

// By require, the runner's own: only what is imported is replaced.
const { mock } = createRequire(import.meta.url)("node:test");

/** The tests of the file, in order. */
export const tests = [];
const atEnd = [];

export function test(name, ...rest) {
	tests.push(parsed(name, rest));
	return Promise.resolve();
}

export function after(action) {
	atEnd.push(action);
}

export default test;

/** Runs a test; rejects as soon as it or a test inside it fails. */
export async function perform({ name, options, body }) {
	if (options.skip) return;
	const cleanups = [];
	const inner = [];
	const context = {
		name,
		after: (action) => cleanups.push(action),
		test: (...args) => {
			const running = perform(parsed(args[0], args.slice(1)));
			running.catch(() => {});
			inner.push(running);
			return running;
		},
		mock,
		diagnostic() {},
		skip() {},
	};
	try {
		await body(context);
		await Promise.all(inner);
	} finally {
		// Timers too.
		mock.reset();
		for (const action of cleanups) await action();
	}
}

/** What the file asked to have done behind its tests. */
export async function finish() {
	for (const action of atEnd) await action();
}

function parsed(name, rest) {
	const body = rest.find((one) => typeof one === "function");
	const options = rest.find((one) => typeof one === "object") ?? {};
	if (typeof name !== "string" || !body) throw new TypeError("test(name, options, body) is what is known here");
	return { name, options, body };
}
