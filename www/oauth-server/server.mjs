// The OAuth server's process: node server.mjs, with PORT being the storefront's (see addresses.mjs).
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { addresses, HOST } from "../addresses.mjs";
import { openAccounts } from "./accounts.mjs";
import { keepEventLog } from "./event-log.mjs";
import { createInteractions } from "./interactions.mjs";
import { homePage } from "./pages.mjs";
import { createProvider } from "./provider.mjs";

const { oauthServer: issuer, shopApi, storefront, ports } = addresses();
const file = (name) => readFile(new URL(name, import.meta.url));
const [accounts, style, signOutScript] = await Promise.all([openAccounts(), file("style.css"), file("sign-out.js")]);

const provider = await createProvider({ issuer, storefront, shopApi, accounts, key: process.env.OAUTH_SERVER_KEY });
const eventsOf = keepEventLog(provider);
const interactions = createInteractions({ provider, accounts, storefront });
const oauth = provider.callback();

const POLICY = [
	"default-src 'none'",
	"style-src 'self'",
	"script-src 'self'",
	"img-src data:",
	// Chromium holds a form's redirects to this as well: login and consent end at the client.
	`form-action 'self' ${storefront}`,
	"frame-ancestors 'none'",
	"base-uri 'none'",
].join("; ");

const FILES = {
	"/style.css": ["text/css; charset=utf-8", style],
	"/sign-out.js": ["text/javascript; charset=utf-8", signOutScript],
	"/health": ["application/json", `${JSON.stringify({ ok: true, pid: process.pid })}\n`],
	"/": ["text/html; charset=utf-8", homePage({ issuer, storefront })],
};

async function answer(request, response) {
	response.setHeader("content-security-policy", POLICY);
	response.setHeader("referrer-policy", "same-origin");
	response.setHeader("x-content-type-options", "nosniff");
	response.setHeader("x-frame-options", "DENY");

	const { pathname, searchParams } = new URL(request.url, issuer);
	if (request.method === "GET" && Object.hasOwn(FILES, pathname)) {
		const [type, body] = FILES[pathname];
		response.writeHead(200, { "content-type": type, "cache-control": "no-cache" }).end(body);
	} else if (request.method === "GET" && pathname === "/demo/events") {
		response.writeHead(200, {
			"content-type": "application/json",
			"cache-control": "no-store",
			"access-control-allow-origin": storefront,
			vary: "Origin",
		});
		response.end(JSON.stringify(eventsOf(searchParams.get("state"))));
	} else if (!(await interactions(request, response, pathname))) {
		await oauth(request, response);
	}
}

const server = createServer((request, response) => {
	answer(request, response).catch((error) => {
		console.error(error);
		if (!response.headersSent) response.writeHead(500, { "content-type": "text/plain" });
		response.end("The OAuth server failed at this request.\n");
	});
});
provider.on("server_error", (_ctx, error) => console.error(error));

server.listen(ports.oauthServer, HOST, () => console.log(`oauth server: ${issuer}`));

function stop() {
	server.close(() => process.exit(0));
	server.closeAllConnections();
}
process.once("SIGINT", stop).once("SIGTERM", stop);
process.once("disconnect", stop); // the starter is gone
