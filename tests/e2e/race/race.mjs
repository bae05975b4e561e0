#!/usr/bin/env node
// Tabs that renew at the same moment: how often is the session lost, and how many renewals does the server see?

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { BuildError, isMain, main } from "../../../pkg-template/scripts/cli.mjs";
import { rsaJwk } from "../../keys.mjs";
import { unpack } from "../../runtimes/helpers.mjs";
import { BROWSERS } from "./browsers.mjs";
import { LIFETIME, startOAuthServer, startSite } from "./server.mjs";

const HELP = `
node tests/e2e/race/race.mjs [--browser NAME,…] [--kind NAME,…] [--tabs N] [--rounds N]

  --browser   chromium, firefox, webkit; all of them
  --kind      countersign, auth0 (auth0-spa-js), oidcClient (oidc-client-ts); all of them
  --tabs      2
  --rounds    20; each takes the ${LIFETIME} seconds that an access token lives
`;

const KINDS = ["countersign", "auth0", "oidcClient"];

/** One race; resolves to what became of it. */
export async function race(browserName, kind, { tabs, rounds, storage = "shared" }) {
	const folder = await mkdtemp(join(tmpdir(), "countersign-race-"));
	const key = { ...rsaJwk(), kid: "race", alg: "RS256", use: "sig" };
	let server;
	const settings = () => ({ kind, storage, issuer: server.issuer });
	const site = await startSite(folder, { tabs, rounds, settings });
	server = await startOAuthServer(site.origin, [key]);
	let browser;
	try {
		await bundle(folder);
		const urls = Array.from({ length: tabs }, (_, tab) => `${site.origin}/?tab=${tab}`);
		browser = await BROWSERS[browserName].open(folder, urls);
		const patience = (rounds + 15) * (LIFETIME + 3) * 1000;
		let timer;
		const late = new Promise((_, reject) => {
			timer = setTimeout(() => reject(new Error(`not ended: ${JSON.stringify(site.results.slice(-9))}`)), patience);
		});
		await Promise.race([site.done, late]).finally(() => clearTimeout(timer));
		const failed = site.results.filter(({ error }) => error);
		const took = site.results.map((result) => result.took).sort((a, b) => a - b);
		return {
			tries: site.results.length,
			lost: failed.length,
			errors: [...new Set(failed.map(({ error }) => error))],
			...server.counts,
			median: took[took.length >> 1],
			longest: took.at(-1),
		};
	} finally {
		await browser?.close();
		site.close();
		server.close();
		await rm(folder, { recursive: true, force: true, maxRetries: 3 });
	}
}

async function bundle(folder) {
	await unpack(folder);
	await esbuild.build({
		entryPoints: { page: fileURLToPath(new URL("./page.mjs", import.meta.url)) },
		outdir: folder,
		bundle: true,
		splitting: true,
		format: "esm",
		target: "es2022",
		nodePaths: [join(folder, "node_modules")],
		logLevel: "warning",
	});
}

async function table(args) {
	const option = (name, otherwise) => (args.includes(name) ? args[args.indexOf(name) + 1] : otherwise);
	const browsers = option("--browser", Object.keys(BROWSERS).join()).split(",");
	const kinds = option("--kind", KINDS.join()).split(",");
	const [tabs, rounds] = [Number(option("--tabs", 2)), Number(option("--rounds", 20))];
	console.log(
		`| browser | login | tabs × rounds | failed | renewals (least ${rounds}) | early | families ended | median, longest |`,
	);
	console.log("|---|---|---|---|---|---|---|---|");
	for (const browser of browsers) {
		const missing = BROWSERS[browser].missing();
		if (missing) throw new BuildError(missing, "npm run setup installs it");
		for (const kind of kinds) {
			const { tries, lost, errors, renewals, early, killed, median, longest } = await race(browser, kind, {
				tabs,
				rounds,
			});
			const why = errors.length > 0 ? ` (${errors.join("; ").slice(0, 80)})` : "";
			console.log(
				`| ${browser} | ${kind} | ${tabs} × ${rounds} | ${lost} of ${tries}${why} | ${renewals} | ${early} | ${killed} | ${median} ms, ${longest} ms |`,
			);
		}
	}
}

if (isMain(import.meta)) await main(HELP, table);
