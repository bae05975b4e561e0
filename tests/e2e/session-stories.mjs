#!/usr/bin/env node
// What becomes of a session in each story: a table.

import { isMain, main } from "../../pkg-template/scripts/cli.mjs";
import { inTurns, openPackage, play, rowsOf, startFor } from "./sessions/play.mjs";

const HELP = `
node tests/e2e/session-stories.mjs [--browser NAME,…] [--only ID,…]

  --browser   chromium, firefox, webkit; chromium
  --only      the stories of these letters; all of them
`;

async function table(args) {
	const option = (name) => (args.includes(name) ? args[args.indexOf(name) + 1].split(",") : undefined);
	const only = option("--only");
	console.log("| browser | | story | storage | outcome | ms |\n|---|---|---|---|---|---|");
	const { folder, files, close } = await openPackage();
	try {
		for (const name of option("--browser") ?? ["chromium"]) {
			const rows = rowsOf(name).filter(({ story }) => !only || only.includes(story.id));
			const browser = await startFor(name, folder);
			await inTurns(rows, 4, async (row) => {
				const began = performance.now();
				row.outcome = await play(row.story, { files, browser, storage: row.storage }).catch(failed);
				row.took = Math.round(performance.now() - began);
			});
			await browser.close();
			for (const { story, storage, outcome, took } of rows) {
				console.log(`| ${name} | ${story.id} | ${story.name} | ${storage} | ${outcome} | ${took} |`);
			}
		}
	} finally {
		await close();
	}
}

function failed({ message }) {
	process.exitCode = 1;
	return `FAILED: ${message.slice(0, 300).replace(/\s+/g, " ")}`;
}

if (isMain(import.meta)) await main(HELP, table);
