// The recipes of docs/providers, as they stand, from the packed tarball: each takes the provider's token, each wrong token is
// refused by the rule that names it, and `explain` lists what the page says.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, test } from "node:test";
import { inRoot } from "../../pkg-template/scripts/paths.mjs";
import { between, indexFile } from "./markdown.mjs";
import { lineOf, openRecipe, openWorld, policyChecks, tokenOf, wrongOf } from "./matrix.mjs";
import { listOf, pages, readPage, recipeOf } from "./recipes.mjs";
import { ROWS } from "./rows.mjs";
import { table } from "./table.mjs";

const world = await openWorld();
after(() => world.close());

for (const row of world.rows) {
	const recipe = await openRecipe(world, row);
	after(() => recipe.close());

	test(`${row.name}: its token passes the recipe's verifier and guard`, async () => {
		const token = await tokenOf(row);
		const { claims } = await recipe.verify(token);
		assert.ok(claims, JSON.stringify(await recipe.verify(token)));
		const { status, body } = await recipe.ask(token);
		assert.deepEqual([status, body.hello], [200, claims.sub]);
		assert.ok(world.network.asked.includes(row.issuer.metadata.jwks_uri), "keys came over HTTP");
	});

	test(`${row.name}: explain lists what the page says`, async () => {
		const { valid, error } = await recipe.explain(await tokenOf(row));
		assert.deepEqual([valid, error], [true, null]);
		const checks = await policyChecks(world, row, recipe);
		assert.deepEqual(checks.map(({ name }) => name).sort(), row.checks.toSorted());
		assert.deepEqual(await listOf(row), checks.map(lineOf), "UPDATE=1 node tests/providers/table.mjs");
	});

	for (const [name, changes, code, claim] of wrongOf(row)) {
		test(`${row.name}: ${name} is refused by ${code} (${claim})`, async () => {
			const token = await tokenOf(row, changes);
			assert.deepEqual(await recipe.verify(token), { code, claim });
			const { valid, checks, error } = await recipe.explain(token);
			const failed = checks.filter(({ status }) => status === "failed");
			assert.deepEqual([valid, error.code, error.claim, failed.length], [false, code, claim, 1]);
			const isSigned = checks.find(({ name }) => name === "signature");
			if (code !== "typ_mismatch" && code !== "issuer_mismatch") assert.equal(isSigned.status, "passed");
			const { status, body } = await recipe.ask(token);
			assert.deepEqual([status, body.code], [code === "insufficient_scope" ? 403 : 401, code]);
		});
	}
}

test("every page has a row for each of its recipes, and no other code", async () => {
	for (const page of await pages()) {
		const { blocks } = await readPage(page);
		const used = [];
		for (const row of ROWS.filter((row) => row.page === page)) used.push(...Object.values(await recipeOf(row)));
		for (const block of blocks)
			assert.ok(
				used.some((one) => one?.line === block.line),
				`${page}.md:${block.line}`,
			);
	}
});

test("every provider that has a preset has a page, which names the provider's own", async () => {
	const presets = await readFile(inRoot("src", "claims", "provider.rs"), "utf8");
	const found = [...presets.matchAll(/name: "([\w-]+)",\s+page: "([^"]+)"/g)];
	assert.equal(found.length, 15);
	const index = await readFile(indexFile, "utf8");
	for (const [, name, url] of found) {
		const { text, blocks } = await readPage(name);
		assert.ok(text.includes(`](${url})`), `${name}.md: ${url}`);
		assert.ok(blocks.every(({ kind, code }) => kind === "login" || code.includes("issuer: ")));
		assert.ok(
			blocks.some(({ code }) => code.includes(`provider: "${name}"`)),
			name,
		);
		assert.ok(index.includes(`](${name}.md) | \`${name}\` |`), `README.md: ${name}`);
	}
});

test("the table of the index is what happens", async () => {
	const index = await readFile(indexFile, "utf8");
	assert.equal(between(index, "table"), await table(world), "UPDATE=1 node tests/providers/table.mjs");
});
