// What a visitor of a page with a login downloads before logging in: the network log of Chromium for a page that makes
// a login, looks for an answer in its address and for a session, and finds neither.

import { join } from "node:path";
import { note } from "../../../pkg-template/scripts/cli.mjs";
import { bundlePage, html, inFreshBrowser, serve } from "../pages.mjs";

export const title =
	"visitor: what a page with countersign/login downloads before anybody is logged in (bytes, by brotli)";
/** That it runs in. */
export const runtime = "chromium";

const app = `
	import { createLogin } from "countersign/login";
	const address = location.origin + "/";
	const login = createLogin({ issuer: "https://auth.example.com", clientId: "storefront", redirectUri: address });
	const finished = await login.finish();
	const session = finished?.session ?? (await login.restore());
	globalThis.visited = { session };`;

/**
 * Measures a build that is installed as `build` in node_modules of `folder`, to which it writes. Resolves to
 * { bytes, files, others, version }: `files` are all scripts and wasm that the page loaded, { path, bytes } each, as
 * they crossed the network, without headers; `bytes` is their sum; `others` are the addresses of all further requests
 * besides the page itself. Of an anonymous visitor nobody should be asked anything, so it should be empty.
 */
export async function anonymousVisit(folder, build = "countersign") {
	const target = join(folder, `visitor ${build}`);
	await bundlePage(folder, target, { name: "app", contents: app, build });
	const server = await serve(target, { "index.html": html("/app.js") });
	try {
		return await inFreshBrowser(async (page, browser) => {
			const log = await networkLog(page);
			await page.goto(`${server.url}/`);
			const { session } = await (await page.waitForFunction(() => globalThis.visited)).jsonValue();
			if (session !== null) throw new Error("an anonymous visitor has a session");
			await page.waitForLoadState("networkidle");
			return { ...sorted(log, server.url), version: browser.version() };
		});
	} finally {
		server.close();
	}
}

/** Chromium's own log, as it grows: by request, { url, type, encoding, bytes }. */
async function networkLog(page) {
	const session = await page.context().newCDPSession(page);
	const log = new Map();
	const at = ({ requestId }) => log.get(requestId) ?? {};
	session.on("Network.requestWillBeSent", (event) => {
		log.set(event.requestId, { url: event.request.url, type: event.type, bytes: 0 });
	});
	session.on("Network.responseReceived", (event) => {
		at(event).encoding = event.response.headers["content-encoding"];
		at(event).headers = event.response.encodedDataLength;
	});
	session.on("Network.loadingFinished", (event) => {
		// All that came, of which the headers were there when the response began.
		at(event).bytes = event.encodedDataLength - (at(event).headers ?? 0);
	});
	await session.send("Network.enable");
	return log;
}

function sorted(log, origin) {
	const all = [...log.values()].filter(({ url, type }) => type !== "Document" && !url.startsWith("data:"));
	const isCode = ({ url }) => url.startsWith(`${origin}/`) && /\.(js|wasm)$/.test(url);
	const files = all.filter(isCode).map(({ url, bytes, encoding }) => {
		if (encoding !== "br") throw new Error(`${url} came without brotli`);
		return { path: url.slice(origin.length), bytes };
	});
	return {
		bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
		files,
		others: all.filter((one) => !isCode(one)).map(({ url }) => url),
	};
}

export async function drive(folder, { against }) {
	const rows = [];
	let where;
	for (const build of ["countersign", ...(against ? ["countersign-before"] : [])]) {
		note(build);
		const { version, others, ...found } = await anonymousVisit(folder, build);
		where = `Chromium ${version}`;
		const name = build.replace("-", ", ");
		rows.push({ name, ...found, others, note: others.length > 0 ? `also asks ${others.join(", ")}` : undefined });
	}
	return { where, rows };
}

export const columns = ["", "files", "bytes", "KiB"];
export const row = ({ name, files, bytes }, { bytes: told }) => [
	name,
	String(files.length),
	told(bytes),
	(bytes / 1024).toFixed(1),
];
