// The comparison of docs/providers/README.md is what happens: with its lines by hand no peer lets a wrong token pass.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { between, indexFile } from "./markdown.mjs";
import { openWorld } from "./matrix.mjs";
import { peersTable } from "./peers.mjs";

test("jose, aws-jwt-verify and express-oauth2-jwt-bearer on the same tokens", async () => {
	const world = await openWorld();
	try {
		const markdown = await peersTable(world, (row, { name }, { complete }) => {
			if (complete.cannot === undefined && complete.isRight)
				assert.deepEqual(complete.wrong, [], `${name}: ${row.name}`);
		});
		assert.equal(
			between(await readFile(indexFile, "utf8"), "peers"),
			markdown,
			"UPDATE=1 node tests/providers/peers.mjs",
		);
	} finally {
		await world.close();
	}
});
