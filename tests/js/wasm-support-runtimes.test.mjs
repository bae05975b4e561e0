// What is said where the core cannot start, in the runtimes themselves.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { run } from "../../pkg-template/scripts/cli.mjs";
import { modernNode } from "../../pkg-template/scripts/setup.mjs";
import { launchOptions } from "../chromium.mjs";
import { attempt, EMPTY, POLICY } from "./wasm-support-kit.mjs";

test("a Content-Security-Policy, in Chromium", async (t) => {
	const server = createServer(({ url }, response) => {
		response.setHeader("content-security-policy", "script-src 'self'");
		response.setHeader("content-type", url === "/" ? "text/html" : "text/javascript");
		const script = `${attempt(`new WebAssembly.Module(${EMPTY})`)}; globalThis.said = attempt();`;
		response.end(url === "/" ? '<!doctype html><script src="/script.js"></script>' : script);
	});
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	t.after(() => server.close());
	const driven = await chromium.launch(launchOptions());
	t.after(() => driven.close());
	const page = await driven.newPage();
	await page.goto(`http://127.0.0.1:${server.address().port}/`);
	assert.match(await page.evaluate(() => globalThis.said), POLICY);
});

test("the default build in workerd, and OpenNext's remedy", async (t) => {
	const folder = await mkdtemp(join(tmpdir(), "countersign-support-"));
	t.after(() => rm(folder, { recursive: true, force: true }));
	const worker = join(folder, "worker.mjs");
	const handler = "export default { fetch: () => new Response(attempt()) };";
	await writeFile(worker, `${attempt(`new WebAssembly.Module(${EMPTY})`)}\n${handler}`);
	const miniflare = fileURLToPath(new URL("../consumers/miniflare.mjs", import.meta.url));
	const text = await run(modernNode(), [miniflare, worker]);
	assert.match(
		text,
		/^countersign: .*export condition `workerd` is missing.*serverExternalPackages: \["countersign"\]/m,
	);
	assert.doesNotMatch(text, /Content-Security-Policy/);
});
