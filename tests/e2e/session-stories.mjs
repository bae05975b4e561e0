#!/usr/bin/env node
// What becomes of a session in each story: a table.

import { isMain, main } from "../../pkg-template/scripts/cli.mjs";
import { startBrowser } from "./harness.mjs";
import { inTurns, play, STORIES, withPackage } from "./sessions/play.mjs";

const HELP = `
node tests/e2e/session-stories.mjs [--browser NAME,…] [--only ID,…]

  --browser   chromium, firefox, webkit; chromium
  --only      the stories of these letters; all of them
`;

async function table(args) {
	const option = (name) => (args.includes(name) ? args[args.indexOf(name) + 1].split(",") : undefined);
	const only = option("--only");
	const stories = STORIES.filter(({ id }) => !only || only.includes(id));
	const rows = stories.flatMap((story) => story.storages.map((storage) => ({ story, storage })));
	const browser = await startBrowser();
	try {
		await withPackage((files) =>
			inTurns(rows, 3, async (row) => {
				const began = performance.now();
				try {
					row.outcome = await play(row.story, { files, browser, storage: row.storage });
				} catch (error) {
					row.outcome = `FAILED: ${String(error.message).slice(0, 300).replace(/\s+/g, " ")}`;
					process.exitCode = 1;
				}
				row.took = Math.round(performance.now() - began);
			}),
		);
	} finally {
		await browser.close();
	}
	console.log("| | story | storage | outcome | ms |\n|---|---|---|---|---|");
	for (const { story, storage, outcome, took } of rows) {
		console.log(`| ${story.id} | ${story.name} | ${storage} | ${outcome} | ${took} |`);
	}
}

if (isMain(import.meta)) await main(HELP, table);
