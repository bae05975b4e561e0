// What a download weighs: each file, what a page loads, whose code it is; and the budget that it must keep.

import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { BuildError } from "./cli.mjs";
import { pkg } from "./paths.mjs";
import { bytesByOwner } from "./wasm-names.mjs";

/**
 * What a page downloads for an entry, and the most that it may weigh in brotli: KiB. The core is to come down; it
 * grew by what it decides now about requests and logins (transactions, silent attempts, what a request demands: 9 KiB), and
 * by the glue of its classes; by 16 for options of each issuer, templates, and the table of issuers that a function is asked
 * about; by 1.5 for idle sessions, their moments, and userinfo; by 6 for the client's half of DPoP and of step-up (keys,
 * proofs, nonces, challenges), and signed userinfo; by 6 for the resource server's: nonces, what stores are asked,
 * certificates, step-up, and metadata; by 15 for opaque tokens (requests, answers, what is kept of them, signed answers) and
 * back-channel logout.
 */
const BUDGET = {
	countersign: { files: ["esm/index.js", "esm/core.js", "esm/error.js"], most: 225 },
	"countersign/edge, beside countersign": { files: ["esm/edge.js", "esm/gate.js"], most: 8 },
	"countersign/hono, beside countersign/edge": { files: ["esm/hono.js"], most: 1 },
	"countersign/next, beside countersign/edge": { files: ["esm/next.js"], most: 1 },
	"countersign/express, beside countersign/edge": { files: ["esm/express.js"], most: 2 },
	"countersign/fastify, beside countersign/edge": { files: ["esm/fastify.js"], most: 2 },
	"countersign/node, beside countersign/edge": { files: ["esm/node.js"], most: 2 },
	"countersign/mcp, beside countersign/edge": { files: ["esm/mcp.js"], most: 3 },
	"countersign/react, beside countersign/login": { files: ["esm/react.js"], most: 2 },
	"countersign/login, before anybody logs in": { files: ["esm/login.js", "esm/error.js"], most: 8 },
};

const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`;
const brotli = (bytes) => brotliCompressSync(bytes).length;

/** Prints all sizes. `bound` is the core before wasm-opt, which drops the names. Throws where the budget is exceeded. */
export async function reportSizes(tarball, bound) {
	const listed = (await readdir(pkg, { recursive: true })).filter((name) => /\.(wasm|js|tgz)$/.test(name)).sort();
	const rows = [["file", "raw", "gzip", "brotli"]];
	for (const name of listed) {
		const bytes = await readFile(join(pkg, name));
		const packed = join(pkg, name) === tarball ? ["", ""] : [kib(gzipSync(bytes).length), kib(brotli(bytes))];
		rows.push([name, kib(bytes.length), ...packed]);
	}
	print(rows);
	print([
		["code of countersign.wasm, before wasm-opt", "bytes"],
		...bytesByOwner(await readFile(bound))
			.slice(0, 24)
			.map(([owner, bytes]) => [owner, bytes.toLocaleString("en")]),
	]);
	for (const name of listed.filter((file) => file.endsWith(".wasm"))) {
		const digest = createHash("sha256").update(await readFile(join(pkg, name)));
		console.log(`  ${name} SHA-256 ${digest.digest("hex")}`);
	}
}

/** Fails where a download has outgrown its budget. */
export async function checkBudget() {
	for (const [name, { files, most }] of Object.entries(BUDGET)) {
		let bytes = 0;
		for (const file of files) bytes += brotli(await readFile(join(pkg, file)));
		console.log(`  download of ${name}: ${kib(bytes)} brotli, at most ${most} KiB`);
		if (bytes > most * 1024) {
			throw new BuildError(
				`${name} weighs ${kib(bytes)} in brotli, more than its ${most} KiB`,
				"see by npm run build whose code grew",
			);
		}
	}
}

function print(rows) {
	const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
	for (const row of rows) {
		console.log(`  ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  ")}`);
	}
	console.log();
}
