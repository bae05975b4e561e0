import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { modernNode } from "../../pkg-template/scripts/setup.mjs";
import { answer, code, consumer, copiesOfWasm, imports, question, run } from "./helpers.mjs";

test("workerd: the wasm arrives as a module, not as text", async (t) => {
	const folder = await consumer(t, {
		"worker.js": `${imports}${code}export default { fetch: async () => Response.json(await find(question)) };`,
	});
	const worker = join(folder, "dist", "worker.mjs");
	await bundleWorker(folder, worker);
	assert.equal(copiesOfWasm(await readFile(worker, "utf8")), 0);
	const miniflare = fileURLToPath(new URL("./miniflare.mjs", import.meta.url));
	const found = JSON.parse((await run(modernNode(), [miniflare, worker])).trim().split("\n").at(-1));
	assert.deepEqual(found, answer);
});

test("workerd: requests that need the same keys at once share no promise, hang on none, and hammer nobody", async (t) => {
	const folder = await consumer(t, {
		"worker.js": `
			import { createVerifier } from "countersign";
			const options = { issuer: "https://auth.example.com", audience: "https://api.shop.example.com" };
			const jwksUri = "https://auth.example.com/jwks";
			const verifiers = {};
			export default {
				async fetch(request) {
					const verifier = (verifiers[request.url] ??= createVerifier({ ...options, jwksUri }));
					try {
						return Response.json((await verifier.verify(${JSON.stringify(question.good)})).claims.sub);
					} catch (error) {
						return Response.json(String(error.code ?? error));
					}
				},
			};`,
	});
	const worker = join(folder, "dist", "worker.mjs");
	await bundleWorker(folder, worker);
	const crowd = fileURLToPath(new URL("./miniflare-crowd.mjs", import.meta.url));
	const output = await run(modernNode(), [crowd, worker, JSON.stringify(question.keys)], { timeout: 60_000 });
	const { together, abandoned } = JSON.parse(output.trim().split("\n").at(-1));
	assert.deepEqual([together.told, together.asked], [["user-1"], 1]);
	assert.ok(together.milliseconds < 5000, `${together.milliseconds} ms`);
	// Whoever was given up may have been the one who asked: the others wait for it no longer than an exchange may last.
	assert.deepEqual(abandoned.told, ["user-1"]);
	assert.ok(abandoned.asked <= 20 && abandoned.milliseconds < 10_000, JSON.stringify(abandoned));
});

test("workerd: the build for Node.js and browsers says which export condition is missing", async (t) => {
	const folder = await consumer(t, {
		"worker.js": `
			import { createPkce } from "countersign";
			const attempt = () => { try { return createPkce() } catch (error) { return error.message } };
			export default { fetch: () => Response.json(attempt()) };`,
	});
	const worker = join(folder, "dist", "worker.mjs");
	await bundleWorker(folder, worker, []);
	const miniflare = fileURLToPath(new URL("./miniflare.mjs", import.meta.url));
	assert.match(await run(modernNode(), [miniflare, worker]), /^"countersign: .*export condition `workerd` is missing/m);
});

function bundleWorker(folder, outfile, conditions = ["workerd"]) {
	return esbuild.build({
		entryPoints: [join(folder, "worker.js")],
		outfile,
		bundle: true,
		format: "esm",
		conditions,
		loader: { ".wasm": "copy" },
		assetNames: "[name]",
	});
}
