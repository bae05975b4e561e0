#!/usr/bin/env node
// What a misbehaving authorization server, or a forged callback, comes to: a table, with two other libraries beside ours.

import { BuildError, isMain, main } from "../../pkg-template/scripts/cli.mjs";
import { CATALOGUE } from "./hostile/catalogue.mjs";
import { KINDS, runCatalogue } from "./hostile/run.mjs";
import { BROWSERS } from "./race/browsers.mjs";

const HELP = `
node tests/e2e/hostile.mjs [--browser NAME,…] [--kind NAME,…] [--only ID,…] [--tabs N] [--in-page]

  --browser   chromium, firefox, webkit; all of them, the other libraries in Chromium alone
  --kind      countersign, oidcClient (oidc-client-ts), oauth4webapi (with its check of signatures); all of them
  --only      the rows whose numbers begin so; all of them
  --tabs      at once: 4
  --in-page   ours asks for the way back without leaving its page, as in npm test

Exits with 1 if one of ours is wrong. "–" in the column "due": the text leaves it to the client; "n.a.": the library does
not do that.
`;

async function table(args) {
	const option = (name) => (args.includes(name) ? args[args.indexOf(name) + 1].split(",") : undefined);
	const only = option("--only");
	const given = option("--kind");
	const tabs = Number(option("--tabs")?.[0] ?? 4);
	const cells = new Map();
	const sums = [];
	for (const browser of option("--browser") ?? Object.keys(BROWSERS)) {
		const missing = BROWSERS[browser].missing();
		if (missing) throw new BuildError(missing, "npm run setup installs it");
		const kinds = given ?? (browser === "chromium" ? KINDS : ["countersign"]);
		const began = performance.now();
		const results = await runCatalogue(browser, { kinds, only, tabs, inPage: args.includes("--in-page") });
		for (const result of results) cells.set(`${browser} ${result.kind} ${result.row.id}`, result);
		for (const kind of kinds)
			sums.push(
				sum(
					browser,
					kind,
					results.filter((result) => result.kind === kind),
					began,
				),
			);
	}
	print(cells, only);
	console.log(`\n${sums.join("\n")}`);
}

function print(cells, only) {
	const columns = [...new Set([...cells.keys()].map((key) => key.split(" ").slice(0, 2).join(" ")))];
	console.log(`| | what | by | due | ${columns.join(" | ")} |\n|${"---|".repeat(4 + columns.length)}`);
	for (const row of CATALOGUE.filter(({ id }) => !only || only.some((one) => id.startsWith(one)))) {
		const shown = columns.map((column) => cell(cells.get(`${column} ${row.id}`)));
		console.log(`| ${row.id} | ${row.name} | ${row.spec} | ${row.due ?? "–"} | ${shown.join(" | ")} |`);
	}
}

function cell(result) {
	if (!result) return "n.a.";
	if (result.wrong) process.exitCode = 1;
	if (result.wrong) return `WRONG: ${result.wrong.replaceAll(/[\s|]+/g, " ").slice(0, 300)}`;
	const ours = result.kind === "countersign";
	const text = ours && result.code ? result.code : result.outcome;
	return result.isDue ? text : `**${text}**`;
}

function sum(browser, kind, results, began) {
	const due = results.filter(({ row }) => row.due);
	const right = due.filter(({ isDue, wrong }) => isDue && !wrong).length;
	const more =
		kind === "countersign"
			? `; ${results.filter(({ wrong }) => !wrong).length} of all ${results.length} as written`
			: "";
	const seconds = Math.round((performance.now() - began) / 1000);
	// What does not log in where nothing is wrong is set up wrongly: its other refusals say nothing.
	if (results.some(({ row, isDue }) => row.id === "M01" && !isDue)) {
		process.exitCode = 1;
		return `${browser}, ${kind}: does not even log in where nothing is wrong (M01)`;
	}
	return `${browser}, ${kind}: ${right} of the ${due.length} that are due${more} (${seconds} s)`;
}

if (isMain(import.meta)) await main(HELP, table);
