import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestIssuer } from "../testing/types.js";
import { type Flags, parse } from "./arguments.js";
import { ISSUER_FLAGS, issuerOf } from "./issuer-flags.js";
import { answerTo } from "./issuer-http.js";
import { pasteable } from "./issuer-lines.js";
import { shown } from "./terminal.js";
import { UsageError } from "./usage-error.js";

const FLAGS: Flags = { ...ISSUER_FLAGS, port: { type: "string" }, host: { type: "string" } };

/** An issuer for development, until it is interrupted. */
export async function issuer(args: string[]): Promise<number> {
	const { values, positionals } = parse(args, FLAGS);
	if (positionals.length > 0) throw new UsageError("issuer takes flags only");
	const host = (values.host as string | undefined) ?? "127.0.0.1";
	let made: TestIssuer | undefined;
	const server = createServer((request, response) => {
		if (made) answerTo(made, request, response).catch(() => response.destroy());
		else response.writeHead(503).end();
	});
	const port = await listen(server, portOf(values.port as string | undefined), host);
	try {
		const address = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
		// Whatever the provider's own addresses are: these ones are served.
		const metadata = { jwks_uri: `${address}/jwks` };
		made = await issuerOf(values, { issuer: address, metadata, now: () => Date.now() / 1000 });
	} catch (error) {
		server.close();
		throw error;
	}
	// Before it says that it runs: whoever reads that may end it at once.
	const ended = new Promise<void>((resolve) => {
		for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => resolve());
	});
	console.log(pasteable(made, values.provider as string | undefined));
	await ended;
	server.close();
	server.closeAllConnections();
	return 0;
}

function portOf(given = "8788"): number {
	const port = Number(given);
	if (given.trim() !== "" && Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
	throw new UsageError(`--port: expected a number from 0 (any that is free) to 65535, found ${shown(given)}`);
}

function listen(server: Server, port: number, host: string): Promise<number> {
	return new Promise((resolve, reject) => {
		server.once("error", (error: NodeJS.ErrnoException) => {
			const inUse = error.code === "EADDRINUSE";
			const why = inUse ? "something else listens there; give another --port, or 0 for any that is free" : error.code;
			reject(new UsageError(`cannot listen on port ${port}: ${why}`));
		});
		server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
	});
}
