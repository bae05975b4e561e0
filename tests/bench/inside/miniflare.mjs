// Run by a Node.js that miniflare accepts: serves the worker and times its requests; the last line is the result.

import { readFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { Miniflare } from "miniflare";
import { median } from "../figures.mjs";
import { interleave } from "../rounds.mjs";

/** So many empty calls, the latest ones, tell what a request costs by itself. */
const REMEMBERED = 31;
/** Milliseconds of a request after which its connection is not used again: workerd ends it about then. */
const OLD = 4000;

const [worker, job] = process.argv.slice(2);
const { data, settings } = JSON.parse(await readFile(job, "utf8"));
const say = (text) => process.stderr.write(`${text}\n`);
const { version } = createRequire(import.meta.url)("workerd/package.json");
const miniflare = new Miniflare({
	modulesRoot: dirname(worker),
	modules: true,
	modulesRules: [{ type: "CompiledWasm", include: ["**/*.wasm"] }],
	scriptPath: worker,
	compatibilityDate: "2026-01-01",
});
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
try {
	const base = await miniflare.ready;
	say("proving all contenders");
	const names = JSON.parse(await ask(new URL("/prepare", base), JSON.stringify(data)));
	const empties = [];
	const nothing = async () => empties.push(await timed(new URL("/run", base)));
	for (let i = 0; i < REMEMBERED; i++) await nothing();
	const lanes = names.map((name) => ({
		name,
		async run(count) {
			await nothing();
			const url = new URL("/run", base);
			url.search = new URLSearchParams({ name, count });
			const took = await timed(url);
			return Math.max(0, took - median(empties.slice(-REMEMBERED)));
		},
	}));
	const results = await interleave(lanes, settings, say);
	console.log(JSON.stringify({ version, results, emptyRequest: median(empties) }));
	say("done");
} finally {
	agent.destroy();
	await miniflare.dispose();
}

async function timed(url) {
	const began = performance.now();
	await ask(url);
	return performance.now() - began;
}

function ask(url, body) {
	const began = performance.now();
	return new Promise((resolve, reject) => {
		const sent = request(url, { agent, method: body === undefined ? "GET" : "POST" }, (response) => {
			let text = "";
			response.setEncoding("utf8");
			response.on("data", (chunk) => {
				text += chunk;
			});
			response.on("end", () => {
				if (performance.now() - began > OLD) agent.destroy();
				if (response.statusCode === 200) resolve(text);
				else reject(new Error(text));
			});
		});
		sent.once("error", reject);
		sent.end(body);
	});
}
