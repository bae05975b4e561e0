import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { modernNode } from "../../../pkg-template/scripts/setup.mjs";
import { answer, code, imports, inRoot, run } from "../helpers.mjs";
import { bin, starter } from "../starter.mjs";

// Workers compile no WebAssembly from bytes, and without this Nitro takes a .wasm file for JavaScript.
const config = `
export default defineNitroConfig({
	compatibilityDate: "latest",
	srcDir: "server",
	imports: false,
	experimental: { wasm: true },
});`;
const route = `
import { defineEventHandler } from "h3";
${imports}${code}export default defineEventHandler(() => find(question));`;

// Nuxt builds its server with Nitro.
test("Nitro", async (t) => {
	const folder = await starter(t, "nitro", { "nitro.config.ts": config, "server/routes/index.ts": route });
	const server = join(folder, ".output", "server");
	const nitro = bin(folder, "nitropack", "dist", "cli", "index.mjs");
	const build = (preset) => run(process.execPath, [nitro, "build", "--preset", preset], { cwd: folder });

	await t.test("for Cloudflare, in workerd", async () => {
		await build("cloudflare-module");
		const miniflare = fileURLToPath(new URL("../miniflare.mjs", import.meta.url));
		const told = await run(modernNode(), [miniflare, join(server, "index.mjs"), "nodejs_compat"]);
		assert.deepEqual(JSON.parse(told.trim().split("\n").at(-1)), answer);
	});

	await t.test("for Deno Deploy, in Deno", async (t) => {
		await build("deno-deploy");
		const env = { ...process.env, DENO_SERVE_ADDRESS: "tcp:127.0.0.1:0" };
		const deno = inRoot("node_modules", ".bin", "deno");
		// In a group of its own: what npm installs as deno is a script that starts it.
		const child = spawn(deno, ["run", "--cached-only", "-A", "index.ts"], { cwd: server, env, detached: true });
		t.after(() => process.kill(-child.pid));
		assert.deepEqual(await (await fetch(await address(child))).json(), answer);
	});
});

/** Where a server says that it listens. */
function address(child) {
	let told = "";
	return new Promise((resolve, reject) => {
		const hear = (chunk) => {
			told += chunk;
			const found = /http:\/\/127\.0\.0\.1:\d+/.exec(told);
			if (found) resolve(found[0]);
		};
		child.stdout.on("data", hear);
		child.stderr.on("data", hear);
		child.once("error", reject);
		child.once("exit", (code) => reject(new Error(`ended with ${code} before it listened:\n${told}`)));
	});
}
