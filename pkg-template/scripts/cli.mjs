// Says what is being done, how long it takes, and, when it fails, the one thing to do.

import { AsyncLocalStorage } from "node:async_hooks";
import { spawn } from "node:child_process";

/** A failure with its remedy. */
export class BuildError extends Error {
	constructor(what, remedy, output = "") {
		super([output.trim(), what, `→ ${remedy}`].filter(Boolean).join("\n"));
		this.name = "BuildError";
	}
}

const live = process.stdout.isTTY === true;
/** Milliseconds after which a step that still runs says so, where no line can be rewritten. */
const PATIENCE = 10_000;
/** The steps under way: several, where they run at the same time. */
const running = new Set();
/** The step in which a call is made. */
const present = new AsyncLocalStorage();

export const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;

/** Says how far the present step has come. */
export function note(text) {
	const at = present.getStore();
	if (at) at.latest = text;
}

const state = ({ name, latest, elapsed }) => `${name} … ${elapsed()}${latest ? `  ${latest}` : ""}`;
const clear = live ? "\r\x1b[2K" : "";

/** All that is under way, on the one line that is rewritten. */
function draw() {
	const line = `  ${[...running].map(state).join(" | ")}`;
	process.stdout.write(clear + line.slice(0, process.stdout.columns - 1));
}

/** Runs `work` as a named step. What it returns, if a string, is told instead of "done". */
export async function step(name, work) {
	const began = performance.now();
	const own = { name, latest: "", elapsed: () => seconds(performance.now() - began) };
	running.add(own);
	const timer = live ? setInterval(draw, 200) : setInterval(() => console.log(`  ${state(own)}`), PATIENCE);
	let outcome = "failed";
	try {
		const result = await present.run(own, work);
		outcome = typeof result === "string" ? result : "done";
		return result;
	} finally {
		clearInterval(timer);
		running.delete(own);
		console.log(`${clear}${outcome === "failed" ? "✗" : "✓"} ${name}: ${outcome}, ${own.elapsed()}`);
	}
}

/** Runs a command to its end and resolves to what it printed. A failure shows all of that, and `remedy`. */
export function run(command, args, { remedy, ...options } = {}) {
	return new Promise((resolve, reject) => {
		const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
		let stdout = "";
		let output = "";
		const tell = AsyncLocalStorage.bind(note);
		const hear = (chunk) => {
			output += chunk;
			const line = output
				.trimEnd()
				.split(/[\r\n]/)
				.at(-1);
			tell(line.replaceAll(/\x1b\[[0-9;]*m/g, "").trim());
		};
		child.stdout.on("data", (chunk) => {
			stdout += chunk;
			hear(chunk);
		});
		child.stderr.on("data", hear);
		const shown = `${command} ${args.join(" ")}`;
		child.once("error", (error) => {
			reject(new BuildError(`${command} cannot be run: ${error.message}`, remedy ?? `install ${command}`));
		});
		child.once("close", (code, signal) => {
			if (code === 0) return resolve(stdout);
			reject(new BuildError(`${shown} ended with ${signal ?? code}`, remedy ?? "see the output above", output));
		});
	});
}

/** Whether this file is what `node` was asked to run. */
export function isMain(meta) {
	return process.argv[1] !== undefined && import.meta.resolve(`file://${process.argv[1]}`) === meta.url;
}

/** Runs a script: `--help` prints `help`; a failure is told without a stack and ends with status 1. */
export async function main(help, work) {
	const args = process.argv.slice(2);
	if (args.includes("--help") || args.includes("-h")) {
		console.log(help.trim());
		return;
	}
	try {
		await work(args);
	} catch (error) {
		console.error(error instanceof BuildError ? `\n${error.message}` : error);
		process.exitCode = 1;
	}
}
