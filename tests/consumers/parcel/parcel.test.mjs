import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { test } from "node:test";
import { chromium } from "playwright-core";
import { launchOptions } from "../../chromium.mjs";
import { answer, code, copiesOfWasm, imports, run } from "../helpers.mjs";
import { bin, starter } from "../starter.mjs";

test("Parcel 2: build, and the built page in Chromium", async (t) => {
	const folder = await starter(t, "parcel", { "src/app.js": `${imports}${code}globalThis.found = find(question);` });
	await run(process.execPath, [bin(folder, "parcel", "lib", "bin.js"), "build", "--no-cache"], { cwd: folder });
	const dist = join(folder, "dist");
	const scripts = (await readdir(dist)).filter((name) => name.endsWith(".js"));
	const texts = await Promise.all(scripts.map((name) => readFile(join(dist, name), "utf8")));
	assert.equal(copiesOfWasm(texts.join("")), 1);

	const browser = await chromium.launch(launchOptions());
	t.after(() => browser.close());
	const page = await browser.newPage();
	await page.goto(await serve(t, dist));
	await page.waitForFunction(() => globalThis.found);
	assert.deepEqual(await page.evaluate(() => globalThis.found), answer);
});

/** Serves a folder as it is. Resolves to its address. */
async function serve(t, folder) {
	const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };
	const server = createServer(async ({ url }, response) => {
		const path = join(folder, url === "/" ? "index.html" : new URL(url, "http://localhost").pathname);
		const content = await readFile(path).catch(() => undefined);
		response.writeHead(content ? 200 : 404, { "content-type": types[extname(path)] ?? "text/plain" }).end(content);
	});
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	t.after(() => server.close());
	return `http://127.0.0.1:${server.address().port}/`;
}
