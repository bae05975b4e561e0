// The storefront's process: the production build, each address of the page answered with index.html.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import sirv from "sirv";
import { API_SCOPE, addresses, CLIENT_ID, HOST } from "../addresses.mjs";

const { oauthServer, shopApi, storefront, ports } = addresses();
const dist = fileURLToPath(new URL("dist/", import.meta.url));

const config = JSON.stringify({
	issuer: oauthServer,
	shopApi,
	clientId: CLIENT_ID,
	scope: `openid profile email ${API_SCOPE}`,
});
const template = await readFile(`${dist}index.html`, "utf8");
const page = template.replace(/(<script [^>]*id="config">)\{\}/, (_, tag) => tag + config.replaceAll("<", "\\u003c"));
if (page === template) throw new Error("index.html has no place for the configuration");

const POLICY = [
	"default-src 'none'",
	"script-src 'self' 'wasm-unsafe-eval'", // countersign compiles its wasm in the page
	"style-src 'self'",
	"img-src 'self' data:",
	`connect-src ${oauthServer} ${shopApi}`,
	"form-action 'none'",
	"frame-ancestors 'none'",
	"base-uri 'none'",
].join("; ");

const assets = sirv(dist, { immutable: true, maxAge: 31_536_000, etag: true });
const PAGES = new Set(["/", "/callback"]);

const server = createServer((request, response) => {
	const { pathname } = new URL(request.url, storefront);
	response.setHeader("x-content-type-options", "nosniff");
	if (pathname.startsWith("/assets/")) {
		assets(request, response, () => response.writeHead(404).end());
		return;
	}
	if (pathname === "/health") {
		response.writeHead(200, { "content-type": "application/json" }).end('{"ok":true}\n');
		return;
	}
	response.writeHead(PAGES.has(pathname) ? 200 : 404, {
		"content-type": "text/html; charset=utf-8",
		"cache-control": "no-store",
		"content-security-policy": POLICY,
		"referrer-policy": "no-referrer", // the callback's address carries the code
	});
	response.end(page);
});

server.listen(ports.storefront, HOST, () => console.log(`storefront: ${storefront}`));

function stop() {
	server.close(() => process.exit(0));
	server.closeAllConnections();
}
process.once("SIGINT", stop).once("SIGTERM", stop);
process.once("disconnect", stop); // the starter is gone
