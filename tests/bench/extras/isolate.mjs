// What a cold isolate of workerd costs: a process each time, its first request, and what it holds in memory.

import { mkdir } from "node:fs/promises";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { note } from "../../../pkg-template/scripts/cli.mjs";
import { bundle } from "../../runtimes/helpers.mjs";
import { NOTHING } from "../contenders/names.mjs";
import { ratio, summary } from "../figures.mjs";
import { configure, start, version } from "../runtimes/isolate.mjs";
import { workerd } from "../runtimes/workerd.mjs";
import { mintKey, mintTokens, subjectOf } from "../tokens.mjs";
import { script } from "../workplace.mjs";
import { KINDS } from "./guard-subjects.mjs";

export const title = "isolate: from the start of workerd to the first answer (ms), and its memory (MiB)";
/** That it runs in. */
export const runtime = workerd.id;

const CONTENDERS = ["ours", "jose", "hono", NOTHING];
const PROCESSES = { quick: 3, full: 21 };
/** Requests after which the memory is looked at again. */
const WARM = { quick: 200, full: 5000 };

/** Measured by the driver; the processes of the contenders take turns. */
export async function drive(folder, { quick, rounds, algorithms }) {
	const processes = rounds ?? (quick ? PROCESSES.quick : PROCESSES.full);
	const chosen = KINDS.filter((algorithm) => algorithms.includes(algorithm));
	const rows = [];
	for (const algorithm of chosen.length > 0 ? chosen : KINDS) {
		const key = mintKey(algorithm);
		const subject = subjectOf(key, mintTokens(key));
		const all = [];
		for (const name of CONTENDERS) all.push(await contender(folder, name, subject));
		for (let round = 0; round < processes; round++) {
			for (const one of round % 2 ? all.toReversed() : all) {
				note(`${algorithm}, process ${round + 1} of ${processes}, ${one.name}`);
				const seen = await life(one, subject, quick ? WARM.quick : WARM.full);
				for (const [figure, value] of Object.entries(seen)) one.figures[figure].samples.push(value);
			}
		}
		rows.push(...rowsOf(algorithm, all));
	}
	return { where: `workerd ${version}`, rows };
}

function rowsOf(algorithm, all) {
	const jose = all.find(({ name }) => name === "jose").figures;
	return all.map(({ name, figures: { first, total, cold, warm } }) => ({
		algorithm,
		name,
		first: summary(first),
		total: summary(total),
		cold: summary(cold),
		warm: summary(warm),
		firstRatio: ratio(first, jose.first),
		totalRatio: ratio(total, jose.total),
	}));
}

async function contender(folder, name, { issuer, audience, alg, jwk }) {
	const target = join(folder, `isolate-${name}`);
	await mkdir(target, { recursive: true });
	await bundle(folder, script(folder, `isolate-${name}.mjs`), {
		outfile: join(`isolate-${name}`, "main.mjs"),
		conditions: ["workerd"],
		loader: { ".wasm": "copy" },
		minify: true,
	});
	const config = await configure(target, "main.mjs", { SUBJECT: { issuer, audience, alg, jwk } });
	const figures = Object.fromEntries(["first", "total", "cold", "warm"].map((one) => [one, { samples: [] }]));
	return { name, config, figures };
}

/** One process, from its start to its end. */
async function life({ name, config }, { tokens }, warm) {
	const agent = new Agent({ keepAlive: true, maxSockets: 1 });
	const began = performance.now();
	const isolate = await start(config);
	try {
		const asked = performance.now();
		await ask(name, isolate.origin, agent, tokens[0]);
		const answered = performance.now();
		const cold = await isolate.memory();
		for (let i = 0; i < warm; i++) await ask(name, isolate.origin, agent, tokens[i % tokens.length]);
		const mebibytes = (bytes) => bytes / 2 ** 20;
		const memory = { cold: mebibytes(cold), warm: mebibytes(await isolate.memory()) };
		return { first: answered - asked, total: answered - began, ...memory };
	} finally {
		agent.destroy();
		await isolate.end();
	}
}

function ask(name, origin, agent, token) {
	return new Promise((resolve, reject) => {
		const sent = request(
			`${origin}/purchases`,
			{ agent, headers: { authorization: `Bearer ${token}` } },
			(response) => {
				response.resume();
				response.once("end", () => {
					if (response.statusCode === 200) resolve();
					else reject(new Error(`${name} answers ${response.statusCode}`));
				});
			},
		);
		sent.once("error", reject);
		sent.end();
	});
}

export const columns = [
	"algorithm",
	"",
	"first request",
	"/ jose",
	"from the start",
	"/ jose",
	"memory then",
	"memory, warm",
];
export const row = ({ algorithm, name, first, firstRatio, total, totalRatio, cold, warm }, { ms, times }) => [
	algorithm,
	name,
	ms(first),
	times(firstRatio),
	ms(total),
	times(totalRatio),
	ms(cold),
	ms(warm),
];
