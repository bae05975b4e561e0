#!/usr/bin/env node
// What each step of a user's day comes to at each OAuth server: a table.

import { isMain, main } from "../../pkg-template/scripts/cli.mjs";
import { startBrowser } from "./harness.mjs";
import { loadServers } from "./interop/servers.mjs";
import { STEPS } from "./interop/story.mjs";
import { startWorld, storagesOf } from "./interop/world.mjs";
import { inTurns, openPackage } from "./sessions/play.mjs";

const HELP = `
node tests/e2e/interop.mjs [--server NAME]

  --server   those whose name contains this; all of them
`;

async function table(args) {
	const wanted = args.includes("--server") ? args[args.indexOf("--server") + 1] : "";
	console.log(`| server | storage | ${STEPS.join(" | ")} | s |\n|---|---|${"---|".repeat(STEPS.length + 1)}`);
	const { files, close } = await openPackage();
	const browser = await startBrowser();
	try {
		const rows = await loadServers(wanted);
		await inTurns(rows, 3, (row) => lines(row, { files, browser }).catch((error) => failed(row, error)));
	} finally {
		await browser.close();
		await close();
	}
}

async function lines(row, at) {
	const world = await startWorld(row, at);
	try {
		for (const storage of storagesOf(row)) {
			const began = performance.now();
			const steps = await world.play(storage);
			const took = ((performance.now() - began) / 1000).toFixed(1);
			console.log(`| ${row.name} | ${storage} | ${steps.map(cell).join(" | ")} | ${took} |`);
		}
	} finally {
		await world.close();
	}
}

function cell({ outcome, due }) {
	if (outcome === due) return outcome;
	process.exitCode = 1;
	const text = String(outcome.message ?? outcome);
	return `**${process.env.DEBUG ? text : text.slice(0, 200).replace(/\s+/g, " ")}**`;
}

function failed({ name }, { message }) {
	process.exitCode = 1;
	console.log(`| ${name} | FAILED: ${message.slice(0, 300).replace(/\s+/g, " ")} |`);
}

if (isMain(import.meta)) await main(HELP, table);
