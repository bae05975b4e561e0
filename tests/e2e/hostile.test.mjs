// The hostile catalogue in Chromium, ours alone: each row refused with its code, or accepted. `node tests/e2e/hostile.mjs`
// prints it for three browsers, with other libraries beside.
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { CATALOGUE } from "./hostile/catalogue.mjs";
import { runCatalogue } from "./hostile/run.mjs";

describe("a misbehaving server, or page", () => {
	let results;
	before(async () => {
		results = await runCatalogue("chromium", { kinds: ["countersign"], inPage: true });
	});
	for (const row of CATALOGUE) {
		it(`${row.id} ${row.name} (${row.spec}): ${row.code ?? "accepted"}`, () => {
			assert.equal(results.find((result) => result.row === row).wrong, undefined);
		});
	}
});
