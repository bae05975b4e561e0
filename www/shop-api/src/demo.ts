// DEMO ONLY: lets the storefront's diagram show how this worker came to its verdict. The shop API is worker.ts.
// An API does not explain itself to the sender of a token: deploy worker.ts, without this file.
import type { Explanation } from "countersign";
import { TokenError } from "countersign/edge";
import { createShopApi, type Env } from "./worker.js";

export { DpopReplay } from "./worker.js";

interface DemoEnv extends Env {
	WASM_SHA256: string; // of the wasm bytes that workerd was given, see serve.mjs
}

const explanations = new WeakMap<object, Explanation>();
const shopApi = createShopApi((verdict, request) => {
	if (!(verdict instanceof TokenError)) explanations.set(request, verdict);
});

export default {
	async fetch(request, env, ctx) {
		if (new URL(request.url).pathname === "/demo/wasm") {
			return Response.json({ sha256: env.WASM_SHA256 }, { headers: { "access-control-allow-origin": env.STOREFRONT } });
		}
		const response = await shopApi.fetch(request, env, ctx);
		const explanation = explanations.get(request);
		if (request.headers.get("x-demo-explain") !== "1" || !explanation) return response;
		return Response.json({ ...(await response.json<object>()), demo: { explanation } }, response);
	},
} satisfies ExportedHandler<DemoEnv>;
