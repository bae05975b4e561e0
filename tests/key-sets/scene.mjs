// One policy, one place on the issuer, one clock: what a row of a table is played on.

import assert from "node:assert/strict";
import { audience, start, token } from "./material.mjs";

/** Seconds: so patient that a busy machine changes no verdict, and renewed at nine tenths of every age. */
const DURATIONS = { patience: 2, renewAhead: 86_400 };

let scenes = 0;

export function scene(runtime, issuer, options) {
	return sceneAt(runtime, issuer.place(`place-${++scenes}`), options);
}

function sceneAt(runtime, place, { discovers = false, keySets = {}, ...options } = {}) {
	const { ask } = runtime;
	const name = `scene-${++scenes}`;
	const given = {
		issuer: place.issuer,
		audience,
		keySets: { ...DURATIONS, ...keySets },
		...(!discovers && { jwksUri: place.jwksUri }),
		...options,
	};
	const time = { now: start, machine: 0 };
	const put = (question, more) => ask({ question, name, options: given, ...time, audience, ...more });
	/** Asks for a verdict and returns its code; what says "not now" has to be a 503 that says when. */
	const code = async (question, key, { header, ...more } = {}) => {
		const told = await put(question, {
			token: typeof key === "string" ? key : token(place.issuer, key, header),
			...more,
		});
		if (/^keys_(unavailable|not_loaded)$/.test(told.code) && told.status !== undefined) {
			assert.equal(told.status, 503, told.message);
			if (question === "guard") assert.match(told.retryAfter ?? "none", /^[1-9]\d*$/, told.message);
		}
		return told.code;
	};
	return {
		place,
		set: (behaviours) => place.set(behaviours),
		/** The policy's clock, so many seconds after the start. */
		at(seconds) {
			time.now = start + seconds;
		},
		/** What the policy's clock shows, whatever it is. */
		clock(value) {
			time.now = value;
		},
		/** Moves the machine's own clock. */
		machineAt(seconds) {
			time.machine = seconds;
		},
		verify: (key, more) => code("verify", key, more),
		verifySync: (key, more) => code("verifySync", key, more),
		guard: (key, more) => code("guard", key, more),
		protect: (key, more) => code("protect", key, more),
		/** Until no request is under way. */
		idle: async () => {
			const { status } = await put("idle");
			assert.notEqual(status, "never", "a flight that never ends");
			return status;
		},
		status: async () => (await put("status")).status,
		/** The same policy in what stands for another process. */
		another: () => sceneAt(runtime, place, { discovers, keySets, ...options }),
	};
}
