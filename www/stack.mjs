// Starts the three parts, each in its own process, and stops them. No dependency: runs before npm ci.
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { addresses, HOST } from "./addresses.mjs";

const PARTS = [
	{ name: "oauth server", key: "oauthServer", script: "oauth-server/server.mjs" },
	{ name: "shop api", key: "shopApi", script: "shop-api/serve.mjs" },
	{ name: "storefront", key: "storefront", script: "storefront/serve.mjs" },
];
const START_MS = 60_000;
const STOP_MS = 5_000;

/** Whether nobody listens on this port of this machine. */
export async function isFree(port) {
	const listens = await new Promise((resolve) => {
		const probe = createServer();
		probe.once("error", () => resolve(false));
		probe.listen(port, HOST, () => probe.close(() => resolve(true)));
	});
	if (!listens) return false;
	// `localhost` may mean ::1 first: somebody there would get our visitors.
	return new Promise((resolve) => {
		const probe = connect(port, "::1");
		probe.once("connect", () => resolve(probe.destroy() && false)).once("error", () => resolve(true));
	});
}

const areFree = async ({ ports }) => (await Promise.all(Object.values(ports).map(isFree))).every(Boolean);

/** Throws, naming the port and what to do, unless all three are free. */
export async function requirePorts(at) {
	for (const { name, key } of PARTS) {
		if (await isFree(at.ports[key])) continue;
		let other = at.ports.storefront + 10;
		while (other < 65_500 && !(await areFree(addresses(other)))) other += 10;
		throw new Error(`Port ${at.ports[key]} (${name}) is taken. Use others: PORT=${other} npm start`);
	}
}

export async function listAccounts() {
	return JSON.parse(await readFile(new URL("accounts.json", import.meta.url), "utf8"));
}

/**
 * @param {object} options
 * @param {string} options.node a Node.js of version 22 or newer
 * @param {number} [options.port] the storefront's
 * @param {Record<string, string>} [options.env] more for the processes
 * @param {(line: string) => void} [options.say] receives what the parts write to stderr
 * @returns the addresses, `failed` (rejects when a part dies) and `stop`
 */
export async function startStack({ node, port, env = {}, say = console.error }) {
	const at = addresses(port);
	await requirePorts(at);

	let stopping = false;
	let fail;
	const failed = new Promise((_, reject) => {
		fail = reject;
	});
	failed.catch(() => {}); // awaited by callers that want to know

	const children = PARTS.map(({ name, key, script }) => {
		const child = spawn(node, [fileURLToPath(new URL(script, import.meta.url))], {
			env: { ...process.env, ...env, PORT: String(at.ports.storefront) },
			// The channel carries nothing: when this process dies, it closes and the part stops.
			stdio: ["ignore", "ignore", "pipe", "ipc"],
		});
		let rest = "";
		child.stderr.setEncoding("utf8").on("data", (text) => {
			const lines = (rest + text).split("\n");
			rest = lines.pop();
			for (const line of lines) if (!stopping) say(`[${name}] ${line}`);
		});
		child.done = new Promise((resolve) => child.once("close", resolve).once("error", resolve));
		child.once("error", fail);
		child.once("exit", (code, signal) => {
			if (!stopping) fail(new Error(`The ${name} has stopped (${signal ?? `exit status ${code}`}).`));
		});
		return { name, key, child };
	});

	async function stop() {
		stopping = true;
		for (const { child } of children) if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
		const late = setTimeout(() => {
			for (const { child } of children) child.kill("SIGKILL");
		}, STOP_MS);
		await Promise.all(children.map(({ child }) => child.done));
		clearTimeout(late);
	}

	try {
		await Promise.race([failed, Promise.all(children.map(({ name, key }) => healthy(name, at[key])))]);
	} catch (error) {
		await stop();
		throw error;
	}
	return { ...at, failed, stop, pids: Object.fromEntries(children.map(({ key, child }) => [key, child.pid])) };
}

async function healthy(name, origin) {
	const end = Date.now() + START_MS;
	while (Date.now() < end) {
		const ok = await fetch(`${origin}/health`, { signal: AbortSignal.timeout(2_000) }).then(
			(response) => response.ok,
			() => false,
		);
		if (ok) return;
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
	throw new Error(`The ${name} does not answer at ${origin} after ${START_MS / 1000} seconds.`);
}
