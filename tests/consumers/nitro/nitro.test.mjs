import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { modernNode } from "../../../pkg-template/scripts/setup.mjs";
import { answer, code, imports, run } from "../helpers.mjs";
import { bin, starter } from "../starter.mjs";

const config = `
export default defineNitroConfig({
	compatibilityDate: "latest",
	srcDir: "server",
	imports: {},
	experimental: { wasm: true },
});`;
const route = `${imports}${code}export default defineEventHandler(() => find(question));`;

// Nuxt builds its server with Nitro.
test("Nitro: a server for Cloudflare, in workerd", async (t) => {
	const folder = await starter(t, "nitro", { "nitro.config.ts": config, "server/routes/index.ts": route });
	const nitro = bin(folder, "nitropack", "dist", "cli", "index.mjs");
	await run(process.execPath, [nitro, "build", "--preset", "cloudflare-module"], { cwd: folder });
	const miniflare = fileURLToPath(new URL("../miniflare.mjs", import.meta.url));
	const worker = join(folder, ".output", "server", "index.mjs");
	const found = (await run(modernNode(), [miniflare, worker, "nodejs_compat"])).trim().split("\n").at(-1);
	assert.deepEqual(JSON.parse(found), answer);
});
