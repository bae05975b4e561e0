// A server in a process of its own, which says in its first line where it serves, and ends with its input.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const START_MS = 120_000;

/** Starts it in an empty folder; `input(folder)` is the line that it is told first. Resolves to its own, and how to end it. */
export async function startProcess(name, command, args, input = () => "") {
	const folder = await mkdtemp(join(tmpdir(), "countersign-interop-"));
	const child = spawn(command, args, { cwd: folder, stdio: ["pipe", "pipe", "pipe"] });
	const ended = new Promise((resolve) => child.once("close", resolve).once("error", resolve));
	let complaint = "";
	child.stderr.setEncoding("utf8").on("data", (text) => {
		complaint = (complaint + text).slice(-4000);
		if (process.env.DEBUG) process.stderr.write(text);
	});
	const close = async () => {
		child.stdin.end();
		const stubborn = setTimeout(() => child.kill("SIGKILL"), 3000);
		await ended;
		clearTimeout(stubborn);
		await rm(folder, { recursive: true, force: true, maxRetries: 3 });
	};
	child.stdin.on("error", () => {});
	child.stdin.write(`${input(folder)}\n`);
	try {
		return { line: await firstLine(child, ended), close };
	} catch (error) {
		await close();
		throw new Error(`${name}: ${error.message}\n${complaint}`);
	}
}

function firstLine(child, ended) {
	return new Promise((resolve, reject) => {
		let said = "";
		child.stdout.setEncoding("utf8").on("data", (text) => {
			said += text;
			if (said.includes("\n")) resolve(said.split("\n")[0]);
		});
		ended.then(() => reject(new Error("it ended before it served")));
		setTimeout(() => reject(new Error(`it does not serve within ${START_MS / 1000} s`)), START_MS).unref();
	});
}
