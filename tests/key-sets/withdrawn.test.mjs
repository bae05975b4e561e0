// A key that its issuer no longer publishes is refused within the key set's age and one window, in every way of asking;
// an issuer that does not answer is given a day, and not a second longer. Both with the policy's clock in hand.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { answer, redirect, reset, status } from "./behaviours.mjs";
import { hostileIssuer } from "./hostile-issuer.mjs";
import { evilSet, good, goodSet, second, x25519 } from "./material.mjs";
import { inNode, inWorkerd } from "./runtimes.mjs";
import { scene } from "./scene.mjs";

const AGE = 600;
const WINDOW = 30;
const DAY = 86_400;
const WAYS = ["verify", "guard", "verifySync"];

/** What the issuer answers from now on, and what the token is refused with. */
const WITHDRAWN = {
	"other keys": [answer({ keys: [second.jwk] }), "key_not_found"],
	"another key of the same kid": [answer(evilSet), "signature_invalid"],
	"no keys": [answer({ keys: [] }), "key_not_found"],
	"a key that cannot be used": [answer({ keys: [x25519] }), "key_not_found"],
	"a malformed key": [answer({ keys: [{ ...good.jwk, x: "?" }] }), "key_not_found"],
	"numbers in place of keys": [answer({ keys: [1, 2] }), "key_not_found"],
	404: [status(404), "keys_unavailable"],
	410: [status(410), "keys_unavailable"],
};

const UNANSWERED = {
	"a page": answer("<!doctype html>"),
	"JSON that is no key set": answer({ error: "unavailable" }),
	500: status(500),
	429: status(429),
	"a redirect": redirect(302, "/evil/jwks", "moved"),
	"a broken connection": reset,
};

/** The options whose presence must not matter. */
const SETTINGS = {
	plain: () => ({}),
	"verdicts kept": () => ({ verdictCache: { maxEntries: 100 } }),
	"a store": () => ({ cache: `store-${++stores}` }),
	discovery: () => ({ discovers: true }),
};
let stores = 0;

for (const [runtime, start] of Object.entries({ "Node.js": inNode, workerd: inWorkerd })) {
	const at = {};
	before(async () => {
		at[runtime] = { issuer: await hostileIssuer(), runtime: await start() };
	});
	after(async () => {
		await at[runtime].runtime.end();
		at[runtime].issuer.close();
	});
	const known = async (options) => {
		const on = scene(at[runtime].runtime, at[runtime].issuer, options);
		on.set({ keys: answer(goodSet) });
		assert.equal(await on.verify(), "accepted");
		return on;
	};

	for (const [setting, options] of Object.entries(SETTINGS)) {
		for (const [name, [keys, code]] of Object.entries(WITHDRAWN)) {
			test(`${runtime}, ${setting}: ${name}, with a token every 15 s`, async () => {
				for (const way of WAYS) {
					const on = await known(options());
					on.set({ keys });
					for (let time = 1; time < AGE + WINDOW; time += 15) {
						on.at(time);
						await on[way]();
						await on.idle();
					}
					await refused(on, way, code, [AGE + WINDOW, AGE + 2 * WINDOW, 4000, 4001, 4002, DAY, 2 * DAY]);
				}
			});
			test(`${runtime}, ${setting}: ${name}, after silence`, async () => {
				for (const way of ["verify", "guard"]) {
					for (const silence of [AGE + WINDOW, 4000, AGE + DAY - 1]) {
						const on = await known(options());
						on.set({ keys });
						await refused(on, way, code, [silence, silence + 1, silence + 2, silence + 40]);
					}
				}
			});
		}
		for (const [name, keys] of Object.entries(UNANSWERED)) {
			test(`${runtime}, ${setting}: ${name}: a day beyond the age, and no longer`, async () => {
				for (const way of WAYS) {
					const on = await known(options());
					on.set({ keys });
					for (const time of [500, 570, 610, 640, 4000, DAY / 2, DAY, AGE + DAY - 2]) {
						on.at(time);
						assert.equal(await on[way](), "accepted", `${way} after ${time} s`);
						await on.idle();
					}
					await refused(on, way, "keys_unavailable", [AGE + DAY, AGE + DAY + 1, AGE + DAY + 40, 3 * DAY]);
				}
			});
		}
	}

	test(`${runtime}: a process that finds withdrawn keys in a store refuses them as soon`, async () => {
		for (const [name, [keys, code]] of Object.entries(WITHDRAWN)) {
			const cache = `store-${++stores}`;
			const on = await known({ cache });
			on.set({ keys });
			for (const time of [AGE + WINDOW, 4000]) {
				const other = on.another();
				other.at(time);
				assert.equal(await other.verify(), code, name);
				for (const way of WAYS) assert.notEqual(await other[way](), "accepted", name);
			}
		}
	});
	test(`${runtime}: a store makes no keys younger`, async () => {
		const on = await known({ cache: `store-${++stores}` });
		on.set({ keys: status(500) });
		const [before, behind] = [on.another(), on.another()];
		before.at(AGE + DAY - 2);
		assert.equal(await before.verify(), "accepted");
		behind.at(AGE + DAY);
		for (const way of ["verify", "guard", "verifySync"]) assert.equal(await behind[way](), "keys_unavailable");
	});
}

/** Refused at all these times: who waits hears why; who does not may hear that it is not known yet. */
async function refused(on, way, code, times) {
	for (const time of times) {
		on.at(time);
		const told = await on[way]();
		const known = way === "verifySync" && code === "key_not_found" ? [code, "keys_unavailable"] : [code];
		assert.ok(known.includes(told), `${way} after ${time} s: ${told}, not ${code}`);
		await on.idle();
	}
}
