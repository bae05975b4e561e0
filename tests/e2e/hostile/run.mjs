// Runs the catalogue in one browser, several tabs at once, and judges what came of each row.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { unpack } from "../../runtimes/helpers.mjs";
import { BROWSERS } from "../race/browsers.mjs";
import { serve } from "../way-kit.mjs";
import { CATALOGUE } from "./catalogue.mjs";
import { startHostileServer } from "./server.mjs";

export const KINDS = ["countersign", "oidcClient", "oauth4webapi"];
/** Milliseconds until the first word of a tab, and without one afterwards: the rest is lost then. */
const [START, PATIENCE] = [120_000, 40_000];
/** Of ours: characters of all that an error shows. */
const MAX_SHOWN = 2_000;

/**
 * Resolves to a result for each row and kind: { row, kind, outcome, code, wrong }. `inPage`: the way to the server and back is
 * asked for by the page, which stays, but for rows that are about leaving it.
 */
export async function runCatalogue(browserName, { kinds = KINDS, only, tabs = 4, inPage = false } = {}) {
	const folder = await mkdtemp(join(tmpdir(), "countersign-hostile-"));
	const catalogue = CATALOGUE.filter(({ id }) => !only || only.some((one) => id.startsWith(one)));
	const measured = kinds.flatMap((kind) => catalogue.filter(isFor(kind)).map((row) => ({ kind, row })));
	const op = await startHostileServer(catalogue);
	const shop = await startTabs(folder, measured, op, inPage);
	let browser;
	try {
		await bundle(folder);
		const urls = Array.from({ length: tabs }, () => `${shop.origin}/`);
		browser = await BROWSERS[browserName].open(folder, urls);
		await shop.done;
		return measured.map((one) => judge(one, op.run(one.kind, one.row.id)));
	} finally {
		await browser?.close();
		await Promise.all([op.close(), shop.close()]);
		await rm(folder, { recursive: true, force: true, maxRetries: 3 });
	}
}

const isFor =
	(kind) =>
	({ na = [] }) =>
		!na.includes(kind);

/** The pages, which take rows and tell. */
async function startTabs(folder, measured, op, inPage) {
	const waiting = [...measured];
	let open = measured.length;
	let ended;
	const done = new Promise((resolve) => {
		ended = resolve;
	});
	let timer = setTimeout(ended, START);
	const next = () => {
		const one = waiting.shift();
		if (!one) return { isDone: true };
		const { id, at, options } = one.row;
		const staysInPage = inPage && one.kind === "countersign" && at !== "replay" && at !== "forged";
		return { row: { kind: one.kind, id, at, options, staysInPage, issuer: op.run(one.kind, id).issuer } };
	};
	const told = (result) => {
		Object.assign(
			measured.find(({ kind, row }) => kind === result.kind && row.id === result.id),
			{ result },
		);
		clearTimeout(timer);
		timer = setTimeout(ended, PATIENCE);
		open -= 1;
		if (open === 0) ended();
		return {};
	};
	const page =
		'<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>';
	const site = await serve(async ({ pathname }, body) => {
		if (pathname === "/row" || pathname === "/told") {
			const answer = pathname === "/row" ? next() : told(JSON.parse(body));
			return [200, JSON.stringify(answer), { "content-type": "application/json" }];
		}
		if (!pathname.endsWith(".js")) return [200, page, { "content-type": "text/html" }];
		const text = await readFile(join(folder, pathname));
		return [200, text, { "content-type": "text/javascript", "cache-control": "max-age=600" }];
	});
	return { origin: site.origin, done, close: () => clearTimeout(timer) ?? site.close() };
}

function judge({ kind, row, result }, run) {
	const judged = { row, kind, outcome: result?.outcome ?? "lost", code: result?.code };
	const isDue = row.due === undefined || row.due === judged.outcome;
	return { ...judged, isDue, wrong: kind === "countersign" ? wrong(row, result, run) : undefined };
}

/** What is wrong with ours; undefined where all is as it should be. */
function wrong(row, result, run) {
	if (!result) return "no word of it";
	const { outcome, code, shown, subject, session, search } = result;
	const expected = row.code ? "refused" : "accepted";
	const user = row.subject ?? "ada";
	if (row.due && row.due !== expected) return `the row itself: ${row.due} is due, ${expected} is expected`;
	if (outcome !== expected || code !== row.code)
		return `${outcome} ${code ?? ""}, not ${row.code ?? expected}: ${shown}`;
	if (outcome === "accepted" && row.at !== "logout" && subject !== user) return `${subject} is logged in, not ${user}`;
	if (session !== null && session !== user) return `${session} is logged in`;
	const before = row.at === "login" || row.at === "push" || row.at === "replay" || row.at === "forged";
	if ((before && outcome === "refused") !== (session === null) && row.at !== "logout" && !row.ends) {
		return `session: ${session}`;
	}
	if (row.at === "logout" && session !== null) return "the session goes on";
	if (code !== "no answer" && /[?&](code|state)=/.test(search)) return "the answer stays in the address";
	if (shown?.length > MAX_SHOWN) return `the error shows ${shown.length} characters`;
	for (const secret of run.secrets) if (secret && shown?.includes(secret)) return `a secret is shown: ${shown}`;
	return row.check?.(run, result) || undefined;
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
