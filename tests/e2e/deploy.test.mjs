// The shop API as Wrangler would deploy it, short of sending it anywhere.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { modernNode } from "../../pkg-template/scripts/setup.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));

test("wrangler deploy --dry-run takes www/shop-api/wrangler.jsonc as it is, with all bindings and the wasm", async () => {
	const out = await mkdtemp(join(tmpdir(), "countersign-deploy-"));
	try {
		const { stdout, stderr } = await promisify(execFile)(
			modernNode(),
			[join(root, "node_modules/wrangler/bin/wrangler.js"), "deploy", "--dry-run", "--outdir", out],
			{ cwd: join(root, "www/shop-api"), env: { ...process.env, WRANGLER_SEND_METRICS: "false", NO_COLOR: "1" } },
		);
		assert.doesNotMatch(stdout + stderr, /warning/i);
		for (const binding of ["REPLAY (DpopReplay)", "KEYS", "DB (shop)", "ISSUER", "AUDIENCE", "STOREFRONT"]) {
			assert.ok(stdout.includes(`env.${binding}`), `${binding}\n${stdout}`);
		}
		const files = await readdir(out);
		assert.ok(files.includes("worker.js"));
		assert.equal(files.filter((name) => name.endsWith("countersign.wasm")).length, 1, files.join());
	} finally {
		await rm(out, { recursive: true, force: true });
	}
});
