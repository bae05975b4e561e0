// The recipes of docs/frameworks: their blocks of code, and the issuer that they name, for other processes too.

import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createTestIssuer } from "countersign/testing";
import * as esbuild from "esbuild";
import { inRoot } from "../../pkg-template/scripts/paths.mjs";
import { modernNode } from "../../pkg-template/scripts/setup.mjs";
import { freePort } from "../free-port.mjs";
import { folder as here } from "./install.mjs";

/** The issuer that the recipes name, and its tokens. */
export const issuer = await createTestIssuer({
	issuer: "https://auth.example.com",
	audience: "https://api.shop.example.com",
	now: () => Math.floor(Date.now() / 1000),
	lifetime: 3600,
});
export const good = await issuer.mint({ scope: "purchases:read" });
export const poor = await issuer.mint({ scope: "profile" });

/** Answers for the issuer in place of the network. */
const WORLD = `
const documents = ${JSON.stringify({
	[`${issuer.issuer}/.well-known/oauth-authorization-server`]: issuer.metadata,
	[`${issuer.issuer}/.well-known/openid-configuration`]: issuer.metadata,
	[issuer.metadata.jwks_uri]: issuer.jwks,
})};
globalThis.fetch = async (input) => {
	const document = documents[String(input?.url ?? input)];
	return document ? Response.json(document) : new Response("", { status: 404 });
};
`;

/** The blocks of JavaScript of a page in docs/. */
export async function blocks(...path) {
	const text = await readFile(inRoot("docs", ...path), "utf8");
	return [...text.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, code]) => code);
}

/** The pages, with their blocks of JavaScript. */
export async function pages() {
	const found = {};
	for (const file of await readdir(inRoot("docs", "frameworks"))) {
		if (file === "README.md") continue;
		found[file.replace(/\.md$/, "")] = await blocks("frameworks", file);
	}
	return found;
}

/**
 * A folder where recipes become modules and find the frameworks; it is removed when the test `t` ends. `inside` this one, for
 * tools that follow no link to packages elsewhere.
 */
export async function workplace(t, files, { inside = false } = {}) {
	const folder = await mkdtemp(join(inside ? here : tmpdir(), "countersign-recipe-"));
	t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
	if (!inside) await symlink(join(here, "node_modules"), join(folder, "node_modules"), "junction");
	const all = { "package.json": '{"type":"module","private":true}', "world.mjs": WORLD, ...files };
	for (const [name, content] of Object.entries(all)) {
		await mkdir(dirname(join(folder, name)), { recursive: true });
		await writeFile(join(folder, name), content);
	}
	return folder;
}

/** Whether somebody listens at a port. */
function accepts(port) {
	return new Promise((resolve) => {
		const socket = connect(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
		socket.on("connect", () => socket.destroy());
	});
}

/** Milliseconds for a server to start. */
const PATIENCE = 60_000;

/** Starts a server that listens at PORT; resolves to its origin once it listens. It ends with the test `t`. */
export async function started(t, command, args, cwd, env = {}) {
	const port = await freePort();
	const child = spawn(command, args, { cwd, env: { ...process.env, PORT: String(port), ...env }, detached: true });
	let said = "";
	for (const stream of [child.stdout, child.stderr]) {
		stream.on("data", (part) => {
			said = (said + part).slice(-3000);
		});
	}
	let ended = false;
	const end = new Promise((resolve) => {
		child.once("error", resolve);
		child.once("close", resolve);
	}).then(() => {
		ended = true;
	});
	t.after(async () => {
		// With what it has started itself, which is in its group.
		if (!ended) process.kill(-child.pid, "SIGKILL");
		await end;
	});
	const origin = `http://127.0.0.1:${port}`;
	const until = performance.now() + PATIENCE;
	while (performance.now() < until && !ended) {
		if (await accepts(port)) return origin;
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
	throw new Error(`${command} ${args.join(" ")} does not answer\n${said}`);
}

/** Starts the worker that `entry.mjs` of a folder is, bundled as for Workers, in real workerd. */
export async function startedWorker(t, folder) {
	const outfile = join(folder, "dist", "worker.mjs");
	await esbuild.build({
		entryPoints: [join(folder, "entry.mjs")],
		outfile,
		bundle: true,
		format: "esm",
		conditions: ["workerd", "worker", "browser"],
		external: ["node:*"],
		loader: { ".wasm": "copy" },
		assetNames: "[name]",
		logLevel: "error",
	});
	const serve = fileURLToPath(new URL("./workerd.mjs", import.meta.url));
	return started(t, modernNode(), [serve, outfile], folder);
}
