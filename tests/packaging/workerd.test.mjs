import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { modernNode } from "../../pkg-template/scripts/setup.mjs";
import { answer, code, consumer, copiesOfWasm, imports, run } from "./kit.mjs";

test("workerd: the wasm arrives as a module, not as text", async (t) => {
	const folder = await consumer(t, {
		"worker.js": `${imports}${code}export default { fetch: async () => Response.json(await find(question)) };`,
	});
	const worker = join(folder, "dist", "worker.mjs");
	await esbuild.build({
		entryPoints: [join(folder, "worker.js")],
		outfile: worker,
		bundle: true,
		format: "esm",
		conditions: ["workerd"],
		loader: { ".wasm": "copy" },
		assetNames: "[name]",
	});
	assert.equal(copiesOfWasm(await readFile(worker, "utf8")), 0);
	const miniflare = fileURLToPath(new URL("./miniflare.mjs", import.meta.url));
	const found = JSON.parse((await run(modernNode(), [miniflare, worker])).trim().split("\n").at(-1));
	assert.deepEqual(found, answer);
});
