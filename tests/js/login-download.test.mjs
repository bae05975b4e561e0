// What a page with a login loads for a visitor whom nobody knows: not the core.

import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { unpack } from "../runtimes/helpers.mjs";
import { issuer } from "./helpers.mjs";
import { browser, FakeStorage, redirectUri } from "./login-kit.mjs";

const FILES = ["login.js", "error.js"];
const MAX_BYTES = 8 * 1024;

test("an anonymous visitor's page works without the core, and loads at most 8 KiB", async (t) => {
	const folder = await mkdtemp(join(tmpdir(), "countersign-download-"));
	t.after(() => rm(folder, { recursive: true, force: true }));
	await unpack(folder);
	const esm = join(folder, "node_modules", "countersign", "esm");
	// Beside these two files there is nothing that could be loaded.
	const alone = await mkdtemp(join(folder, "alone-"));
	for (const name of FILES) await cp(join(esm, name), join(alone, name));
	await writeFile(join(alone, "package.json"), '{ "type": "module" }');
	const { createLogin, TokenError } = await import(pathToFileURL(join(alone, "login.js")).href);

	for (const storage of ["memory", "session", new FakeStorage()]) {
		const page = browser().tab("https://shop.example.com/?code=of-the-shop");
		const login = createLogin({ issuer, clientId: "shop", redirectUri, storage });
		login.onChange(() => assert.fail("nothing changes"));
		assert.equal(await login.finish(), null);
		assert.equal(await login.restore(), null);
		assert.equal(login.session, null);
		assert.equal(page.left, undefined);
		assert.throws(() => createLogin({ issuer, clientId: "shop", redirectUri, storag: "memory" }), {
			name: "TypeError",
			message: "storag: unknown option; did you mean storage?",
		});
		// Whoever begins a login needs the core.
		await assert.rejects(login.start(), { code: "ERR_MODULE_NOT_FOUND" });
	}
	// Whoever logs out where the rest cannot be had is forgotten here all the same.
	const page = browser().tab("https://shop.example.com/");
	const name = `countersign:${issuer}:shop`;
	page.sessionStorage.set(`${name}:tokens`, "{}");
	page.localStorage.set(`${name}:session`, "1");
	const login = createLogin({ issuer, clientId: "shop", redirectUri, storage: "session" });
	await assert.rejects(login.logout(), { code: "ERR_MODULE_NOT_FOUND" });
	assert.deepEqual([page.sessionStorage.size, page.localStorage.size], [0, 0]);
	assert.equal(typeof TokenError, "function");

	let bytes = 0;
	for (const name of FILES) bytes += brotliCompressSync(await readFile(join(esm, name))).length;
	assert.ok(bytes <= MAX_BYTES, `${bytes} bytes by brotli`);
});
