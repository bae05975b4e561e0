// When a login loads the core: not for a visitor whom nobody knows, by init, and again where it could not be had.

import assert from "node:assert/strict";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { entryFile, issuer } from "./helpers.mjs";
import { browser, redirectUri, server } from "./login-kit.mjs";
import { home, name, rejection } from "./login-page-kit.mjs";

const { compile } = WebAssembly;
/** Node.js compiles a small parser for its own fetch. */
const isCore = (bytes) => bytes.byteLength > 200_000;

/** The package as a page loads it that has not loaded it yet. */
async function freshPackage(t) {
	const folder = await mkdtemp(join(tmpdir(), "countersign-load-"));
	t.after(() => rm(folder, { recursive: true, force: true }));
	await cp(dirname(entryFile("login")), folder, { recursive: true });
	await writeFile(join(folder, "package.json"), '{ "type": "module" }');
	return import(pathToFileURL(join(folder, "login.js")).href);
}

test("the core is compiled when somebody logs in, and no sooner; what fails is tried again", async (t) => {
	const { createLogin, init } = await freshPackage(t);
	let room = false;
	let compiled = 0;
	t.mock.method(WebAssembly, "compile", async (bytes) => {
		if (isCore(bytes)) {
			compiled++;
			if (!room) throw new Error("no room");
		}
		return compile(bytes);
	});
	const op = server();
	const loginAt = (options) => createLogin({ issuer, clientId: "shop", redirectUri, fetch: op.fetch, ...options });
	const anonymous = browser().tab(home);
	assert.equal(await loginAt().restore(), null);
	assert.deepEqual([compiled, op.calls, anonymous.left], [0, [], undefined]);

	await assert.rejects(init(), /no room/);
	assert.equal(compiled, 1);
	const page = browser().tab(home);
	page.sessionStorage.set(`${name}:tokens`, "{}");
	page.localStorage.set(`${name}:session`, "1");
	const login = loginAt({ storage: "session" });
	assert.match((await rejection(login.start())).message, /no room/);
	assert.match((await rejection(login.logout())).message, /no room/);
	assert.deepEqual([page.sessionStorage.size, page.localStorage.size], [0, 0], "forgotten here all the same");

	room = true;
	compiled = 0;
	await init();
	assert.equal(compiled, 1);
	await login.start();
	assert.equal(compiled, 1);
	assert.match(page.left, /\/authorize\?/);
});
