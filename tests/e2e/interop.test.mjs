// An app as README has it, and an API behind countersign/edge, at OAuth servers that others have written, as their registries
// have them. `node tests/e2e/interop.mjs` prints the table.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startBrowser } from "./harness.mjs";
import { loadServers } from "./interop/servers.mjs";
import { startWorld, storagesOf } from "./interop/world.mjs";
import { openPackage } from "./sessions/play.mjs";

const servers = await loadServers();

describe("interop", { concurrency: 3 }, () => {
	let unpacked;
	let browser;
	before(async () => {
		browser = await startBrowser();
		unpacked = await openPackage();
	});
	after(async () => {
		await browser?.close();
		await unpacked?.close();
	});

	for (const row of servers) {
		test(row.name, async (t) => {
			const world = await startWorld(row, { files: unpacked.files, browser });
			try {
				for (const storage of storagesOf(row)) {
					await t.test(`storage "${storage}"`, async () => {
						const steps = await world.play(storage);
						const failed = steps.find(({ outcome }) => outcome instanceof Error);
						if (failed) throw new Error(`${failed.step}: ${failed.outcome.message}`, { cause: failed.outcome });
						const list = (which) => Object.fromEntries(steps.map((step) => [step.step, step[which]]));
						assert.deepEqual(list("outcome"), list("due"));
					});
				}
			} finally {
				await world.close();
			}
		});
	}
});
