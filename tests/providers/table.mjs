#!/usr/bin/env node
// node tests/providers/table.mjs: what each recipe does to each token, as Markdown. With UPDATE=1 it also writes the lists of
// checks into the pages of docs/providers, and the table into their index.

import { readFile, writeFile } from "node:fs/promises";
import { isMain } from "../../pkg-template/scripts/cli.mjs";
import { between, indexFile, toMarkdown } from "./markdown.mjs";
import { lineOf, openRecipe, openWorld, policyChecks, tokenOf } from "./matrix.mjs";
import { writeList } from "./recipes.mjs";
import { WRONG } from "./rows.mjs";

export const HEAD = ["token", "verifier", "guard", ...Object.values(WRONG), "`explain` lists"];

/** One line of the table. */
export async function lineOfRow(world, row, recipe) {
	const token = await tokenOf(row);
	const { code } = await recipe.verify(token);
	const { status } = await recipe.ask(token);
	const cells = [];
	for (const column of Object.keys(WRONG)) {
		const expected = row.wrong[column];
		cells.push(Array.isArray(expected) ? await refusal(recipe, await tokenOf(row, expected[0])) : `– ${expected}`);
	}
	const checks = (await policyChecks(world, row, recipe)).map(({ name }) => `\`${name}\``);
	return [
		`[${row.name}](${row.page}.md)`,
		code ?? "passes",
		status === 200 ? "passes" : status,
		...cells,
		checks.join(", "),
	];
}

/** What a token is refused with. */
async function refusal(recipe, token) {
	const { code, claim } = await recipe.verify(token);
	return code ? `\`${code}\` (${claim})` : "**passes**";
}

/** The whole table. */
export async function table(world, visit = async () => {}) {
	const lines = [];
	for (const row of world.rows) {
		const recipe = await openRecipe(world, row);
		try {
			lines.push(await lineOfRow(world, row, recipe));
			await visit(row, recipe);
		} finally {
			await recipe.close();
		}
	}
	return toMarkdown(HEAD, lines);
}

if (isMain(import.meta)) {
	const world = await openWorld();
	try {
		const update = process.env.UPDATE === "1";
		const markdown = await table(world, async (row, recipe) => {
			if (update) await writeList(row, (await policyChecks(world, row, recipe)).map(lineOf));
		});
		console.log(markdown);
		if (update) await writeFile(indexFile, between(await readFile(indexFile, "utf8"), "table", markdown));
	} finally {
		await world.close();
	}
}
