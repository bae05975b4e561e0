#!/usr/bin/env node
// npm start: sets up what is missing, builds, and runs storefront, shop API and OAuth server until Ctrl-C.
import { build } from "../pkg-template/scripts/build.mjs";
import { step } from "../pkg-template/scripts/cli.mjs";
import { modernNode, setup } from "../pkg-template/scripts/setup.mjs";
import { addresses } from "./addresses.mjs";
import { buildWww } from "./build.mjs";
import { listAccounts, requirePorts, startStack } from "./stack.mjs";

const HELP = `npm start

Builds Countersign and runs the demo on this machine:
  storefront     http://localhost:PORT      the shop, an OAuth client in your browser
  shop api       http://localhost:PORT+1    a worker that validates access tokens
  oauth server   http://localhost:PORT+2    signs users in and issues tokens

PORT=4200 npm start   moves all three; the default is 4100
Ctrl-C                stops all three
`;

const say = (line) => console.log(line);

async function main() {
	const at = addresses();
	await requirePorts(at); // before minutes of building

	await setup({ browser: false });
	await build();
	await buildWww();
	// That the OAuth server keeps everything in memory is meant so.
	const sayRest = (line) => line.includes("in-memory adapter") || say(line);
	const stack = await step("starting the three parts", () =>
		startStack({ node: modernNode(), port: at.ports.storefront, say: sayRest }),
	);
	const stopped = new Promise((resolve) => {
		process.once("SIGINT", resolve).once("SIGTERM", resolve);
	});

	say("");
	say(`storefront: ${stack.storefront}`);
	say(`shop api: ${stack.shopApi}`);
	say(`oauth server: ${stack.oauthServer}`);
	for (const { email, password, pin } of await listAccounts()) say(`account: ${email} ${password} PIN ${pin}`);
	say(
		"\nOpen the storefront and choose My purchases; the PIN is for the details of an order. Ctrl-C stops everything.",
	);

	try {
		await Promise.race([stopped, stack.failed]);
	} finally {
		await stack.stop();
	}
	say("\nStopped.");
}

if (process.argv.includes("--help") || process.argv.includes("-h")) {
	process.stdout.write(HELP);
} else {
	main().then(
		() => process.exit(0),
		(error) => {
			console.error(`\n${error.message}`);
			process.exit(1);
		},
	);
}
