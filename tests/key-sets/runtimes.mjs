// The two runtimes of these tests: each takes a question (subject.mjs) and gives the answer.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { run } from "../../pkg-template/scripts/cli.mjs";
import { modernNode } from "../../pkg-template/scripts/setup.mjs";
import { bundle, unpack } from "../runtimes/helpers.mjs";
import { subjectOf } from "./subject.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** This very process. */
export async function inNode() {
	const { countersign, edge } = await import("../js/helpers.mjs");
	return {
		ask: subjectOf(countersign, edge),
		/** Bytes of memory of the process. */
		resident: async () => process.memoryUsage.rss(),
		end() {},
	};
}

/** workerd under miniflare, with the package by its `workerd` condition. */
export async function inWorkerd() {
	const folder = await mkdtemp(join(tmpdir(), "countersign-key-sets-"));
	await unpack(folder);
	const worker = await bundle(folder, here("worker.mjs"), {
		outfile: join("workerd", "worker.mjs"),
		conditions: ["workerd"],
		loader: { ".wasm": "copy" },
		assetNames: "[name]",
		external: ["cloudflare:workers"],
	});
	const server = spawn(modernNode(), [here("serve-worker.mjs"), worker], { stdio: ["pipe", "pipe", "inherit"] });
	const ended = new Promise((resolve) => server.once("close", resolve));
	const agent = new Agent({ keepAlive: true });
	const [address] = await firstLine(server);
	return {
		ask: (question) => post(agent, address, question),
		async resident() {
			const told = await run("ps", ["-o", "rss=", "--ppid", String(server.pid)]);
			return told.split("\n").reduce((sum, line) => sum + Number(line) * 1024, 0);
		},
		async end() {
			agent.destroy();
			server.stdin.end();
			await ended;
			await rm(folder, { recursive: true, force: true, maxRetries: 5 });
		},
	};
}

async function firstLine({ stdout }) {
	for await (const line of createInterface(stdout)) return [line];
	throw new Error("the worker did not start");
}

function post(agent, address, question) {
	return new Promise((resolve, reject) => {
		const sent = request(address, { agent, method: "POST" }, (response) => {
			let text = "";
			response.setEncoding("utf8");
			response.on("data", (chunk) => {
				text += chunk;
			});
			response.on("end", () => {
				if (response.statusCode === 200) resolve(JSON.parse(text));
				else reject(new Error(`${response.statusCode}: ${text}`));
			});
		});
		sent.once("error", reject);
		sent.end(JSON.stringify(question));
	});
}
