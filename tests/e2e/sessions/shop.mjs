// A page that does what README says, in as many tabs as a story wants, with its clock in the story's hands.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { serve } from "../way-kit.mjs";
import { Polled } from "./polled.mjs";

/** The shop, for `esm` of the unpacked package. */
export async function startShop(files, op, options) {
	const polled = new Polled();
	const page =
		() => `<!doctype html><meta charset="utf-8"><title>…</title><link rel="icon" href="data:,"><body>shop<script type="module">
		${polled.script}
		import { createLogin } from "/lib/login.js";
		globalThis.skew = ${op.state.skew};
		globalThis.heard = [];
		globalThis.fails = "";
		const login = createLogin({
			issuer: ${JSON.stringify(op.origin)},
			clientId: "shop",
			redirectUri: location.origin + "/cb",
			origins: [${JSON.stringify(op.origin)}],
			now: () => Date.now() / 1000 + skew,
			...${JSON.stringify(options)},
		});
		globalThis.login = login;
		login.onChange((session) => heard.push(session?.claims.sub ?? null));
		/** One use of the API: who the page says is there, and who the API. */
		globalThis.call = async () => {
			let api;
			try {
				const response = await login.fetch(${JSON.stringify(`${op.origin}/api`)});
				api = response.ok ? (await response.json()).subject : response.status;
			} catch (error) {
				api = error.code ?? String(error);
			}
			return { page: login.session?.claims.sub ?? null, api };
		};
		globalThis.settled = (async () => {
			try {
				const back = await login.finish();
				if (back) history.replaceState(null, "", back.returnTo);
				await login.restore();
			} catch (error) {
				fails = error.code ?? String(error);
			}
			return { page: login.session?.claims.sub ?? null, fails };
		})();
		settled.then(({ page }) => { document.title = page ?? "nobody"; });
		ready();
	</script>`;
	const { origin, close } = await serve(async (url, body, request) => {
		if (url.pathname.startsWith("/lib/")) {
			const text = await readFile(join(files, url.pathname.slice(5)));
			return [200, text, { "content-type": "text/javascript", "cache-control": "max-age=600" }];
		}
		if (url.pathname === "/blank") return [200, polled.blank(), { "content-type": "text/html" }];
		return (await polled.answer(url, body, request)) ?? [200, page(), { "content-type": "text/html" }];
	});
	return { origin, close, polled };
}
