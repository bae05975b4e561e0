// What a page waits for: import, a verifier with a static ES256 key, and the first verdict, each time in a fresh
// Chromium process. In one half of the processes nothing but the page's own clock watches; in the other half the
// browser's trace tells for how long at a time the main thread was busy with it.

import { join } from "node:path";
import { note } from "../../../pkg-template/scripts/cli.mjs";
import { ratio, summary } from "../figures.mjs";
import { bundlePage, html, inFreshBrowser, serve } from "../pages.mjs";
import { mintKey, mintToken, subjectOf } from "../tokens.mjs";

export const title = "first-verdict: import, createVerifier and first verify in fresh Chromium processes, ES256 (ms)";
/** That it runs in. */
export const runtime = "chromium";

const PROCESSES = { quick: 3, full: 15 };
const [BEGAN, ENDED] = ["first verdict began", "first verdict ended"];
/** Milliseconds of rest between a page that is there and what is measured. */
const REST = 300;

const countersign = `
	import { createVerifier } from "countersign";
	export const firstVerdict = async ({ alg, issuer, audience, jwk, tokens: [token] }) => {
		const verifier = createVerifier({ issuer, audience, typ: "at+jwt", algorithms: [alg], keys: jwk });
		return (await verifier.verify(token)).claims;
	};`;
const jose = `
	import { importJWK, jwtVerify } from "jose";
	export const firstVerdict = async ({ alg, issuer, audience, jwk, tokens: [token] }) => {
		const options = { issuer, audience, typ: "at+jwt", algorithms: [alg] };
		return (await jwtVerify(token, await importJWK(jwk, alg), options)).payload;
	};`;
const page = `
	globalThis.visit = async (job) => {
		performance.mark("${BEGAN}");
		const began = performance.now();
		const { firstVerdict } = await import("./contender.js");
		const { sub } = await firstVerdict(job);
		const took = performance.now() - began;
		performance.mark("${ENDED}");
		return { took, sub };
	};`;

/** Measured by the driver; the processes of the contenders take turns. */
export async function drive(folder, { quick, against, rounds }) {
	const key = mintKey("ES256");
	const job = subjectOf(key, [mintToken(key)]);
	const [, payload] = job.tokens[0].split(".");
	const { sub } = JSON.parse(Buffer.from(payload, "base64url"));
	const contenders = [
		{ name: "countersign", contents: countersign },
		...(against ? [{ name: "countersign, before", contents: countersign, build: "countersign-before" }] : []),
		{ name: "jose", contents: jose },
	];
	let where;
	try {
		for (const one of contenders) {
			const target = join(folder, `first-verdict ${one.name}`);
			await bundlePage(folder, target, { ...one, name: "contender" });
			one.server = await serve(target, { "index.html": html("/page.js"), "page.js": page });
			one.times = { samples: [] };
			one.blocks = { samples: [] };
			one.cpu = { samples: [] };
			one.busy = { samples: [] };
		}
		const processes = rounds ?? (quick ? PROCESSES.quick : PROCESSES.full);
		for (let round = 0; round < processes; round++) {
			const order = round % 2 ? contenders.toReversed() : contenders;
			for (const traced of [false, true]) {
				for (const { name, server, times, blocks, cpu, busy } of order) {
					note(`process ${round + 1} of ${processes}, ${name}${traced ? ", traced" : ""}`);
					const seen = await inFreshBrowser((page, browser) => visit(page, browser, server.url, job, traced));
					if (seen.sub !== sub) throw new Error(`${name} tells another sub`);
					if (traced) {
						blocks.samples.push(seen.block.wall);
						cpu.samples.push(seen.block.cpu);
						busy.samples.push(seen.block.busy);
					} else times.samples.push(seen.took);
					where = `Chromium ${seen.version}`;
				}
			}
		}
	} finally {
		for (const { server } of contenders) server?.close();
	}
	const [ours] = contenders;
	const last = contenders.at(-1);
	const before = against && contenders[1];
	const rows = contenders.map(({ name, times, blocks, cpu, busy }) => ({
		name,
		times: summary(times),
		blocks: summary(blocks),
		cpu: summary(cpu),
		busy: summary(busy),
		ratio: ratio(times, last.times),
		against: name === ours.name && before ? ratio(times, before.times) : undefined,
	}));
	return { where, rows };
}

async function visit(page, browser, url, job, traced) {
	await page.goto(`${url}/`);
	await page.waitForFunction(() => globalThis.visit);
	await new Promise((resolve) => setTimeout(resolve, REST));
	if (traced) await browser.startTracing(page, { categories: ["toplevel", "blink.user_timing"] });
	// A task of its own: not within the one that brings the question.
	const seen = await page.evaluate(
		(job) => new Promise((resolve, reject) => setTimeout(() => globalThis.visit(job).then(resolve, reject))),
		job,
	);
	const block = traced ? longestBlock(JSON.parse(await browser.stopTracing())) : undefined;
	return { ...seen, block, version: browser.version() };
}

/**
 * For how many milliseconds at a time the page's main thread had no time for anything else between the marks: by the
 * clock (`wall`), and of the processor (`cpu`), which other programs on the machine take less part in.
 * `busy` is the processor time of all its tasks together.
 */
export function longestBlock({ traceEvents }) {
	const mark = (name) => traceEvents.find((event) => event.name === name && event.cat.includes("blink.user_timing"));
	const [began, ended] = [mark(BEGAN), mark(ENDED)];
	if (!began || !ended) throw new Error("the trace lacks the marks");
	const onThread = ({ ph, pid, tid }) => ph === "X" && pid === began.pid && tid === began.tid;
	const blocks = [];
	for (const { name, ts, dur, tdur = dur } of traceEvents.filter(onThread).sort((a, b) => a.ts - b.ts)) {
		const last = blocks.at(-1);
		if (name.endsWith("RunTask")) blocks.push({ from: ts, to: ts + dur, cpu: tdur });
		// What promises do comes right after the task that settled them, before anybody else's turn. Within a task, it is
		// part of it.
		else if (name.endsWith("PerformMicrotaskCheckpoint") && last && ts >= last.to) {
			last.to = ts + dur;
			last.cpu += tdur;
		}
	}
	const ours = blocks.filter(({ from, to }) => to > began.ts && from < ended.ts);
	if (ours.length === 0) throw new Error("the trace has no tasks");
	const wall = Math.max(...ours.map(({ from, to }) => Math.min(to, ended.ts) - Math.max(from, began.ts)));
	const cpu = Math.max(...ours.map((one) => one.cpu));
	const busy = ours.reduce((sum, one) => sum + one.cpu, 0);
	return { wall: wall / 1000, cpu: cpu / 1000, busy: busy / 1000 };
}

export const columns = [
	"",
	"first verdict",
	"/ jose",
	"/ before",
	"longest block",
	"processor time of it",
	"of all its tasks",
];
export const row = ({ name, times, blocks, cpu, busy, ratio, against }, { ms, times: quotient }) => [
	name,
	ms(times),
	quotient(ratio),
	quotient(against),
	ms(blocks),
	ms(cpu),
	ms(busy),
];
