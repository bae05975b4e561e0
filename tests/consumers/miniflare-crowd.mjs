// Run by a Node.js that miniflare accepts: many requests at once to one worker, whose keys come slowly from an
// issuer played here. The first request of all is given up while it waits for them. Prints what came of it.

import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Miniflare, Response } from "miniflare";

const [worker, keys] = process.argv.slice(2);
const SLOWLY = 500;
let asked = 0;
const miniflare = new Miniflare({
	modulesRoot: dirname(worker),
	modules: true,
	modulesRules: [{ type: "CompiledWasm", include: ["**/*.wasm"] }],
	scriptPath: worker,
	compatibilityDate: "2026-01-01",
	async outboundService(request) {
		asked++;
		await pause(SLOWLY);
		return new Response(request.url.endsWith("/jwks") ? keys : "", {
			status: request.url.endsWith("/jwks") ? 200 : 404,
		});
	},
});
try {
	const ask = async (policy) => (await miniflare.dispatchFetch(`http://worker/${policy}`)).json();
	const crowd = async (policy) => {
		const before = asked;
		const began = performance.now();
		const told = await Promise.all(Array.from({ length: 20 }, () => ask(policy)));
		return { told: [...new Set(told)], asked: asked - before, milliseconds: performance.now() - began };
	};
	const together = await crowd("together");

	const address = await miniflare.ready;
	const leaving = new AbortController();
	const left = fetch(new URL("abandoned", address), { signal: leaving.signal }).catch((error) => error.name);
	await pause(SLOWLY / 5);
	leaving.abort();
	await left;
	const abandoned = await crowd("abandoned");
	console.log(JSON.stringify({ together, abandoned }));
} finally {
	await miniflare.dispose();
}
