// Pages as an app ships them, in Chromium: bundled and minified by esbuild, split where the code says import(),
// served by brotli on loopback, each visit in a browser process of its own.

import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import * as esbuild from "esbuild";
import { chromium } from "playwright-core";
import { launchOptions } from "../chromium.mjs";

/** Milliseconds for a page to do what it is there for. */
const PATIENCE = 60_000;
const TYPES = {
	".html": "text/html",
	".js": "text/javascript",
	".json": "application/json",
	".wasm": "application/wasm",
};
/** What the README asks for: nothing but this lets a page compile wasm. */
const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

/**
 * Bundles a script, { [name]: code }, into `target` as NAME.js. What it imports is found from `folder`, the workplace;
 * `build` is the name that "countersign" stands for.
 */
export async function bundlePage(folder, target, { name, contents, build = "countersign" }) {
	await esbuild.build({
		stdin: { contents, resolveDir: folder, sourcefile: `${name}.mjs` },
		outdir: target,
		entryNames: name,
		// From here the alias is resolved.
		absWorkingDir: folder,
		alias: build === "countersign" ? {} : { countersign: build },
		bundle: true,
		minify: true,
		splitting: true,
		format: "esm",
		target: "es2022",
		loader: { ".wasm": "file" },
		logLevel: "warning",
	});
}

/** Serves a folder and these further texts, { "path": text }; resolves to { url, close }. */
export async function serve(folder, texts = {}) {
	const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
	const answers = new Map();
	const add = (path, content) => answers.set(`/${path}`, { content, small: brotliCompressSync(content, { params }) });
	for (const name of await readdir(folder)) add(name, await readFile(join(folder, name)));
	for (const [name, text] of Object.entries(texts)) add(name, text);
	const server = createServer((request, response) => {
		const { pathname } = new URL(request.url, "http://localhost");
		const path = pathname.endsWith("/") ? `${pathname}index.html` : pathname;
		const answer = answers.get(path);
		if (!answer) return response.writeHead(404).end();
		const brotli = /\bbr\b/.test(request.headers["accept-encoding"] ?? "");
		const body = brotli ? answer.small : answer.content;
		response.writeHead(200, {
			// Without it, the body comes in chunks, whose frames count.
			"content-length": Buffer.byteLength(body),
			"content-type": TYPES[extname(path)] ?? "application/octet-stream",
			"content-security-policy": POLICY,
			vary: "accept-encoding",
			...(brotli && { "content-encoding": "br" }),
		});
		response.end(body);
	});
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		url: `http://127.0.0.1:${server.address().port}`,
		close() {
			server.closeAllConnections();
			server.close();
		},
	};
}

/** A page that loads one script. */
export const html = (script) =>
	`<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>bench</title><script type="module" src="${script}"></script>`;

/** Calls `work` with a page, and its browser, which has never seen anything. A failure tells what the page said. */
export async function inFreshBrowser(work) {
	const browser = await chromium.launch(launchOptions());
	const complaints = [];
	try {
		const page = await browser.newPage();
		page.setDefaultTimeout(PATIENCE);
		page.on("pageerror", (error) => complaints.push(error.message));
		page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
		return await work(page, browser);
	} catch (error) {
		throw complaints.length > 0 ? new Error(complaints.join("\n"), { cause: error }) : error;
	} finally {
		await browser.close();
	}
}
