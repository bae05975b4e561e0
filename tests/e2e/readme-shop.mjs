// A shop whose page is README's block "Log in from a single-page app", word for word but for names and addresses.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { inRoot } from "../../pkg-template/scripts/paths.mjs";
import { openPackage } from "./sessions/play.mjs";
import { serve } from "./way-kit.mjs";

/** What the block calls things, which differs from shop to shop. */
const NAMES = {
	issuer: "https://auth.example.com",
	redirectUri: "https://shop.example.com/",
	clientId: "storefront",
	scope: "openid profile purchases:read",
	api: "https://api.shop.example.com",
};

const PAGE = `<!doctype html><meta charset="utf-8"><title>…</title><link rel="icon" href="data:,"><button>My purchases</button>
	<script type="importmap">{"imports":{"countersign/login":"/lib/login.js"}}</script>
	<script type="module">
		import { purchases, resumed } from "/shop.js";
		document.querySelector("button").onclick = purchases;
		await resumed;
		document.title = login.session?.claims.sub ?? "nobody";
	</script>`;

async function readmeBlock(names, options) {
	const text = await readFile(inRoot("README.md"), "utf8");
	let block = /^## Log in from a single-page app\n[\s\S]*?^```js\n([\s\S]*?)^```$/m.exec(text)?.[1] ?? "";
	for (const [name, value] of Object.entries(names)) {
		if (!block.includes(`"${NAMES[name]}`)) throw new Error(`README's block has no ${NAMES[name]}`);
		block = block.replaceAll(`"${NAMES[name]}`, `"${value}`);
	}
	const more = Object.entries(options).map(([name, value]) => `\n  ${name}: ${JSON.stringify(value)},`);
	return block.replace("createLogin({", `$&${more.join("")}`);
}

/**
 * Serves the page at every address; its answers come to /callback. `moves`: the host adds a slash there. `options` are more
 * of `createLogin`; `files` the package's, where they are unpacked already.
 */
export async function startReadmeShop(names, { page = PAGE, options = {}, files } = {}) {
	const unpacked = files ? { files, close: () => {} } : await openPackage();
	const state = { moves: false, names, options };
	const javascript = (text, more) => [200, text, { "content-type": "text/javascript", ...more }];
	const { origin, close } = await serve(async ({ pathname, search }) => {
		if (pathname.startsWith("/lib/")) {
			return javascript(await readFile(join(unpacked.files, pathname.slice(5))), { "cache-control": "max-age=600" });
		}
		if (pathname === "/shop.js") {
			const block = await readmeBlock({ ...state.names, redirectUri: `${origin}/callback` }, state.options);
			return javascript(`${block}\nglobalThis.login = login;\n`);
		}
		if (state.moves && pathname === "/callback") return [301, "", { location: `/callback/${search}` }];
		return [200, page, { "content-type": "text/html" }];
	});
	return {
		origin,
		state,
		close: async () => {
			await close();
			await unpacked.close();
		},
	};
}
