// npm start, as a person runs it: what it prints, and that it leaves nothing behind.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { accounts, areFree, freePorts } from "./harness.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const running = new Set();
after(() => {
	for (const child of running) child.kill("SIGKILL");
});

function start(port, args = []) {
	const child = spawn(process.execPath, ["www/start.mjs", ...args], {
		cwd: root,
		env: { ...process.env, PORT: String(port) },
		stdio: ["ignore", "pipe", "pipe"],
	});
	running.add(child);
	const run = { child, said: "", done: once(child, "close").then(([code]) => code) };
	run.done.then(() => running.delete(child));
	for (const stream of [child.stdout, child.stderr])
		stream.setEncoding("utf8").on("data", (text) => (run.said += text));
	run.until = async (pattern) => {
		while (!pattern.test(run.said)) {
			const ended = await Promise.race([once(child.stdout, "data").then(() => false), run.done.then(() => true)]);
			if (ended && !pattern.test(run.said)) throw new Error(`ended without ${pattern}:\n${run.said}`);
		}
	};
	return run;
}

const portOf = (said, part) => Number(new RegExp(`^${part}: http://localhost:(\\d+)$`, "m").exec(said)?.[1]);

describe("npm start", () => {
	for (const signal of ["SIGINT", "SIGTERM"]) {
		it(`prints where everything is, and at ${signal} stops cleanly and frees its ports`, {
			timeout: 300_000,
		}, async () => {
			const port = await freePorts();
			const run = start(port);
			await run.until(/Ctrl-C stops everything/);
			assert.deepEqual(
				["storefront", "shop api", "oauth server"].map((part) => portOf(run.said, part)),
				[port, port + 1, port + 2],
			);
			for (const { email, password, pin } of accounts)
				assert.ok(run.said.split("\n").includes(`account: ${email} ${password} PIN ${pin}`));
			assert.equal((await fetch(`http://localhost:${port}/`)).status, 200);
			assert.equal((await fetch(`http://localhost:${port + 1}/purchases`)).status, 401);
			assert.equal(
				(await (await fetch(`http://localhost:${port + 2}/.well-known/openid-configuration`)).json()).issuer,
				`http://localhost:${port + 2}`,
			);
			run.child.kill(signal);
			assert.equal(await run.done, 0, run.said);
			assert.ok(await areFree(port), "the ports are free");
		});
	}

	it("names a taken port and the one thing to do, at once", async () => {
		const port = await freePorts();
		const server = createServer().listen(port + 1, "127.0.0.1");
		await once(server, "listening");
		const run = start(port);
		assert.equal(await run.done, 1);
		assert.match(run.said, new RegExp(`Port ${port + 1} \\(shop api\\) is taken\\. Use others: PORT=\\d+ npm start`));
		server.close();
	});

	it("stops the others when a part dies, and says which", { timeout: 300_000 }, async () => {
		const port = await freePorts();
		const run = start(port);
		await run.until(/Ctrl-C stops everything/);
		const { pid } = await (await fetch(`http://localhost:${port + 2}/health`)).json();
		process.kill(pid, "SIGKILL");
		assert.equal(await run.done, 1);
		assert.match(run.said, /The oauth server has stopped \(SIGKILL\)/);
		assert.ok(await areFree(port), "the ports are free");
	});

	it("leaves nothing behind when it is killed outright", { timeout: 300_000 }, async () => {
		const port = await freePorts();
		const run = start(port);
		await run.until(/Ctrl-C stops everything/);
		run.child.kill("SIGKILL");
		await run.done;
		for (let i = 0; i < 100 && !(await areFree(port)); i += 1) await new Promise((resolve) => setTimeout(resolve, 100));
		assert.ok(await areFree(port), "the ports are free");
	});

	it("--help tells how, and does nothing", async () => {
		const run = start(1, ["--help"]);
		assert.equal(await run.done, 0);
		assert.match(run.said, /PORT=\d+ npm start/);
	});

	it("refuses a PORT that is none", async () => {
		const run = start("http");
		assert.equal(await run.done, 1);
		assert.match(run.said, /PORT must be a whole number/);
	});
});
