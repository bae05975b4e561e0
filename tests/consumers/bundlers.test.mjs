import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import * as esbuild from "esbuild";
import { chromium } from "playwright-core";
import { build, preview } from "vite";
import { launchOptions } from "../chromium.mjs";
import { answer, code, consumer, copiesOfWasm, imports, json } from "./helpers.mjs";

test("esbuild: a bundle of all entries holds the wasm once", async (t) => {
	const folder = await consumer(t, {
		"main.js": `${imports}${code}find(question).then((found) => console.log(JSON.stringify(found)));`,
	});
	const outfile = join(folder, "bundle.mjs");
	await esbuild.build({ entryPoints: [join(folder, "main.js")], outfile, bundle: true, format: "esm", minify: true });
	assert.equal(copiesOfWasm(await readFile(outfile, "utf8")), 1);
	assert.deepEqual(await json(folder, "bundle.mjs"), answer);
});

test("esbuild: a page that imports one function compiles nothing at import", async (t) => {
	const folder = await consumer(t, {
		"main.js": 'import { TokenError } from "countersign"; console.log(JSON.stringify(TokenError.name));',
	});
	const outfile = join(folder, "bundle.mjs");
	await esbuild.build({ entryPoints: [join(folder, "main.js")], outfile, bundle: true, format: "esm" });
	assert.equal(copiesOfWasm(await readFile(outfile, "utf8")), 0, "the wasm is not shaken off");
});

test("esbuild: a classic script, in pages of any encoding, in Chromium", async (t) => {
	const folder = await consumer(t, { "main.js": `${imports}${code}globalThis.found = find(question);` });
	const { outputFiles } = await esbuild.build({
		entryPoints: [join(folder, "main.js")],
		bundle: true,
		format: "iife",
		charset: "utf8",
		write: false,
	});
	const server = createServer(({ url }, response) => {
		const encoding = url.slice(1);
		if (encoding === "script.js") return response.setHeader("content-type", "text/javascript").end(outputFiles[0].text);
		const meta = encoding && `<meta charset="${encoding}">`;
		response.setHeader("content-type", "text/html");
		response.end(`<!doctype html>${meta}<title>page</title><script src="/script.js"></script>`);
	});
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	t.after(() => server.close());
	const browser = await chromium.launch(launchOptions());
	t.after(() => browser.close());
	const page = await browser.newPage();
	for (const encoding of ["", "windows-1252", "shift_jis"]) {
		await page.goto(`http://127.0.0.1:${server.address().port}/${encoding}`);
		await page.waitForFunction(() => globalThis.found);
		assert.deepEqual(await page.evaluate(() => globalThis.found), answer, encoding);
	}
});

test("Vite: build, and the built page in Chromium", async (t) => {
	const folder = await consumer(t, {
		"index.html": '<!doctype html><title>…</title><script type="module" src="/main.js"></script>',
		"main.js": `${imports}${code}globalThis.found = find(question);`,
	});
	await build({ root: folder, logLevel: "error", configFile: false });
	const assets = join(folder, "dist", "assets");
	const scripts = (await readdir(assets)).filter((name) => name.endsWith(".js"));
	const text = (await Promise.all(scripts.map((name) => readFile(join(assets, name), "utf8")))).join("");
	assert.equal(copiesOfWasm(text), 1);

	const server = await preview({
		root: folder,
		logLevel: "error",
		configFile: false,
		preview: { host: "127.0.0.1", port: 0 },
	});
	t.after(() => server.close());
	const browser = await chromium.launch(launchOptions());
	t.after(() => browser.close());
	const page = await browser.newPage();
	await page.goto(server.resolvedUrls.local[0]);
	await page.waitForFunction(() => globalThis.found);
	assert.deepEqual(await page.evaluate(() => globalThis.found), answer);
});
