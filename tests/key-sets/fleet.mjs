// Isolates of real workerd under miniflare, each on a socket of its own: what it is asked comes over HTTP, and what it
// fetches goes over HTTP.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { modernNode } from "../../pkg-template/scripts/setup.mjs";
import { bundle, unpack } from "../runtimes/helpers.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/**
 * Starts `isolates` isolates of a worker, which share one KV namespace, `KEYS`. `waitsUntil: false` takes
 * `cloudflare:workers` away, as it is in older workers: a request's end is then the end of what it began.
 * `objects`: the classes of Durable Objects that they share as well, by binding; the first isolate's worker exports them.
 */
export async function fleet(worker, { isolates = 1, waitsUntil = true, objects = {} } = {}) {
	const folder = await mkdtemp(join(tmpdir(), "countersign-fleet-"));
	await unpack(folder);
	const script = await bundle(folder, here(worker), {
		outfile: join("workerd", "worker.mjs"),
		conditions: ["workerd"],
		loader: { ".wasm": "copy" },
		assetNames: "[name]",
		...(waitsUntil ? { external: ["cloudflare:workers"] } : { alias: { "cloudflare:workers": here("nothing.mjs") } }),
	});
	const host = spawn(modernNode(), [here("serve-fleet.mjs"), script, isolates, JSON.stringify(objects)], {
		stdio: ["pipe", "pipe", "inherit"],
	});
	const ended = new Promise((resolve) => host.once("close", resolve));
	const addresses = await firstLine(host);
	const agent = new Agent({ keepAlive: true });
	return {
		/** Asks an isolate a question; both that and the answer are JSON. */
		ask: (question, isolate = 0) => post(addresses[isolate], question, agent).answer,
		/** The same on a connection of its own, which `reset` breaks. */
		askAlone: (question, isolate = 0) => post(addresses[isolate], question, false),
		async end() {
			agent.destroy();
			host.stdin.end();
			await ended;
			await rm(folder, { recursive: true, force: true, maxRetries: 5 });
		},
	};
}

async function firstLine({ stdout }) {
	for await (const line of createInterface(stdout)) return JSON.parse(line);
	throw new Error("the workers did not start");
}

function post(address, question, agent) {
	const sent = request(address, { agent, method: "POST" });
	const answer = new Promise((resolve, reject) => {
		sent.once("error", reject);
		sent.once("response", (response) => {
			let text = "";
			response.setEncoding("utf8");
			response.on("data", (chunk) => {
				text += chunk;
			});
			response.once("error", reject);
			response.once("end", () => {
				if (response.statusCode === 200) resolve(JSON.parse(text));
				else reject(new Error(`${response.statusCode}: ${text}`));
			});
		});
	});
	sent.end(JSON.stringify(question));
	return { answer, reset: () => sent.socket?.resetAndDestroy() };
}
