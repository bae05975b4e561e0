// The processes that run tests with mutants, as seen by whoever starts them.

import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { packageFolder, sourceFolder } from "./instrument.mjs";

const script = fileURLToPath(new URL("./worker.mjs", import.meta.url));
/** Milliseconds beyond a test's own limit, in which the worker should have said so itself. */
const GRACE = 5_000;
const STARTING = 60_000;

/** The processes that run: a mutant may loop without an end in one, which then does not notice that nobody is left. */
const running = new Set();
process.once("exit", () => {
	for (const child of running) child.kill("SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));

/** A worker for one test file, in which `mutant` is active from the first line if given. */
export async function startWorker(file, mutant = "") {
	const env = { ...process.env, COUNTERSIGN_PACKAGE: packageFolder, COUNTERSIGN_SOURCES: sourceFolder };
	const child = fork(script, [file, mutant], { env, stdio: ["ignore", "ignore", "ignore", "ipc"] });
	running.add(child);
	child.once("exit", () => running.delete(child));
	let settle = () => {};
	let timer;
	const watch = (milliseconds) => {
		clearTimeout(timer);
		timer = setTimeout(() => {
			child.kill("SIGKILL");
			settle({ late: true });
		}, milliseconds);
	};
	const answer = (milliseconds) =>
		new Promise((resolve) => {
			settle = (value) => {
				clearTimeout(timer);
				settle = () => {};
				resolve(value);
			};
			watch(milliseconds);
		});
	child.on("message", (message) => {
		if (message.running !== undefined) watch(2 * message.running + GRACE);
		else settle(message);
	});
	child.once("exit", () => settle({ ended: true }));
	child.once("error", () => settle({ ended: true }));
	const { ready, ...failure } = await answer(STARTING);
	return {
		failure: ready ? undefined : failure,
		async ask(command, details = {}, milliseconds = 600_000) {
			const result = answer(milliseconds);
			child.send({ command, ...details }, () => {});
			const { answer: value, ...failure } = await result;
			return value ?? failure;
		},
		async end() {
			if (child.exitCode !== null || child.signalCode !== null) return;
			const ended = new Promise((resolve) => child.once("exit", resolve));
			const stubborn = setTimeout(() => child.kill("SIGKILL"), 3000);
			if (child.connected) child.send({ command: "end" }, () => {});
			await ended;
			clearTimeout(stubborn);
		},
	};
}
