// What the launchers share: the corpus, the suite bundled from the packed tarball, a page for browsers.

import { spawn } from "node:child_process";
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { run } from "../../pkg-template/scripts/cli.mjs";
import { pkg } from "../../pkg-template/scripts/paths.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
/** Milliseconds for one runtime to finish the suite. */
const PATIENCE = 180_000;

/** Unpacks the tarball where `import "countersign"` finds it from `folder`; COUNTERSIGN_PACKAGE names a folder instead. */
export async function unpack(folder) {
	const target = join(folder, "node_modules", "countersign");
	if (process.env.COUNTERSIGN_PACKAGE) {
		await mkdir(join(folder, "node_modules"), { recursive: true });
		return symlink(process.env.COUNTERSIGN_PACKAGE, target, "junction");
	}
	const tarball = (await readdir(pkg)).find((name) => name.endsWith(".tgz"));
	await run("mkdir", ["-p", target]);
	await run("tar", ["-xzf", join(pkg, tarball), "-C", target, "--strip-components=1"]);
}

/** Bundles an entry of this folder into `folder`, with the package found there. */
export async function bundle(folder, entry, options = {}) {
	const outfile = join(folder, options.outfile ?? entry);
	await esbuild.build({
		entryPoints: [here(entry)],
		bundle: true,
		format: "esm",
		target: "es2022",
		nodePaths: [join(folder, "node_modules")],
		logLevel: "warning",
		...options,
		outfile,
	});
	return outfile;
}

/** Runs a command that prints a JSON object as its last line. */
export async function ask(command, args, options) {
	const output = await run(command, args, { timeout: PATIENCE, ...options });
	return JSON.parse(output.trim().split("\n").at(-1));
}

/**
 * Serves a page that runs the suite and sends its result here; `open(url)` gets a browser to show it, and may
 * resolve to a function that closes it.
 */
export async function inBrowser(folder, open) {
	const script = await readFile(join(folder, "page.mjs"));
	const data = await readFile(join(folder, "corpus.json"));
	let settle;
	const result = new Promise((resolve, reject) => {
		settle = { resolve, reject };
	});
	const answers = {
		"/": [
			"text/html",
			'<!doctype html><meta charset="utf-8"><title>suite</title><script type="module" src="/page.mjs"></script>',
		],
		"/page.mjs": ["text/javascript", script],
		"/corpus.json": ["application/json", data],
	};
	const server = createServer((request, response) => {
		if (request.method === "POST") {
			let body = "";
			request.on("data", (chunk) => {
				body += chunk;
			});
			request.on("end", () => {
				response.end();
				const told = JSON.parse(body);
				if (told.error) settle.reject(new Error(told.error));
				else settle.resolve(told);
			});
			return;
		}
		const [type, content] = answers[request.url] ?? ["text/plain", ""];
		// The policy that the README asks for: nothing but this lets a page compile wasm.
		const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
		response.writeHead(200, { "content-type": type, "content-security-policy": policy }).end(content);
	});
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	const late = setTimeout(() => settle.reject(new Error(`no result within ${PATIENCE / 1000} s`)), PATIENCE);
	let close;
	try {
		close = await open(`http://127.0.0.1:${server.address().port}/`, settle.reject);
		return await result;
	} finally {
		clearTimeout(late);
		await close?.();
		server.closeAllConnections();
		server.close();
	}
}

/** Starts a program; resolves to how to end it. */
export function start(command, args, onFailure, options = {}) {
	const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
	let said = "";
	for (const stream of [child.stdout, child.stderr]) {
		stream.on("data", (chunk) => {
			said = (said + chunk).slice(-4000);
		});
	}
	let ending = false;
	const ended = new Promise((resolve) => {
		child.once("error", (error) => {
			onFailure(error);
			resolve();
		});
		child.once("close", (code) => {
			if (!ending) onFailure(new Error(`${command} ended with ${code}\n${said}`));
			resolve();
		});
	});
	return async () => {
		ending = true;
		const kill = (signal) => {
			try {
				if (options.detached) process.kill(-child.pid, signal);
				else child.kill(signal);
			} catch {
				// It has ended by itself.
			}
		};
		kill("SIGTERM");
		const stubborn = setTimeout(() => kill("SIGKILL"), 3000);
		await ended;
		clearTimeout(stubborn);
	};
}

/** Writes the whole corpus as one file, for those who cannot read its folder. */
export async function writeCorpus(folder, data) {
	await writeFile(join(folder, "corpus.json"), JSON.stringify(data));
}
