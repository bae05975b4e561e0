// workerd itself, without miniflare before it: one process with one worker, timed from its start.

import { spawn } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, join } from "node:path";

const require = createRequire(import.meta.url);
const { version } = require("workerd/package.json");

export { version };

/** Writes what starts the worker in `folder`, whose modules are beside it; `values` become its environment. */
export async function configure(folder, main, values) {
	const others = (await readdir(folder)).filter((name) => name.endsWith(".wasm"));
	const text = JSON.stringify;
	const modules = [
		`(name = ${text(main)}, esModule = embed ${text(main)})`,
		...others.map((name) => `(name = ${text(`./${name}`)}, wasm = embed ${text(name)})`),
	];
	const bindings = Object.entries(values).map(([name, value]) => `(name = ${text(name)}, json = ${text(text(value))})`);
	const file = join(folder, `${basename(main, ".mjs")}.capnp`);
	await writeFile(
		file,
		`using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
	services = [(name = "main", worker = .worker)],
	sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
	modules = [${modules.join(", ")}],
	bindings = [${bindings.join(", ")}],
	compatibilityDate = "2026-01-01",
);
`,
	);
	return file;
}

/** Starts it: { origin, memory, end } once it listens. */
export async function start(config) {
	const child = spawn(binary(), ["serve", "--control-fd=3", config], { stdio: ["ignore", "ignore", "pipe", "pipe"] });
	const ended = new Promise((resolve) => child.once("close", resolve));
	let said = "";
	child.stderr.on("data", (part) => {
		said = (said + part).slice(-3000);
	});
	const port = await new Promise((resolve, reject) => {
		let told = "";
		child.stdio[3].on("data", (part) => {
			told += part;
			const line = told.split("\n").find((one) => one.includes('"listen"'));
			if (line) resolve(JSON.parse(line).port);
		});
		ended.then(() => reject(new Error(`workerd ended\n${said}`)));
		child.once("error", reject);
	});
	return {
		origin: `http://127.0.0.1:${port}`,
		memory: () => residentMemory(child.pid),
		async end() {
			child.kill();
			await ended;
		},
	};
}

/** The program itself, not the script that starts it. */
function binary() {
	const name = `@cloudflare/workerd-${process.platform.replace("win32", "windows")}-${process.arch.replace("x64", "64")}`;
	return require.resolve(`${name}/bin/workerd${process.platform === "win32" ? ".exe" : ""}`);
}

/** Bytes of a process in memory, where Linux tells them. */
async function residentMemory(pid) {
	const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
	const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
	return kib === undefined ? Number.NaN : Number(kib) * 1024;
}
