// Tabs that renew at the same moment: no session is lost, and one renewal serves them all.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BROWSERS } from "./race/browsers.mjs";
import { race } from "./race/race.mjs";

const RACES = [
	["chromium", 2, 8],
	["chromium", 5, 8],
	["firefox", 2, 4],
	["webkit", 2, 4],
].filter(([browser]) => browser === "chromium" || !BROWSERS[browser].missing());

describe("races", { concurrency: true }, () => {
	for (const [browser, tabs, rounds] of RACES) {
		test(`${tabs} tabs, ${rounds} rounds in ${browser}`, async () => {
			const { tries, lost, errors, renewals, early, killed } = await race(browser, "countersign", { tabs, rounds });
			assert.deepEqual(errors, []);
			assert.deepEqual([tries, lost, early, killed], [tabs * rounds, 0, 0, 0]);
			// A page that comes too late for a round renews once more.
			assert.ok(renewals >= rounds && renewals <= rounds + tabs, `${renewals} renewals`);
		});
	}
});
