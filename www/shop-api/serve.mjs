// The shop API's process: the built worker in workerd, its D1 database created and filled at each start.
import { createHash, randomBytes } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";
import { addresses, HOST } from "../addresses.mjs";
import { seedDetails, seedRows } from "./seed.mjs";

const { oauthServer, shopApi, storefront, ports } = addresses();
const here = (path) => new URL(path, import.meta.url);
const database = fileURLToPath(here(`../.data/${ports.storefront}`));

const wasms = (await readdir(here("dist/"))).filter((name) => name.endsWith(".wasm"));
const modules = await Promise.all(
	wasms.map(async (path) => ({ type: "CompiledWasm", path, contents: await readFile(here(`dist/${path}`)) })),
);
const core = modules.find(({ path }) => path.startsWith("countersign"));

const runtime = { compatibilityDate: "2026-07-01", d1Databases: { DB: "shop" }, d1Persist: database, cf: false };

/** Migrations, then the demo's rows: as one does before a deployment, so the API never sees half a database. */
async function fillDatabase() {
	await rm(database, { recursive: true, force: true });
	const empty = new Miniflare({ ...runtime, modules: true, script: "export default {}" });
	const db = await empty.getD1Database("DB");
	for (const name of (await readdir(here("migrations/"))).sort()) {
		const sql = (await readFile(here(`migrations/${name}`), "utf8")).replace(/--.*$/gm, "");
		await db.batch(
			sql
				.split(";")
				.filter((part) => part.trim())
				.map((part) => db.prepare(part)),
		);
	}
	const accounts = JSON.parse(await readFile(here("../accounts.json"), "utf8"));
	const purchases = seedRows(accounts);
	for (const [table, rows] of Object.entries({ purchases, order_details: seedDetails(accounts, purchases) })) {
		const columns = Object.keys(rows[0]);
		const insert = db.prepare(`INSERT INTO ${table} (${columns}) VALUES (${columns.map(() => "?")})`);
		await db.batch(rows.map((row) => insert.bind(...Object.values(row))));
	}
	await empty.dispose();
}

await fillDatabase();
const worker = new Miniflare({
	...runtime,
	host: HOST,
	port: ports.shopApi,
	modules: [
		{ type: "ESModule", path: "worker.js", contents: await readFile(here("dist/worker.js"), "utf8") },
		...modules,
	],
	kvNamespaces: ["KEYS"],
	durableObjects: { REPLAY: { className: "DpopReplay", useSQLite: true } },
	bindings: {
		ISSUER: oauthServer,
		AUDIENCE: shopApi,
		STOREFRONT: storefront,
		DPOP_NONCE_SECRET: randomBytes(32).toString("base64url"),
		// Of the very bytes handed to workerd above; the worker itself gets a compiled module and cannot see them.
		WASM_SHA256: createHash("sha256").update(core.contents).digest("hex"),
	},
});

let stopping = false;
async function stop() {
	if (stopping) return;
	stopping = true;
	try {
		await worker.dispose();
		await rm(database, { recursive: true, force: true });
	} finally {
		process.exit(0);
	}
}
process.once("SIGINT", stop).once("SIGTERM", stop);
process.once("disconnect", stop); // the starter is gone

await worker.ready;
console.log(`shop api: ${shopApi}`);
