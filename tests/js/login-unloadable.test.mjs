// A page that may not run WebAssembly, as some Content-Security-Policies have it: its user can log out all the same.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, FakeStorage, loginAt, server } from "./login-kit.mjs";
import { name, replace } from "./shared-kit.mjs";

test("a logout forgets what this browser has, and says why it could do no more", async (t) => {
	const refused = () => {
		throw new WebAssembly.CompileError("blocked by the Content-Security-Policy");
	};
	for (const way of ["compile", "instantiate"]) replace(t, WebAssembly, way, async () => refused());
	for (const way of ["Module", "Instance"]) replace(t, WebAssembly, way, refused);
	const machine = browser();
	machine.shared.set(`${name}:session`, "1");
	const storage = new FakeStorage([[`${name}:tokens`, "{}"]]);
	machine.tab("https://shop.example.com/");
	await assert.rejects(loginAt(server(), { storage }).logout(), /WebAssembly|Content-Security-Policy/);
	assert.deepEqual([storage.size, machine.shared.size], [0, 0]);
	// A store that fails as well is not what is said.
	storage.removeItem = () => Promise.reject(new Error("broken"));
	await assert.rejects(loginAt(server(), { storage }).logout(), /WebAssembly|Content-Security-Policy/);
});
